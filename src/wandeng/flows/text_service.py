"""Two-way short messages (短信互动): what a customer asks in a message is understood by a dated table, and answered from the books.

A message is kept and committed before it is acted on; the answer is one transaction with what it did, and goes to the gateway
after that. What a killed process left, a job does again. A number that is no verified contact is told nothing personal.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.calc.dispatch import Spot, distance_m
from wandeng.domains.billing.queries import accounts as billing
from wandeng.domains.cases.types import Charter
from wandeng.domains.conversations import actions
from wandeng.domains.conversations.types import Heard, TextAnswer, TurnOutcome
from wandeng.domains.customers.queries import accounts as customers
from wandeng.domains.network.queries import spots
from wandeng.domains.notices.actions import reaching
from wandeng.domains.notices.queries import opting_out
from wandeng.domains.notices.types import Channel, Gateway, Message, Outcome
from wandeng.domains.outlets import queries as outlets
from wandeng.domains.outlets.types import OutletService
from wandeng.domains.payments.queries.standing import standing
from wandeng.flows import fault_reports, notice_delivery
from wandeng.flows.supply_status import answers as supply
from wandeng.infra import jobs
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.notices import Notices
from wandeng.infra.effective.topics.text_service import TextService
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.money import yuan
from wandeng.kernel.periods import BILLING_ZONE, Month

ANSWER = "texts.answer"
ANSWER_AFTER = timedelta(seconds=30)
"""When a job looks whether a message was answered: by then its own process has, or is dead."""
GATEWAY = "sms"
"""Under which name the gateway signs its calls."""
TERRITORY = "national"
MOST_ACCOUNTS = 9
"""So many are offered to choose from: one digit each."""
MONTHS_BACK = 6
METERS_OF_KM = 1_000
CHANNEL, SITUATION = "SMS", "短信自助报修：家中无电"
KNOWN_OFF = frozenset({"FAULT", "PLANNED"})
"""Supply that is off for a known reason: nothing is learned from one more report."""
PUBLIC = frozenset({"PAY_POINTS", "HELP"})
"""What may be asked from any number."""
MACHINE = Actor("sms", roles=frozenset({"ADMINISTRATOR"}))
"""Under which name a customer's own message changes what they are sent."""
_SIGNS = re.compile(r"[\s。，,.!！;；:：、]+")
_OUTCOMES = {
    Outcome.ACCEPTED: TurnOutcome.SENT,
    Outcome.DELIVERED: TurnOutcome.SENT,
    Outcome.REFUSED: TurnOutcome.REFUSED,
    Outcome.UNDELIVERED: TurnOutcome.REFUSED,
}
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a message: its turn, and the turn of its answer (``None``: not answered); ``is_new`` is false for one that
    was taken before."""

    turn_id: int
    answer_id: int | None
    is_new: bool


def receive(
    *, outside_id: str, phone: str, text: str, at: datetime, library: RuleLibrary | None = None,
    gateway: Gateway | None = None,
) -> Received:  # fmt: skip
    """Keep a message, answer it, hand the answer to the gateway. Raises :class:`InvalidInput` for what is no message."""
    with transaction.atomic():
        turn, is_new = actions.keep_text(
            outside_id=outside_id, phone=phone, text=text, unit_id=actions.root_unit(), at=at
        )  # fmt: skip
        if is_new:
            key = f"{ANSWER}:{turn}"
            jobs.enqueue(kind=ANSWER, dedup_key=key, payload={"turn": turn}, at=at, run_at=at + ANSWER_AFTER)
    if is_new:
        try:
            act(turn, at=at, library=library, gateway=gateway)
        except Exception:
            # Kept and committed: the job answers it. The gateway need not say it again.
            log.exception("message %s was kept and could not be answered", turn)
    return Received(turn, actions.answer_of(turn), is_new)


def act(turn: int, *, at: datetime, library: RuleLibrary | None = None, gateway: Gateway | None = None) -> None:
    """Answer a kept message unless that was done, and send the answer unless that was done. Raises ``NoRuleInForce``."""
    rules = library or current.library()
    actions.answer_text(turn_id=turn, reply=lambda heard: reply(heard, at=at, library=rules), at=at)
    waiting = actions.answer_of(turn)
    told = actions.to_send(waiting) if waiting is not None else None
    if told is None:
        return
    way = gateway or next(one for one in notice_delivery.ways_out() if one.channel is Channel.SMS)
    # The number of the message stays the same however often it is handed over, so a gateway sends it once.
    (answer,) = way.send([Message(told.message_id, Channel.SMS, told.phone, told.text)])
    if answer.outcome is Outcome.BUSY:
        raise ConnectionError(f"the gateway {way.code} takes nothing now")
    actions.note_sent(turn_id=told.turn_id, outcome=_OUTCOMES.get(answer.outcome, TurnOutcome.UNKNOWN), at=at)


def understood(text: str, rule: TextService) -> str:
    """What a message asks for by the table, empty for nothing: its words are compared without blanks, stops and case.

    Full-width signs count as their plain ones, so that what an input method makes of CX is CX.
    """
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", text)).upper()
    words = {word.upper(): one.asks for one in rule.commands.table for word in one.words}
    return words.get(plain, "")


def reply(heard: Heard, *, at: datetime, library: RuleLibrary) -> TextAnswer | None:
    """The answer to a message; ``None`` when the number was answered too often within the hour."""
    on = at.astimezone(BILLING_ZONE).date()
    rule = library.version(TextService, on=on, territory=TERRITORY).body
    if heard.recent >= rule.limits.answers_an_hour:
        return None
    hotline = library.version(Notices, on=on, territory=TERRITORY).body.sender.hotline
    desk = Desk(rule, hotline, at, library, heard.phone)
    accounts = customers.accounts_verified_by_phone(heard.phone, limit=MOST_ACCOUNTS)
    return replace(_replied(desk, heard, accounts), is_verified=bool(accounts))


def preview(*, phone: str, text: str, at: datetime, library: RuleLibrary) -> TextAnswer:
    """What a message would be answered. Nothing is kept or changed: what a command would change is undone."""
    with transaction.atomic():
        told = reply(Heard(0, 0, phone, text, 0, "", ()), at=at, library=library)
        transaction.set_rollback(True)
    assert told is not None, "nobody has been answered too often"
    return told


def _replied(desk: Desk, heard: Heard, accounts: tuple[str, ...]) -> TextAnswer:
    text = heard.text.strip()
    if text.isdecimal() and len(text) == 1:
        place = int(text) - 1
        # Offered some minutes ago; whether the number may still be told of it is asked now.
        if heard.pending and 0 <= place < len(heard.offered) and heard.offered[place] in accounts:
            return desk.answer(heard.pending, heard.offered[place])
        return desk.told("NO_CHOICE")
    asks = understood(text, desk.rule) or "HELP"
    if asks in PUBLIC:
        return desk.answer(asks, accounts[0] if len(accounts) == 1 else "")
    if not accounts:
        return desk.told("NOT_VERIFIED")
    if len(accounts) == 1:
        return desk.answer(asks, accounts[0])
    return desk.choice(asks, accounts)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers: the rule, the hotline, the moment; ``phone`` is who asks."""

    rule: TextService
    hotline: str
    at: datetime
    library: RuleLibrary
    phone: str = ""

    def told(self, answers: str, account: str = "", **slots: str) -> TextAnswer:
        """An answer with its slots filled, cut to the parts that the rule allows."""
        found = next(one for one in self.rule.replies.table if one.answers == answers)
        known = {"account": account, "hotline": self.hotline, **slots}
        text = re.sub(r"\{([a-z_]+)\}", lambda slot: known[slot[1]], found.text)
        return TextAnswer(answers, found.code, cut(text, self.rule.limits.most_parts), False, account)

    def choice(self, asks: str, accounts: tuple[str, ...]) -> TextAnswer:
        """Let the customer choose: the numbers' last four digits are enough for whoever owns them."""
        minutes = self.rule.limits.choice_minutes
        choices = "，".join(f"{place}. 尾号{number[-4:]}" for place, number in enumerate(accounts, start=1))
        told = self.told("CHOOSE", choices=choices, minutes=str(minutes))
        return replace(told, pending=asks, offered=accounts, offered_until=self.at + timedelta(minutes=minutes))

    def answer(self, asks: str, account: str) -> TextAnswer:
        """The answer to one command about one account."""
        by_name: Mapping[str, Callable[[str], TextAnswer]] = {
            "BILL": self._bill, "BALANCE": self._balance, "OUTAGE": self._outage, "PAY_POINTS": self._pay_points,
            "OPT_OUT": self._opt_out, "OPT_IN": self._opt_in, "REPORT": self._report,
            "HELP": lambda _account: self.told("HELP"),
        }  # fmt: skip
        return by_name[asks](account)

    def _on(self) -> datetime:
        return self.at.astimezone(BILLING_ZONE)

    def bill_slots(self, account: str) -> Mapping[str, str] | None:
        """The last published bill of an account in words, and what it owes altogether; ``None`` for no bill."""
        on = self._on().date()
        bills = billing.bills_of_account(
            Scope.everywhere(), account, last=Month.of(on), count=MONTHS_BACK, published=True
        )  # fmt: skip
        bill = next((one for one in bills if one.stands), None)
        if bill is None:
            return None
        owed = standing(Scope.everywhere(), account, on=on, library=self.library).to_pay_fen
        return {
            "month": f"{bill.month.year}年{bill.month.number}月", "energy": _hundredths(bill.energy_ckwh),
            "amount": str(yuan(bill.amount_fen)), "due_on": f"{bill.due_on.month}月{bill.due_on.day}日",
            "owed": str(yuan(owed)),
        }  # fmt: skip

    def _bill(self, account: str) -> TextAnswer:
        slots = self.bill_slots(account)
        return self.told("NO_BILL", account) if slots is None else self.told("BILL", account, **slots)

    def _balance(self, account: str) -> TextAnswer:
        found = standing(Scope.everywhere(), account, on=self._on().date(), library=self.library)
        return self.told("BALANCE", account, owed=str(yuan(found.to_pay_fen)), credit=str(yuan(found.credit_fen)))

    def outages_said(self, account: str) -> tuple[str, ...]:
        """What is known of supply at an account, each once; nothing when it is on and nothing is planned."""
        found = supply.supply_status(Scope.everywhere(), account, now=self.at, library=self.library)
        said = dict.fromkeys(filter(None, (_outage_said(one.answer) for one in found)))
        return tuple(said)[: self.rule.limits.most_places]

    def _outage(self, account: str) -> TextAnswer:
        said = self.outages_said(account)
        return self.told("OUTAGE", account, places="；".join(said)) if said else self.told("NO_OUTAGE", account)

    def _report(self, account: str) -> TextAnswer:
        """A fault report, unless it is known already why supply is off: then that is told."""
        found = supply.supply_status(Scope.everywhere(), account, now=self.at, library=self.library)
        if any(one.answer.standing in KNOWN_OFF for one in found):
            return self._outage(account)
        made = fault_reports.report(
            account=account, phone=self.phone, channel=CHANNEL, situation=SITUATION, actor=MACHINE, at=self.at,
            charter=Charter.current(),
        )  # fmt: skip
        told = self.told("REPORTED" if made.is_new else "REPORTED_BEFORE", account, case=made.number)
        return replace(told, case_number=made.number)

    def pay_points_said(self, account: str = "") -> tuple[str, ...]:
        """Some outlets that take payments; of an account whose place is known the nearest, with how far it is as the crow flies."""
        points = [one for one in outlets.public_outlets(on=self._on().date()) if OutletService.PAY in one.services]
        here = spots.position_of(account) if account else None
        if here is None:
            return tuple(f"{one.name}（{one.address}）" for one in points[: self.rule.limits.most_places])
        far = sorted(
            (distance_m(Spot(*here), Spot(one.longitude_e6, one.latitude_e6)), one.code, one) for one in points
        )
        return tuple(f"{one.name}（{one.address}，{_way(m)}）" for m, _code, one in far[: self.rule.limits.most_places])

    def _pay_points(self, account: str) -> TextAnswer:
        said = self.pay_points_said(account)
        return self.told("PAY_POINTS", places="；".join(said)) if said else self.told("NO_PAY_POINTS")

    def _opt_out(self, account: str) -> TextAnswer:
        held = opting_out.opted_out_of(Scope.everywhere(), account)
        for purpose in self.rule.opt_out.purposes:
            if purpose not in held:
                reaching.opt_out(account_number=account, purpose=purpose, source="REPLY", actor=MACHINE, at=self.at)
        return self.told("OPTED_OUT", account)

    def _opt_in(self, account: str) -> TextAnswer:
        held = opting_out.opted_out_of(Scope.everywhere(), account)
        for purpose in self.rule.opt_out.purposes:
            if purpose in held:
                reaching.opt_in(account_number=account, purpose=purpose, actor=MACHINE, at=self.at)
        return self.told("OPTED_IN", account)


