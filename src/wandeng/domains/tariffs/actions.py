"""Price assignments (执行电价): which price and terms hold at a usage point, from when, and how they change.

A change closes the running piece and opens the next; what was billed keeps the piece it was billed by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Unpack

from django.db import transaction

from wandeng.domains.network import queries as network
from wandeng.domains.network.types import PointFacts
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.domains.tariffs.rules import require_known, suspension_rule
from wandeng.domains.tariffs.types import ContractTerms, InstalledTransformer, TermsChange
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import FAR_FUTURE


@transaction.atomic
def assign_price(
    *,
    usage_point: str,
    terms: ContractTerms,
    from_on: date,
    to_on: date = FAR_FUTURE,
    library: RuleLibrary,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> int:
    """Give a usage point its terms for ``from_on`` ≤ day < ``to_on``, days on which it has none yet.

    Raises :class:`NotFound` for a point outside the actor's scope, ``PriceCodeUnknown``, :class:`Conflict` when terms
    hold on one of the days (that is :func:`change_terms`), :class:`InvalidInput` for an empty period.
    """
    point = network.usage_point(Scope.of(actor), usage_point)
    require_known(library, terms.price_code)
    if from_on >= to_on:
        raise InvalidInput(f"terms must end after they start: {from_on} to {to_on}")
    meeting = PriceAssignment.objects.filter(
        usage_point_id=point.id, valid_from__lt=to_on, valid_to__gt=from_on
    ).first()
    if meeting is not None:
        raise Conflict(f"{usage_point} has terms from {meeting.valid_from} to {meeting.valid_to}: change those")
    made = _open(point, terms, from_on, to_on)
    facts = {"from": from_on, "to": to_on, "terms": asdict(terms)}
    _log("terms.assign", made, point, facts, actor, at, reason)
    return made.pk


@transaction.atomic
def change_terms(
    *,
    usage_point: str,
    from_on: date,
    library: RuleLibrary,
    actor: Actor,
    at: datetime,
    reason: str,
    **changes: Unpack[TermsChange],
) -> int:
    """Change some of the terms from a day on (改类, 减容, 增容, change of demand …); the others stay.

    The piece in force on that day ends there and a new one runs to where the old one would have ended; pieces agreed
    for later stay as they are. A piece that starts on that very day is changed in place. Returns the new piece's id.

    Raises :class:`NotFound` for a point outside the actor's scope or one without terms that day, ``PriceCodeUnknown``,
    :class:`InvalidInput` when nothing would change.
    """
    point = network.usage_point(Scope.of(actor), usage_point)
    running = _running(point, from_on)
    before = terms_of(running)
    after = replace(before, **changes)
    if after == before:
        raise InvalidInput(f"the terms of {usage_point} say that already on {from_on}")
    require_known(library, after.price_code)
    made = _cut(point, running, after, from_on, running.valid_to)
    changed = {name: [getattr(before, name), value] for name, value in asdict(after).items() if name in changes}
    _log("terms.change", made, point, {"from": from_on, "changed": changed}, actor, at, reason)
    return made.pk


@transaction.atomic
def suspend_capacity(
    *,
    usage_point: str,
    suspended_ckva: int,
    from_on: date,
    to_on: date,
    library: RuleLibrary,
    actor: Actor,
    at: datetime,
    reason: str,
) -> None:
    """Suspend capacity (暂停) for ``from_on`` ≤ day < ``to_on``: the running capacity is less by that much, and comes
    back by itself on ``to_on``.

    Raises ``SuspensionTooShort`` for fewer days than the rule of its first day asks for, :class:`Conflict` when the
    terms change inside the period or less capacity runs, :class:`NotFound`, :class:`InvalidInput` for an empty period
    or no capacity, :class:`NoRuleInForce`.
    """
    if from_on >= to_on or suspended_ckva <= 0:
        raise InvalidInput(f"suspend some capacity over some days, not {suspended_ckva} from {from_on} to {to_on}")
    point = network.usage_point(Scope.of(actor), usage_point)
    running = _running(point, from_on)
    if running.valid_to < to_on:
        raise Conflict(f"the terms of {usage_point} change on {running.valid_to}, inside the suspension")
    before = terms_of(running)
    suspension_rule(library, before.price_code, from_on).require(usage_point, from_on, to_on)
    if suspended_ckva > before.running_capacity_ckva:
        raise Conflict(f"{usage_point} runs {before.running_capacity_ckva} (0.01 kVA): {suspended_ckva} cannot rest")
    end = running.valid_to
    resting = replace(before, running_capacity_ckva=before.running_capacity_ckva - suspended_ckva)
    piece = _cut(point, running, resting, from_on, to_on)
    if to_on < end:
        _open(point, before, to_on, end)
    facts = {"from": from_on, "to": to_on, "suspended_ckva": suspended_ckva}
    _log("capacity.suspend", piece, point, facts, actor, at, reason)


@transaction.atomic
def resume_capacity(
    *, usage_point: str, on: date, library: RuleLibrary, actor: Actor, at: datetime, reason: str
) -> None:
    """End a suspension early (恢复): from ``on`` the capacity runs that would have come back on its last day.

    One that then lasted fewer days than the rule asks for counts for nothing where the rule says so: the capacity is
    charged from its first day on. Bills that were made meanwhile stay; they are corrected by ``wandeng bill rebill``.

    Raises :class:`Conflict` when no suspension holds on the day: the piece in force must be followed by one that
    differs only in more running capacity. Raises :class:`NotFound`, :class:`NoRuleInForce`.
    """
    point = network.usage_point(Scope.of(actor), usage_point)
    resting = _running(point, on)
    after = PriceAssignment.objects.filter(usage_point_id=point.id, valid_from=resting.valid_to).first()
    now = terms_of(resting)
    if (
        after is None
        or terms_of(after) != replace(now, running_capacity_ckva=after.running_capacity_ckva)
        or (after.running_capacity_ckva <= now.running_capacity_ckva)
    ):
        raise Conflict(f"nothing is suspended at {usage_point} on {on}")
    back, end = terms_of(after), after.valid_to
    was_from, was_to = resting.valid_from, resting.valid_to
    charged_from = suspension_rule(library, now.price_code, was_from).charged_from(was_from, on)
    after.delete()
    piece = _cut(point, resting, back, charged_from, end)
    facts = {"on": on, "was_to": was_to, "charged_from": charged_from, "running_ckva": back.running_capacity_ckva}
    _log("capacity.resume", piece, point, facts, actor, at, reason)


def running_capacity(transformers: Sequence[InstalledTransformer]) -> int:
    """Running capacity for the basic charge, 0.01 kVA: what is not suspended, and of transformers that are interlocked
    the largest sum that can run at the same time (1996 art. 85).

    >>> pair = [InstalledTransformer(63_000, interlock="A", branch=b) for b in ("1", "1", "2")]
    >>> running_capacity([InstalledTransformer(31_500), *pair])
    157500
    """
    free = 0
    branches: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit in transformers:
        if unit.is_suspended:
            continue
        if unit.interlock:
            branches[unit.interlock][unit.branch] += unit.capacity_ckva
        else:
            free += unit.capacity_ckva
    return free + sum(max(sums.values()) for sums in branches.values())


def terms_of(row: PriceAssignment) -> ContractTerms:
    """The terms a stored piece holds."""
    return ContractTerms(**{name: getattr(row, name) for name in ContractTerms.__dataclass_fields__})


def _cut(
    point: PointFacts, running: PriceAssignment, terms: ContractTerms, from_on: date, to_on: date
) -> PriceAssignment:
    """End the running piece at ``from_on`` and put another behind it; a piece starting that day gives way."""
    if running.valid_from == from_on:
        PriceAssignment.objects.filter(pk=running.pk).update(valid_to=to_on, **asdict(terms))
        running.refresh_from_db()
        return running
    PriceAssignment.objects.filter(pk=running.pk).update(valid_to=from_on)
    return _open(point, terms, from_on, to_on)


def _open(point: PointFacts, terms: ContractTerms, from_on: date, to_on: date) -> PriceAssignment:
    return PriceAssignment.objects.create(
        id=ids.reserve(PriceAssignment, 1), usage_point_id=point.id, valid_from=from_on, valid_to=to_on, **asdict(terms)
    )


def _running(point: PointFacts, on: date) -> PriceAssignment:
    rows = PriceAssignment.objects.select_for_update(of=("self",)) if _locks() else PriceAssignment.objects
    found = rows.filter(usage_point_id=point.id, valid_from__lte=on, valid_to__gt=on).first()
    if found is None:
        raise NotFound(f"no terms hold at {point.code} on {on}")
    return found


def _locks() -> bool:
    return bool(transaction.get_connection().features.has_select_for_update)


def _log(
    action: str,
    piece: PriceAssignment,
    point: PointFacts,
    facts: dict[str, object],
    actor: Actor,
    at: datetime,
    reason: str,
) -> None:
    where = {"usage_point": point.code, **facts}
    audit.record(
        actor=actor, action=action, subject=piece, facts=where, at=at, reason=reason, unit_path=point.unit_path
    )
