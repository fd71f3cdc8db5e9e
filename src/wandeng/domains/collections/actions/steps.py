"""How a step went: a visit or a paper notice by the person who did it, a call that somebody made, the second notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from wandeng.calc.cut_clock import overdue_days
from wandeng.domains.collections import arrears, rules, states
from wandeng.domains.collections.actions.cases import open_case
from wandeng.domains.collections.models import DunningCase, DunningStep
from wandeng.domains.collections.types import NoCase, Whom
from wandeng.domains.notices import actions as notices
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import BILLING_ZONE

VISITORS = (Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.METER_READER)
CALLERS = (Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.CALL_CLERK, Role.HALL_CLERK, Role.ACCOUNTANT)
SECOND_TEMPLATE = "disconnection_second_notice"
_OFF_LADDER = -1
"""The rung of a step that a person added: it is proof, and moves no ladder."""


@dataclass(frozen=True, slots=True)
class Result:
    """How it went. ``whom`` is empty when nobody was reached, and ``note`` then says why. ``evidence``: the number of the
    photo or of the signed receipt; a paper notice needs it. ``authority_reference``: under which number the notice to an
    important user was copied to the power authority."""

    happened_at: datetime
    whom: str = ""
    evidence: str = ""
    note: str = ""
    authority_reference: str = ""


@transaction.atomic
def record_result(*, step_id: int, result: Result, actor: Actor, at: datetime) -> str:
    """Say how a visit or the delivery of a notice went; returns the step's state, REACHED or MISSED.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` for a step that is no open task,
    :class:`InvalidInput` for a time that is not between the step and now, or a result without what proves it.
    """
    step = Scope.of(actor).one(
        DunningStep.objects.select_related("case", "case__account", "unit"), "unit__path", "dunning step", pk=step_id
    )
    require(actor, *VISITORS, unit_path=step.unit.path)
    if step.by != "PERSON" or step.state != "PENDING":
        raise Conflict(f"dunning step {step_id} is no open task")
    if not step.taken_at <= result.happened_at <= at:
        raise InvalidInput("it happened after the step was ordered and before now")
    _check(step.kind, result)
    if step.kind == "NOTICE" and result.whom and step.case.account.importance and not result.authority_reference:
        raise InvalidInput("an important user's notice is copied to the power authority: name its number")
    _settle(step, result, channel="PAPER" if step.kind == "NOTICE" else "VISIT", actor=actor, at=at)
    if step.kind == "NOTICE" and result.whom and step.case.noticed_on is None:
        day = result.happened_at.astimezone(BILLING_ZONE).date()
        DunningCase.objects.filter(pk=step.case_id).update(noticed_on=day)
    return step.state


def _check(kind: str, result: Result) -> None:
    if result.whom and result.whom not in set(Whom):
        raise InvalidInput(f"nobody is called {result.whom}")
    if not result.whom and not result.note.strip():
        raise InvalidInput("say why nobody was reached")
    if kind == "NOTICE" and result.whom and not result.evidence.strip():
        raise InvalidInput("a notice is proved by a signature or a photo: name its number")
    if result.whom == Whom.WITNESS and not result.evidence.strip():
        raise InvalidInput("what is left with a witness is proved by a photo: name its number")


def _settle(step: DunningStep, result: Result, *, channel: str, actor: Actor, at: datetime) -> None:
    verb = "reach" if result.whom else "miss"
    move(
        step, states.STEP, verb, actor=actor, at=at, reason=result.note,
        reached_at=result.happened_at if result.whom else None, reached_whom=result.whom, channel=channel,
        evidence=result.evidence.strip(), note=result.note.strip(), recorded_by=actor.code, recorded_at=at,
        authority_reference=result.authority_reference.strip(),
    )  # fmt: skip
    facts = {"step": step.kind, "to": step.state, "whom": result.whom, "evidence": result.evidence.strip()}
    audit.record(
        actor=actor, action="dunning.result", subject=step, facts=facts, at=at, reason=result.note,
        unit_path=step.unit.path,
    )  # fmt: skip


@transaction.atomic
def record_call(*, case_id: int, result: Result, actor: Actor, at: datetime) -> int:
    """A telephone call (电话催费) that a person made, beside the ladder: it is proof that somebody was dunned, or that nobody
    answered. Returns the step.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` for a closed case, :class:`InvalidInput`.
    """
    case = _case(case_id, actor, CALLERS)
    if not result.happened_at <= at:
        raise InvalidInput("a call that was made lies before now")
    _check("VOICE", result)
    step = _add(case, "VOICE", by="PERSON", taken_at=result.happened_at, actor=actor, responsible=actor.code)
    _settle(step, result, channel="PHONE", actor=actor, at=at)
    return step.pk


@transaction.atomic
def call_now(*, case_ids: Sequence[int], actor: Actor, at: datetime, library: RuleLibrary | None = None) -> int:
    """Have these accounts rung up by machine (语音催费), beside the ladder, not within the quiet hours; returns how many. Where the ladder
    takes VOICE by a CALL, the call asks for a key and is placed with the next calls; else a message is read out.

    A case that is closed or was called on this day already is left out. Raises :class:`NotFound`, :class:`NotAllowed`,
    ``NoRuleInForce``.
    """
    called, on = 0, at.astimezone(BILLING_ZONE).date()
    for case_id in case_ids:
        case = _case(case_id, actor, CALLERS, refuse_closed=False)
        if case.state == "CLOSED" or DunningStep.objects.filter(case=case, kind="VOICE", taken_on=on).exists():
            continue
        rule = rules.dunning_rule(library or current.library(), on=on, territory=case.unit.territory)
        if rule.calls(case.customer_class):
            _add(case, "VOICE", by="CALL", taken_at=at, actor=actor)
            called += 1
            continue
        step = _add(case, "VOICE", by="MESSAGE", taken_at=at, actor=actor)
        _send(step, case, template="arrears_call", at=at, actor=actor, not_before=rule.speaks_at(at), urgent=False)
        called += 1
    return called


@transaction.atomic
def settle_call(
    *, step_id: int, reached_at: datetime | None, note: str, evidence: str, actor: Actor, at: datetime
) -> bool:  # fmt: skip
    """What came of a machine's call (自动外呼): somebody heard it at ``reached_at``, or nobody did after all attempts. What was pressed
    later is added to a step that was reached. Says whether anything was written.

    Raises :class:`NotFound` for a step that no machine calls for.
    """
    step = DunningStep.objects.select_related("unit").filter(pk=step_id, by="CALL").first()
    if step is None:
        raise NotFound(f"there is no call of dunning step {step_id}")
    if step.state == "PENDING":
        move(
            step, states.STEP, "reach" if reached_at else "miss", actor=actor, at=at, reason=note, reached_at=reached_at,
            channel="PHONE", evidence=evidence, note=note, recorded_by=actor.code, recorded_at=at,
        )  # fmt: skip
    elif step.state == "REACHED" and note and note != step.note:
        DunningStep.objects.filter(pk=step.pk).update(note=note, recorded_at=at)
    else:
        return False
    facts = {"step": step.kind, "to": step.state, "evidence": evidence}
    audit.record(
        actor=actor, action="dunning.result", subject=step, facts=facts, at=at, reason=note, unit_path=step.unit.path
    )
    return True


@transaction.atomic
def give_second_notice(*, account: AccountId, cut_at: datetime, actor: Actor, at: datetime) -> int:
    """Tell the customer again when power will be cut (停电前再次通知): at once, by the channels of its template. For orders,
    before an order is dispatched; returns the step. What it reached is asked of ``notices`` by :func:`may_be_cut`.

    Raises :class:`NoCase`, :class:`Conflict` when no notice has reached anybody.
    """
    case = open_case(account)
    if case is None:
        raise NoCase(f"account {account} has no open dunning case")
    if not DunningStep.objects.filter(case=case, kind="NOTICE", state="REACHED").exists():
        raise Conflict(f"no notice has reached anybody at account {case.account.account_number}")
    step = _add(case, "SECOND_NOTICE", by="MESSAGE", taken_at=at, actor=actor)
    _send(step, case, template=SECOND_TEMPLATE, at=at, actor=actor, not_before=at, urgent=True, cut_at=cut_at)
    return step.pk


def _case(case_id: int, actor: Actor, roles: Sequence[str], *, refuse_closed: bool = True) -> DunningCase:
    rows = DunningCase.objects.select_related("account", "unit")
    case = Scope.of(actor).one(rows, "unit__path", "dunning case", pk=case_id)
    require(actor, *roles, unit_path=case.unit.path)
    if refuse_closed and case.state == "CLOSED":
        raise Conflict(f"dunning case {case_id} is closed")
    return case


def _add(
    case: DunningCase, kind: str, *, by: str, taken_at: datetime, actor: Actor, responsible: str = ""
) -> DunningStep:
    attempt = DunningStep.objects.filter(case=case, kind=kind, rung=_OFF_LADDER).count() + 1
    return DunningStep.objects.create(
        id=ids.reserve(DunningStep, 1), case=case, unit_id=case.unit_id, kind=kind, rung=_OFF_LADDER, attempt=attempt,
        by=by, taken_on=taken_at.astimezone(BILLING_ZONE).date(), taken_at=taken_at, actor=actor.code,
        responsible=responsible, open_fen=case.open_fen, oldest_due_on=case.oldest_due_on,
        notice_key=notice_key(case.pk, kind, _OFF_LADDER, attempt) if by == "MESSAGE" else "",
    )  # fmt: skip


def _send(
    step: DunningStep, case: DunningCase, *, template: str, at: datetime, actor: Actor, not_before: datetime,
    urgent: bool, cut_at: datetime | None = None,
) -> None:  # fmt: skip
    on = at.astimezone(BILLING_ZONE).date()
    left = arrears.overdue_of(case.account.account_number, on=on)
    notices.send(
        key=step.notice_key,
        template=template,
        account=AccountId(case.account_id),
        slots=slots(
            open_fen=left.open_fen, fee_fen=left.fee_fen, oldest_due_on=left.oldest_due_on or case.oldest_due_on,
            at=at, cut_at=cut_at,
        ),
        at=at,
        actor=actor,
        not_before=not_before,
        urgent=urgent,
    )  # fmt: skip


def notice_key(case_id: int, kind: str, rung: int, attempt: int) -> str:
    """Under which key a step's message is sent: once, however often the run is."""
    return f"dunning:{case_id}:{kind}:{rung}:{attempt}"


def slots(
    *, open_fen: int, fee_fen: int, oldest_due_on: date, at: datetime, cut_at: datetime | None = None
) -> dict[str, str]:
    """What the texts of arrears say beyond name and number: ``owed``, ``late_fee``, ``due_on``, ``days``, ``cut_at``."""
    on = at.astimezone(BILLING_ZONE).date()
    told = {
        "owed": format_scaled(open_fen, 2), "late_fee": format_scaled(fee_fen, 2), "due_on": str(oldest_due_on),
        "days": str(overdue_days(oldest_due_on, on)),
    }  # fmt: skip
    if cut_at is not None:
        told["cut_at"] = f"{cut_at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}"
    return told
