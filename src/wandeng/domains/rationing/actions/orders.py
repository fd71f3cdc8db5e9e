"""Orders: proposed by whose turn it is, changed by a person with a reason, approved by a second one, published, canceled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from wandeng.calc import rationing as calc
from wandeng.domains.organization import queries as organization
from wandeng.domains.rationing import loading, rules
from wandeng.domains.rationing.events import RationingCanceled, RationingPublished
from wandeng.domains.rationing.models import RationingOrder, RationingScheme, RationingShare, RationingShareArea
from wandeng.domains.rationing.roles import DECIDERS, PLANNERS
from wandeng.domains.rationing.standing import Standing, standing
from wandeng.domains.rationing.states import ORDER
from wandeng.domains.rationing.types import GapUncovered, SameOrderer, ShareProtected, ShareWhy, ShortageKind
from wandeng.infra import audit, events, ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.rationing import Rationing
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

NOBODY: Mapping[int, str] = {}


@transaction.atomic
def propose(
    *, unit_code: str, starts_at: datetime, ends_at: datetime, gap_kw: int = 0, level: str = "",
    shortage: ShortageKind = ShortageKind.SYSTEM, protected: Mapping[int, str] = NOBODY, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> str:  # fmt: skip
    """Draft an order by the approved scheme of the unit and year, for a gap in kW or a ``level`` (what the scheme has ready for it).
    ``protected``: kinds of protection by account id. Returns its number.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, ``NoRuleInForce``.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *PLANNERS, unit_path=unit.path)
    on = rules.local_day(starts_at)
    scheme = RationingScheme.objects.filter(unit_id=unit.unit_id, year=on.year, state="APPROVED").first()
    if scheme is None:
        raise NotFound(f"{unit_code} has no approved rationing scheme of {on.year}")
    _refuse_times(starts_at, ends_at, at)
    rule = rules.rationing(on, territory=unit.territory, library=library)
    gap_kw = _gap(rule, scheme, gap_kw, level)
    first = ids.reserve(RationingOrder, 1)
    row = RationingOrder(
        id=first, number=f"XD{on.year}-{first:06d}", scheme=scheme, shortage=shortage.value, gap_kw=gap_kw,
        level=rules.level_of(rule, gap_kw=gap_kw, max_demand_kw=scheme.max_demand_kw).level, starts_at=starts_at,
        ends_at=ends_at, notice_by=rules.notice_by(rule, starts_at), created_by=actor.code, created_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    _choose(row, rule, protected)
    _log("rationing.propose", row, {"gap_kw": gap_kw, "shed_kw": row.shed_kw}, actor, at)
    return row.number


@transaction.atomic
def change(
    *, number: str, starts_at: datetime, ends_at: datetime, gap_kw: int, reason: str,
    protected: Mapping[int, str] = NOBODY, actor: Actor, at: datetime, library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Change window or gap of an order that has not begun: it is a draft again, proposed anew. Those who were told keep what they
    know until it is published again. Returns its version. Raises as :func:`propose`, ``MoveRefused``."""
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.scheme.unit.path)
    if not reason.strip():
        raise InvalidInput("say why the order is changed")
    if gap_kw <= 0:
        raise InvalidInput("a gap is above zero kW")
    _refuse_times(starts_at, ends_at, at)
    on = rules.local_day(starts_at)
    if on.year != row.scheme.year:
        raise InvalidInput("an order stays within the year of its scheme")
    rule = rules.rationing(on, territory=row.scheme.unit.territory, library=library)
    move(
        row, ORDER, "edit", actor=actor, at=at, reason=reason.strip(), version=row.version + 1, approved_by="",
        approved_at=None, changed_why=reason.strip(), starts_at=starts_at, ends_at=ends_at, gap_kw=gap_kw,
        notice_by=rules.notice_by(rule, starts_at), created_by=actor.code,
        level=rules.level_of(rule, gap_kw=gap_kw, max_demand_kw=row.scheme.max_demand_kw).level,
    )  # fmt: skip
    row = loading.locked(actor, number)
    _choose(row, rule, protected)
    _log("rationing.change", row, {"gap_kw": gap_kw, "shed_kw": row.shed_kw}, actor, at, reason)
    return row.version


@transaction.atomic
def swap(*, number: str, out: str = "", into: str = "", reason: str, actor: Actor, at: datetime) -> None:
    """Take one participant (code) out of a draft, another in, or both, for a reason. Raises :class:`ShareProtected`,
    :class:`Conflict` for one that another order takes or whose areas are dark already, :class:`InvalidInput`, :class:`NotFound`."""
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.scheme.unit.path)
    if row.state != "DRAFT":
        raise Conflict(f"order {number} is {row.state}: change it first")
    if not reason.strip():
        raise InvalidInput("say why another takes part than whose turn it is")
    if not out and not into:
        raise InvalidInput("name who is taken out or in")
    if out:
        one = loading.share(row, out)
        if not one.is_chosen:
            raise Conflict(f"{out} does not take part in {number}")
        _mark(one, ShareWhy.SWAPPED_OUT, reason)
    if into:
        one = loading.share(row, into)
        _refuse_into(row, one)
        _mark(one, ShareWhy.SWAPPED_IN, reason)
    _sum(row)
    _log("rationing.swap", row, {"out": out, "into": into, "shed_kw": row.shed_kw}, actor, at, reason)


@transaction.atomic
def approve(*, number: str, note: str = "", actor: Actor, at: datetime) -> None:
    """Approve a draft; who made it does not. Raises :class:`SameOrderer`, :class:`GapUncovered` unless a note says why less is
    enough, :class:`InvalidInput` when nobody takes part, ``MoveRefused``, :class:`NotFound`, :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *DECIDERS, unit_path=row.scheme.unit.path)
    if actor.code == row.created_by:
        raise SameOrderer("an order is approved by somebody who did not make it")
    if not row.shares.filter(is_chosen=True).exists():
        raise InvalidInput("an order that takes nobody is not approved")
    if row.shed_kw < row.gap_kw and not note.strip():
        raise GapUncovered(
            f"{row.gap_kw - row.shed_kw} kW of the gap are not covered: say why", short_kw=row.gap_kw - row.shed_kw
        )
    move(row, ORDER, "approve", actor=actor, at=at, reason=note.strip(), approved_by=actor.code, approved_at=at)
    _log("rationing.approve", row, {"shed_kw": row.shed_kw}, actor, at, note)


@transaction.atomic
def publish(*, number: str, actor: Actor, at: datetime) -> None:
    """Publish an approved order: everyone it takes is told. A notice that is late by then is told as such, for a shortage does not
    wait. Raises ``MoveRefused``, :class:`NotFound`, :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.scheme.unit.path)
    move(row, ORDER, "publish", actor=actor, at=at, published_at=at)
    events.publish(RationingPublished(row.number, row.version, row.scheme.unit.path), at=at)
    _log("rationing.publish", row, {"is_late": at > row.notice_by}, actor, at)


@transaction.atomic
def cancel(*, number: str, reason: str, actor: Actor, at: datetime) -> None:
    """Cancel an order that has not begun, for a reason; those who were told are told. Raises :class:`InvalidInput`,
    ``MoveRefused``, :class:`NotFound`, :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.scheme.unit.path)
    if not reason.strip():
        raise InvalidInput("an order is canceled for a stated reason")
    move(row, ORDER, "cancel", actor=actor, at=at, reason=reason.strip(), canceled_why=reason.strip())
    if row.published_at is not None:
        events.publish(RationingCanceled(row.number, row.version, row.scheme.unit.path), at=at)
    _log("rationing.cancel", row, {}, actor, at, reason)


