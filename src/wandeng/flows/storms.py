"""A storm across domains: events of supply taken in by programs, what incidents tell, and protected users who are off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from wandeng.domains.cases.types import Charter
from wandeng.domains.collections.queries import cases as collections
from wandeng.domains.emergency.actions import estimates, faults
from wandeng.domains.emergency.queries import generators
from wandeng.domains.emergency.types import EstimateSource, Need, SupplyTold, Told
from wandeng.flows.imports import supply_events
from wandeng.infra import events, jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.imports import merging
from wandeng.infra.imports.spec import LoadContext
from wandeng.infra.scope import Scope, require_role
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

MOST = 50_000
NAMED = 100
TELLING = ("DISPATCHER",)
BY_EVENTS = "storms.by_events"
"""Job kind, each minute: areas of confirmed faults have supply again since their meters say so, whichever way the events came."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class SupplyGiven:
    """An event as a head-end tells it: ``device`` is the meter's asset number, or the code of the transformer or switch."""

    event_id: str
    told_by: Told
    device: str
    is_off: bool
    occurred_at: datetime


def take_in(*, source: str, events_: Sequence[SupplyGiven], actor: Actor, at: datetime, charter: Charter) -> SupplyTold:
    """Take a batch of events in, and give supply back to areas of confirmed faults that they tell of. The same batch again changes
    nothing. Raises :class:`InvalidInput` for more than :data:`MOST` at once."""
    require_role(actor, *TELLING)
    if not source.strip() or len(source) > 32 or len(events_) > MOST:
        raise InvalidInput(f"a batch names its source and has {MOST} events at most")
    if any(one.occurred_at.utcoffset() is None or not 0 < len(one.event_id) <= 64 for one in events_):
        raise InvalidInput("an event has an id and a time with a zone")
    rows = pl.DataFrame(
        [
            (line, source.strip(), one.event_id, one.told_by.value, one.device, "OFF" if one.is_off else "ON", one.occurred_at)
            for line, one in enumerate(events_, start=1)
        ],
        {
            "line": pl.Int64, "source": pl.String, "event_id": pl.String, "told_by": pl.String, "device": pl.String,
            "what": pl.String, "occurred_at": pl.Datetime("us", "UTC"),
        },
        orient="row",
    )  # fmt: skip
    with ColumnStore() as store, store.transaction():
        context = LoadContext(actor=actor, at=at, unit_path=Scope.of(actor).prefix)
        landing = supply_events.load(store, rows, context)
    outcomes = landing.outcomes["outcome"].to_list()
    unknown = rows.join(landing.findings.select("line").unique(), on="line", how="semi")["device"].unique(
        maintain_order=True
    )
    faults.restore_by_events(at=at, charter=charter)
    return SupplyTold(
        outcomes.count(merging.CREATED), outcomes.count(merging.UNCHANGED), tuple(unknown.to_list()[:NAMED])
    )


def needs(scope: Scope, *, now: datetime, library: RuleLibrary, with_nearest: bool = True) -> tuple[Need, ...]:
    """Protected and important users who are off, who needs a generator first; ``with_nearest``: and which are near."""
    protected = collections.protected_accounts(now.astimezone(BILLING_ZONE).date())
    return generators.needs(scope, protected=protected, now=now, library=library, with_nearest=with_nearest)


def keep_estimate(body: events.Body, now: datetime) -> None:
    """Somebody said when supply is expected back: kept with its source."""
    estimates.keep(
        incident=body["number"], expected_at=datetime.fromisoformat(body["expected_at"]),
        source=EstimateSource.CREW if body["at_place"] else EstimateSource.DISPATCHER, note=body["reason"],
        said_at=datetime.fromisoformat(body["said_at"]), said_by=body["said_by"],
    )  # fmt: skip


def end_interruption(body: events.Body, now: datetime) -> None:
    """An incident is restored: so is everybody who is still off under it."""
    faults.restore_ended(incident=body["number"], on_at=datetime.fromisoformat(body["restored_at"]), at=now)


def by_events(*, at: datetime, charter: Charter) -> jobs.Payload:
    """Work what was taken in since the last minute, by a file, the API or a head-end: one transaction, and once more changes
    nothing, so a worker that was killed in the middle is made good by the next. Probable devices need no such work: they are
    judged anew at each look."""
    return {"areas_back": faults.restore_by_events(at=at, charter=charter)}


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""
    return {BY_EVENTS: lambda _payload, _held: by_events(at=clock(), charter=Charter.current())}
