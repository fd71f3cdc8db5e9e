"""What must hold of outage plans, recomputed from the network, what was told and what is recorded: a nightly job runs these and
shows what it finds."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pyarrow as pa
from django.db.models import Count, F, Q

from wandeng.calc.outage_telling import EXPECTING
from wandeng.domains.network import queries as network
from wandeng.domains.outages import rules
from wandeng.domains.outages.actions.telling import facts_of
from wandeng.domains.outages.models import OutageTelling, PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.types.plans import IsolationKind, OutageFault
from wandeng.domains.reliability import queries as reliability
from wandeng.domains.switching import queries as switching
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

AHEAD = ("SUBMITTED", "APPROVED", "PUBLISHED")
"""Plans whose areas are still to be switched off: who is asked, and who was told, must be who will be off."""
TOLD = ("PUBLISHED", "RUNNING")
_TOLD = (
    "SELECT o.number, g.id AS telling, g.kind, t.account_id AS account FROM outages_plannedoutage o "
    "JOIN outages_outagetelling g ON g.outage_id = o.id JOIN outages_outagetold t ON t.telling_id = g.id "
    "WHERE o.state IN ('PUBLISHED', 'RUNNING')"
)
_TOLD_SCHEMA = pa.schema(
    [("number", pa.string()), ("telling", pa.int64()), ("kind", pa.string()), ("account", pa.int64())]
)


def all_faults(store: ColumnStore) -> list[OutageFault]:
    """``STANDING`` (not exactly one version stands, or the plan names another), ``AREAS_DIFFER`` (a plan ahead has other areas than
    its isolation points leave without supply on the normal state), ``COUNTS_DIFFER`` (a telling says another number than it told),
    ``TOLD_OUT_OF_TURN`` (announced twice, or corrected, called off or told of the end without expecting it), ``NOT_AS_TOLD`` (what
    stands is another time or place than its telling said), ``NOT_RECORDED`` (runs, and no interruption is written)."""
    found = [
        *(OutageFault(number, "STANDING") for number in _not_standing()),
        *(OutageFault(number, "AREAS_DIFFER") for number in _other_areas()),
        *(OutageFault(number, "COUNTS_DIFFER") for number in _other_counts()),
        *(OutageFault(number, "TOLD_OUT_OF_TURN") for number in _out_of_turn(store)),
        *(OutageFault(number, "NOT_AS_TOLD") for number in _not_as_told()),
        *(OutageFault(number, "NOT_RECORDED") for number in _not_recorded()),
    ]
    return sorted(set(found), key=lambda one: (one.number, one.fault))


def _not_standing() -> Iterator[str]:
    standing = Count("versions", filter=Q(versions__state="STANDS"))
    named = Count("versions", filter=Q(versions__state="STANDS", versions__version=F("version")))
    rows = PlannedOutage.objects.annotate(standing=standing, named=named).exclude(standing=1, named=1)
    yield from rows.order_by("number").values_list("number", flat=True)


def _other_areas() -> Iterator[str]:
    rows = PlannedOutageVersion.objects.filter(outage__state__in=AHEAD, state__in=("STANDS", "PROPOSED"))
    for one in rows.select_related("outage").order_by("pk"):
        areas = set(one.outage_areas.values_list("transformer_id", flat=True))
        if one.areas != len(areas) or areas != _traced(one):
            yield one.outage.number


def _traced(version: PlannedOutageVersion) -> set[int]:
    if version.live_line == "CHOSEN":
        return set()
    points = list(version.isolation.values_list("kind", "switch_id", "transformer_id"))
    try:
        found = network.isolate(
            opened=[switch for kind, switch, _out in points if kind == IsolationKind.OPEN and switch is not None],
            closed=[switch for kind, switch, _out in points if kind == IsolationKind.CLOSE and switch is not None],
            out=[out for _kind, _switch, out in points if out is not None],
            on=rules.local_day(version.starts_at),
        )
    except NotFound:
        return set()
    return set(found.dead)


def _other_counts() -> Iterator[str]:
    rows = OutageTelling.objects.filter(outage__state__in=TOLD).annotate(written=Count("told"))
    yield from rows.exclude(written=F("accounts")).values_list("outage__number", flat=True)


def _out_of_turn(store: ColumnStore) -> Iterator[str]:
    told = pl.DataFrame(store.read(_TOLD, schema=_TOLD_SCHEMA)).sort("number", "account", "telling")
    expecting = pl.col("kind").is_in([str(one) for one in EXPECTING])
    before = expecting.shift(1).over("number", "account").fill_null(False)
    wrong = told.filter(before == (pl.col("kind") == "ANNOUNCEMENT"))
    yield from wrong["number"].unique(maintain_order=True)


def _not_as_told() -> Iterator[str]:
    """A version whose telling says other facts than it: it was edited. One that waits to be told is no fault."""
    tellings = OutageTelling.objects.filter(
        outage__state__in=TOLD, kind__in=[str(one) for one in EXPECTING], version=F("outage__version")
    )
    for one in tellings.select_related("outage").order_by("pk"):
        standing = one.outage.versions.filter(version=one.version).first()
        if standing is not None and facts_of(standing) != one.facts:
            yield one.outage.number


def _not_recorded() -> Iterator[str]:
    """A plan that a switching sheet runs is off once a step switches somebody off."""
    rows = PlannedOutageVersion.objects.filter(state="STANDS", outage__state="RUNNING", areas__gt=0)
    numbers = list(rows.exclude(live_line="CHOSEN").order_by("outage__number").values_list("outage__number", flat=True))
    known = reliability.interruptions_rows(Scope.everywhere()).filter(number__in=numbers)
    recorded = set(known.values_list("number", flat=True))
    yield from (number for number in numbers if number not in recorded and not switching.living_of(number))