def _refuse_times(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise InvalidInput("rationing ends after it begins")
    if ends_at <= at:
        raise InvalidInput("rationing is ordered for a time to come")
    if any(one.second or one.microsecond for one in (starts_at, ends_at)):
        raise InvalidInput("a window is of whole minutes")


def _gap(rule: Rationing, scheme: RationingScheme, gap_kw: int, level: str) -> int:
    if gap_kw > 0:
        return gap_kw
    step = next((one for one in rule.levels.steps if one.level == level), None)
    if step is None:
        raise InvalidInput("give the gap in kW, or a level of the rule")
    return rules.ready_kw(step, scheme.max_demand_kw)


def _choose(row: RationingOrder, rule: Rationing, protected: Mapping[int, str]) -> None:
    """Write every participant with its turn, in the place of what was proposed before."""
    row.shares.all().delete()
    with ColumnStore() as store:
        found = standing(
            store, row.scheme, starts_at=row.starts_at, ends_at=row.ends_at, rule=rule, protected=protected,
            besides=row.pk,
        )  # fmt: skip
    selection = calc.select(found.rows, gap_kw=row.gap_kw, measures=rule.measures.order)
    _write(row, found, selection)
    _sum(row)


def _write(row: RationingOrder, found: Standing, selection: calc.Selection) -> None:
    people = {one.pk: one for one in row.scheme.participants.all()}
    facts = {one["participant_id"]: one for one in found.rows.iter_rows(named=True)}
    first = ids.reserve(RationingShare, max(1, len(people)))
    shares = []
    for place, one in enumerate(selection.rows.iter_rows(named=True)):
        fact, who = facts[one["participant_id"]], people[one["participant_id"]]
        detail = {"PROTECTED": fact["protected"], "BUSY": fact["busy"]}.get(one["why"], "")
        shares.append(
            RationingShare(
                id=first + place, order=row, participant=who, rank=one["rank"], is_chosen=one["is_chosen"], detail=detail,
                why=one["why"], burden_s=fact["burden_s"], before_kw=who.before_kw,
                allowed_kw=0 if who.switch_id else who.before_kw - who.shed_kw,
            )
        )  # fmt: skip
    RationingShare.objects.bulk_create(shares)
    areas = [(share, area) for share in shares for area in found.areas.get(share.participant_id, ())]
    start = ids.reserve(RationingShareArea, max(1, len(areas)))
    RationingShareArea.objects.bulk_create(
        RationingShareArea(id=start + place, share=share, transformer_id=area)
        for place, (share, area) in enumerate(areas)
    )


def _refuse_into(row: RationingOrder, one: RationingShare) -> None:
    if one.is_chosen:
        raise Conflict(f"{one.participant.code} takes part already")
    if one.why == ShareWhy.PROTECTED:
        raise ShareProtected(f"{one.participant.code} is protected: it is never rationed", protection=one.detail)
    if one.why == ShareWhy.BUSY:
        raise Conflict(f"{one.participant.code} is taken by {one.detail} at that time")
    dark = RationingShareArea.objects.filter(share__order=row, share__is_chosen=True)
    if dark.filter(transformer_id__in=one.areas.values("transformer_id")).exists():
        raise Conflict(f"areas of {one.participant.code} are dark already with another that takes part")


def _mark(one: RationingShare, why: ShareWhy, reason: str) -> None:
    RationingShare.objects.filter(pk=one.pk).update(
        is_chosen=why is ShareWhy.SWAPPED_IN, why=why.value, swap_reason=reason.strip()
    )


def _sum(row: RationingOrder) -> None:
    total = row.shares.filter(is_chosen=True).aggregate(kw=Sum("participant__shed_kw"))["kw"] or 0
    RationingOrder.objects.filter(pk=row.pk).update(shed_kw=total)
    row.shed_kw = total


def _log(
    action: str, row: RationingOrder, facts: dict[str, object], actor: Actor, at: datetime, reason: str = ""
) -> None:
    audit.record(
        actor=actor, action=action, subject=row, facts={"number": row.number, **facts}, at=at, reason=reason.strip(),
        unit_path=row.scheme.unit.path,
    )  # fmt: skip