def cut(text: str, parts: int) -> str:
    """A text that takes no more than so many parts; what is left out is told by a mark.

    A part of several holds 67 units of UTF-16, one alone 70 (3GPP TS 23.040, 9.2.3.24.1).
    """
    most = 70 if parts == 1 else 67 * parts
    if len(text.encode("utf-16-be")) // 2 <= most:
        return text
    kept = text.encode("utf-16-be")[: 2 * (most - 1)].decode("utf-16-be", "ignore")
    return f"{kept}…"


def _outage_said(found: supply.Answer) -> str:
    if found.is_off:
        until = f"，预计{_moment(found.until)}来电" if found.until else "，来电时间待定"
        return f"{'计划停电' if found.standing == 'PLANNED' else '故障停电'}{until}"
    if found.standing == "REPORTED":
        return "已收到停电报修，正在核实"
    if found.next_from and found.next_until:
        return f"计划于{_moment(found.next_from)}至{_moment(found.next_until)}停电"
    return ""


def _way(meters: int) -> str:
    """About how far: 350米, 1.2公里."""
    return f"约{round(meters, -1)}米" if meters < METERS_OF_KM else f"约{meters / METERS_OF_KM:.1f}公里"


def _moment(at: datetime) -> str:
    local = at.astimezone(BILLING_ZONE)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _hundredths(number: int) -> str:
    sign, rest = ("-" if number < 0 else ""), abs(number)
    return f"{sign}{rest // 100}.{rest % 100:02d}"


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function; effectively once: what was answered and sent is left alone."""

    def again(payload: jobs.Payload, _held: jobs.Claim) -> None:
        act(payload["turn"], at=clock())

    return {ANSWER: again}
