"""Participants as a proposal looks at them: what they bore this year, who protects them, what else takes them, what goes dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from wandeng.calc.rationing import PARTICIPANTS
from wandeng.domains.network import queries as network
from wandeng.domains.rationing import rules
from wandeng.domains.rationing.frames import affected
from wandeng.domains.rationing.models import RationingParticipant, RationingScheme, RationingShare
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.topics.rationing import Rationing
from wandeng.kernel.periods import BILLING_ZONE

OPEN = ("DRAFT", "APPROVED", "PUBLISHED", "RUNNING")


@dataclass(frozen=True, slots=True)
class Standing:
    """``rows`` are ``calc.rationing.PARTICIPANTS``; ``areas`` the transformers by participant."""

    rows: pl.DataFrame
    areas: dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Burden:
    """What a participant bore in a year, over all versions of its unit's schemes."""

    times: int
    seconds: int
    equivalent_s: int

    def counted(self, rule: Rationing) -> int:
        """Seconds as fairness counts them."""
        return self.equivalent_s if rule.fairness.by == "EQUIVALENT" else self.seconds


NOTHING = Burden(0, 0, 0)


def burdens(unit_id: int, year: int) -> dict[str, Burden]:
    """What the participants of a unit's schemes bore in the calendar year their rationing began in, by code."""
    rows = RationingShare.objects.filter(
        order__scheme__unit_id=unit_id, on_at__isnull=False, off_at__gte=_new_year(year), off_at__lt=_new_year(year + 1)
    )
    found: dict[str, list[int]] = {}
    for code, off_at, on_at, equivalent in rows.values_list("participant__code", "off_at", "on_at", "equivalent_s"):
        assert off_at is not None
        assert on_at is not None
        told = found.setdefault(code, [0, 0, 0])
        told[0] += 1
        told[1] += int((on_at - off_at).total_seconds())
        told[2] += equivalent
    return {code: Burden(*told) for code, told in found.items()}


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=BILLING_ZONE)


def standing(
    store: ColumnStore, scheme: RationingScheme, *, starts_at: datetime, ends_at: datetime, rule: Rationing,
    protected: Mapping[int, str], besides: int | None = None,
) -> Standing:  # fmt: skip
    """Every participant of a scheme before an order of this window; ``protected`` are kinds of protection by account id,
    ``besides`` the order itself."""
    on = rules.local_day(starts_at)
    people = list(scheme.participants.select_related("account").order_by("code"))
    areas = traced(people, on)
    shields = shielded(store, people, areas, on=on, rule=rule, protected=protected)
    borne = burdens(scheme.unit_id, on.year)
    busy = _busy([one.code for one in people], starts_at, ends_at, besides)
    told = [
        (
            one.pk, one.code, one.measure, one.sequence, one.shed_kw, borne.get(one.code, NOTHING).counted(rule),
            shields.get(one.pk, ""), busy.get(one.code, ""), list(areas.get(one.pk, ())),
        )
        for one in people
    ]  # fmt: skip
    return Standing(pl.DataFrame(told, PARTICIPANTS, orient="row"), areas)


def traced(people: Sequence[RationingParticipant], on: date) -> dict[int, tuple[int, ...]]:
    """The transformers that go dark with each participant that is a line, on the normal state."""
    return {
        one.pk: network.isolate(opened=[one.switch_id], closed=(), out=(), on=on).dead
        for one in people
        if one.switch_id is not None
    }


def shielded(
    store: ColumnStore, people: Sequence[RationingParticipant], areas: Mapping[int, tuple[int, ...]], *, on: date,
    rule: Rationing, protected: Mapping[int, str],
) -> dict[int, str]:  # fmt: skip
    """Why participants may not be taken, by id: the importance or protection of an account, or of anybody on a line, also where
    another supply of theirs stays on."""
    guarded = set(rule.protected.importance)
    rows = affected.behind(store, {one for dark in areas.values() for one in dark}, on=on)
    by_area: dict[int, str] = {}
    for area, account, importance in rows.select("transformer_id", "account_id", "importance").iter_rows():
        why = protected.get(account) or (importance if importance in guarded else "")
        if why:
            by_area.setdefault(area, why)
    found = {}
    for one in people:
        if one.account is not None:
            importance = one.account.importance
            why = protected.get(one.account.pk) or (importance if importance in guarded else "")
        else:
            why = next((by_area[area] for area in areas.get(one.pk, ()) if area in by_area), "")
        if why:
            found[one.pk] = why
    return found


def _busy(codes: Sequence[str], starts_at: datetime, ends_at: datetime, besides: int | None) -> dict[str, str]:
    """The number of another open order whose window meets this one, by code."""
    rows = RationingShare.objects.filter(
        is_chosen=True, participant__code__in=list(codes), order__state__in=OPEN, order__starts_at__lt=ends_at,
        order__ends_at__gt=starts_at,
    ).exclude(order_id=besides or 0)  # fmt: skip
    return dict(rows.order_by("-order_id").values_list("participant__code", "order__number"))
