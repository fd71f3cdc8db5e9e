"""An order as it takes place: begun, what each was really allowed, over one by one. What happened is what fairness counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.calc import rationing as calc
from wandeng.domains.rationing import loading, rules
from wandeng.domains.rationing.events import RationingEnded
from wandeng.domains.rationing.models import RationingOrder, RationingShare
from wandeng.domains.rationing.roles import DISPATCHERS, PLANNERS
from wandeng.domains.rationing.states import ORDER
from wandeng.domains.reliability import actions as reliability
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind, Step
from wandeng.infra import audit, events
from wandeng.infra.scope import require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

KINDS = {"SYSTEM": InterruptionKind.RATIONING_SYSTEM, "NETWORK": InterruptionKind.RATIONING_NETWORK}


@transaction.atomic
def start(*, number: str, off_at: datetime, actor: Actor, at: datetime) -> int:
    """Rationing began for everybody chosen; areas of lines that are cut wholly are interrupted under the order's number. Returns
    how many participants.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, ``MoveRefused`` unless it is published, ``NoRuleInForce``.
    """
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.scheme.unit.path)
    off_at = off_at.replace(microsecond=0)
    if off_at > at:
        raise InvalidInput("rationing began at a time that has come")
    # An earlier time is a slip of the pen.
    if off_at < row.starts_at - timedelta(minutes=rules.rationing(rules.local_day(off_at)).started.earliest_minutes):
        raise InvalidInput("rationing does not begin hours before the time that was told")
    move(row, ORDER, "start", actor=actor, at=at)
    count = row.shares.filter(is_chosen=True).update(off_at=off_at)
    dark = _dark(row.shares.filter(is_chosen=True, allowed_kw=0))
    if dark:
        reliability.record(
            number=row.number, facts=_facts(row), steps=(Step(off_at, None, transformers=dark),), actor=actor, at=at
        )
    _log("rationing.start", row, {"participants": count, "areas": len(dark)}, actor, at)
    return count


@transaction.atomic
def allow(*, number: str, code: str, before_kw: int, allowed_kw: int, actor: Actor, at: datetime) -> None:
    """Write down what a customer that takes part used before and may use while it is rationed, before it is over.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, :class:`Conflict` for one who does not take part or whose
    rationing is over, and for a line: it is dark or it is not.
    """
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.scheme.unit.path)
    one = loading.share(row, code)
    if before_kw <= 0 or not 0 <= allowed_kw <= before_kw:
        raise InvalidInput("allowed power lies between zero and the power before")
    if row.state not in ("PUBLISHED", "RUNNING") or not one.is_chosen or one.on_at is not None:
        raise Conflict(f"{code} is not rationed by {number} now")
    if one.participant.switch_id is not None:
        raise Conflict("a line that is cut is allowed nothing")
    RationingShare.objects.filter(pk=one.pk).update(before_kw=before_kw, allowed_kw=allowed_kw)
    _log("rationing.allow", row, {"code": code, "before_kw": before_kw, "allowed_kw": allowed_kw}, actor, at)


@transaction.atomic
def restore(*, number: str, on_at: datetime, codes: Sequence[str] = (), actor: Actor, at: datetime) -> int:
    """These participants (codes), or all that are still rationed, may use power as before. Returns how many stay rationed.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, :class:`Conflict` when nobody of them is rationed.
    """
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.scheme.unit.path)
    on_at = on_at.replace(microsecond=0)
    if on_at > at:
        raise InvalidInput("rationing ended at a time that has come")
    still = row.shares.filter(is_chosen=True, off_at__isnull=False, on_at__isnull=True).select_related("participant")
    meant = [one for one in still if not codes or one.participant.code in set(codes)]
    strange = sorted(set(codes) - {one.participant.code for one in meant})
    if strange:
        raise NotFound(f"not rationed by {number}: {', '.join(strange)}")
    if row.state != "RUNNING" or not meant:
        raise Conflict(f"nobody is rationed by {number} any more")
    for one in meant:
        assert one.off_at is not None
        if on_at <= one.off_at:
            raise InvalidInput("rationing cannot end before it began")
        lasted = int((on_at - one.off_at).total_seconds())
        equivalent = calc.equivalent_seconds(lasted, allowed_kw=one.allowed_kw, before_kw=one.before_kw)
        RationingShare.objects.filter(pk=one.pk).update(on_at=on_at, equivalent_s=equivalent)
    dark = _dark(row.shares.filter(pk__in=[one.pk for one in meant], allowed_kw=0))
    if dark:
        reliability.restore(number=row.number, on_at=on_at, transformers=dark, actor=actor, at=at)
    left = row.shares.filter(is_chosen=True, on_at__isnull=True).count()
    _log("rationing.restore", row, {"participants": len(meant), "left": left}, actor, at)
    return left


@transaction.atomic
def finish(*, number: str, actor: Actor, at: datetime) -> None:
    """The order is over; those who expected it hear so. Raises :class:`Conflict` while somebody is still rationed, ``MoveRefused``,
    :class:`NotFound`, :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.scheme.unit.path)
    if row.state == "RUNNING" and row.shares.filter(is_chosen=True, on_at__isnull=True).exists():
        raise Conflict(f"somebody is still rationed by {number}")
    move(row, ORDER, "end", actor=actor, at=at, ended_at=at)
    events.publish(RationingEnded(row.number, row.scheme.unit.path), at=at)
    _log("rationing.finish", row, {}, actor, at)


def _dark(shares: object) -> list[int]:
    """The transformers that go dark with these shares."""
    rows = shares.filter(areas__isnull=False)  # type: ignore[attr-defined]
    return sorted(set(rows.values_list("areas__transformer_id", flat=True)))


def _facts(row: RationingOrder) -> Facts:
    return Facts(
        KINDS[row.shortage], Cause.SHORTAGE, row.scheme.unit.code, belongs_to=f"rationing.order:{row.number}",
        note=row.changed_why[:200],
    )  # fmt: skip


def _log(action: str, row: RationingOrder, facts: dict[str, object], actor: Actor, at: datetime) -> None:
    told = {"number": row.number, **facts}
    audit.record(actor=actor, action=action, subject=row, facts=told, at=at, unit_path=row.scheme.unit.path)
