"""Paying back and penalty of a theft that was found on site (窃电追补与违约使用电费): reckoned by the rule of the day it was found and
by the prices of the customer's newest bill, then carried into the books and onto the lead's case.

What is paid back becomes an adjustment of that bill, which a second person approves. When it is published the penalty that stands in
the case is booked beside it, on an account of its own, so that nobody books a penalty alone; it is no part of any bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from wandeng.calc import penalties
from wandeng.calc.penalties import Load, PenaltyRounding
from wandeng.calc.trial.thefts import agreed_multiple
from wandeng.domains.billing import queries as billing
from wandeng.domains.billing.actions.corrections import Decision
from wandeng.domains.cases.actions import work
from wandeng.domains.cases.queries import one as cases
from wandeng.domains.cases.types import Charter
from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger.types import PENALTY, PENALTY_EARNED, Posting
from wandeng.domains.losses import queries
from wandeng.domains.losses.types import NotConfirmed, UseKind
from wandeng.flows import bill_correction
from wandeng.flows.bill_run import Workshop
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.arrears import BreachAndTheft
from wandeng.infra.events import Body
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.ids import RunId, UnitId
from wandeng.kernel.money import divide_half_up, format_scaled, parse_scaled
from wandeng.kernel.periods import BILLING_ZONE, Month

CASE_CODE = "theft"
TERRITORY = "national"
_POSTED = ("POSTED", "PUBLISHED")


@dataclass(frozen=True, slots=True)
class TheftReckoning:
    """What a theft comes to, with everything it was reckoned from. ``days_known``: else they are those of the rule; energy in 0.01 kWh,
    rounded half up; ``base_fen`` is what the energy costs at the prices of the bill of ``bill_month``; ``multiple_most`` what the
    rule asks for, or allows at most where ``is_maximum``."""

    lead_id: int
    case_number: str
    account_number: str
    found_on: date
    capacity_w: int
    hours_per_day: int
    days: int
    days_known: bool
    recorded_ckwh: int
    energy_ckwh: int
    bill_month: Month
    base_fen: int
    multiple: int
    multiple_most: int
    is_maximum: bool
    penalty_fen: int
    total_fen: int
    citation: str
    rule_path: str


def reckon(
    scope: Scope, lead_id: int, *, capacity_w: int, library: RuleLibrary, use: UseKind = UseKind.LIGHTING,
    days: int | None = None, recorded_ckwh: int = 0, multiple: int | None = None,
) -> TheftReckoning:  # fmt: skip
    """Reckon a confirmed lead: connected capacity × hours a day × days (unknown: those of the rule), less what the meter did record in
    that time, at the prices of the newest bill, and the penalty's multiple of it.

    Raises :class:`NotFound` for a lead out of reach or a customer without a posted bill, :class:`NotConfirmed`,
    :class:`InvalidInput` for a multiple the rule does not allow or more recorded than used, ``NoRuleInForce``.
    """
    lead = queries.lead(scope, lead_id)
    if lead.state != "CONFIRMED" or lead.answered_at is None:
        raise NotConfirmed("only a theft that was confirmed on site is reckoned")
    found_on = lead.answered_at.astimezone(BILLING_ZONE).date()
    version = library.version(BreachAndTheft, on=found_on, territory=TERRITORY)
    rule, body = version.body.theft, version.body
    hours = rule.power_hours_per_day if use is UseKind.POWER else rule.lighting_hours_per_day
    lasted = rule.unknown_days if days is None else days
    used = penalties.connected_energy([Load(Fraction(capacity_w), 1, Fraction(hours))], lasted)
    if recorded_ckwh < 0 or recorded_ckwh >= used:
        raise InvalidInput("the meter recorded no less energy than the connected equipment can have used")
    stolen = used - recorded_ckwh
    energy = divide_half_up(stolen.numerator, stolen.denominator)
    bill, month = _newest_bill(scope, lead.account_number)
    base = sum(line.amount_fen for line in billing.adjusted_lines(scope, bill, energy_ckwh=energy))
    times = agreed_multiple(multiple, rule.penalty_multiple, body.multiples_are_maximum)
    penalty = penalties.penalize(Fraction(base), times, PenaltyRounding(body.rounding.base))
    return TheftReckoning(
        lead_id, lead.case_number, lead.account_number, found_on, capacity_w, hours, lasted, days is not None,
        recorded_ckwh, energy, month, penalty.base_fen, times, rule.penalty_multiple, body.multiples_are_maximum,
        penalty.penalty_fen, penalty.total_fen, rule.citation, version.path,
    )  # fmt: skip


def settle(
    *, lead_id: int, capacity_w: int, actor: Actor, at: datetime, shop: Workshop, charter: Charter,
    use: UseKind = UseKind.LIGHTING, days: int | None = None, recorded_ckwh: int = 0, multiple: int | None = None,
) -> bill_correction.Corrected:  # fmt: skip
    """Carry a reckoning out: the energy becomes an adjustment of the newest bill, made and waiting for its second person, and the step
    of the case that asks for the sums is finished with them. Asked again after a crash it goes on where it stopped.

    Raises as :func:`reckon`, :class:`NotConfirmed` where the case does not stand at that step, as ``bill_correction.adjust`` and as ``cases.actions.work.finish``.
    """
    told = reckon(
        Scope.of(actor), lead_id, capacity_w=capacity_w, library=shop.library, use=use, days=days,
        recorded_ckwh=recorded_ckwh, multiple=multiple,
    )  # fmt: skip
    decision = Decision(
        "ADJUST", told.account_number, (told.bill_month,), f"窃电追补 {told.case_number}", CASE_CODE, told.case_number,
        energy_ckwh=told.energy_ckwh,
    )  # fmt: skip
    made = _made_before(Scope.of(actor), decision)
    if made is None:
        _require_at_settling(told.case_number, actor, at, charter)
        made = bill_correction.adjust(decision=decision, actor=actor, at=at, shop=shop)
    answers = {
        "CAPACITY_W": str(capacity_w), "DAYS": str(told.days), "AMOUNT": format_scaled(told.base_fen, 2),
        "PENALTY_AMOUNT": format_scaled(told.penalty_fen, 2),
    }  # fmt: skip
    note = f"{told.citation}；退补批次 {made.run.run_id}；退补发行时违约使用电费记账"
    work.finish(
        number=told.case_number, step="SETTLE", actor=actor, at=at, charter=charter, answers=answers, note=note,
        key=f"settle:{told.case_number}",
    )  # fmt: skip
    return made


def book_penalty(body: Body, now: datetime) -> None:
    """When a theft's adjustment is published, what the case says of the penalty is owed (应收违约使用电费) and earned; twice is once.
    It is booked in the month of that day, whichever month is paid back. Raises :class:`NotConfirmed` while the case does not say
    the sum yet, ``MonthClosed``."""
    run_id = body["run_id"]
    correction, _account = billing.correction_of_run(Scope.everywhere(), run_id)
    number = correction.document_number
    if correction.case_code != CASE_CODE or not _is_of_lead(number):
        return  # another reason, or an adjustment that somebody made by hand under this one
    shown = cases.case(Scope.everywhere(), number, charter=Charter.current(), now=now)
    told = {one.code: one.value for one in shown.fields}.get("PENALTY_AMOUNT", "")
    if not told:
        raise NotConfirmed(f"case {number} does not say its penalty yet")
    penalty_fen = parse_scaled(told, 2, what="penalty")
    if not penalty_fen:
        return
    unit = UnitId(billing.run(Scope.everywhere(), RunId(run_id)).unit_id)
    lines = [
        Posting(PENALTY, penalty_fen, account_id=body["account_id"], source=run_id),
        Posting(PENALTY_EARNED, -penalty_fen, account_id=body["account_id"], source=run_id),
    ]
    month = str(Month.of(now.astimezone(BILLING_ZONE).date()))
    ledger.post(biz_key=f"penalty:{number}", kind="PENALTY", unit=unit, month=month, lines=lines, at=now, actor=SYSTEM)


def _is_of_lead(case_number: str) -> bool:
    try:
        queries.lead_of_case(case_number)
    except NotFound:
        return False
    return True


def _require_at_settling(number: str, actor: Actor, at: datetime, charter: Charter) -> None:
    """Nothing is written into the books for a case that does not ask for it."""
    if cases.case(Scope.of(actor), number, charter=charter, now=at).step != "SETTLE":
        raise NotConfirmed(
            "the case of this lead does not stand at paying back: inspection said whether there is something"
        )


def _made_before(scope: Scope, decision: Decision) -> bill_correction.Corrected | None:
    """The adjustment of the same case as it was made before, whole. Raises :class:`InvalidInput` where it has other figures."""
    for one in billing.corrections_of(scope, decision.account_number):
        is_this = (one.case_code, one.document_number) == (CASE_CODE, decision.document_number)
        if is_this and one.run_state not in ("DISCARDED", "OPEN", "FROZEN", "PRICED"):
            if one.energy_ckwh != decision.energy_ckwh:
                raise InvalidInput(f"run {one.run_id} pays this case back already, with another energy")
            return bill_correction.Corrected(billing.run(scope, RunId(one.run_id)))
    return None


def _newest_bill(scope: Scope, account_number: str) -> tuple[int, Month]:
    rows = billing.bill_rows(scope).filter(account_number=account_number, state__in=_POSTED, revision=0)
    found = rows.order_by("-month_index").values_list("id", "month_index").first()
    if found is None:
        raise NotFound(f"account {account_number} has no posted bill whose prices could be followed")
    return found[0], Month.from_index(found[1])
