"""Calls that a machine makes (自动外呼): reminders of arrears and call-backs, by a telephone exchange that dials and then asks turn by
turn what to say.

A call is written down before the exchange is asked to dial it. What is pressed is acted on in the transaction of its turn, as a clerk
would: a dissatisfied customer opens the case again. How a call ended is taken once; a result that is forged, repeated or late changes
nothing. Arrears are told to verified numbers only.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from wandeng.domains.cases.actions import ending
from wandeng.domains.cases.queries import calling
from wandeng.domains.cases.types import Charter
from wandeng.domains.collections import actions as collections
from wandeng.domains.collections.queries import calls as dunned
from wandeng.domains.conversations import actions, queries
from wandeng.domains.conversations.types import (
    CallAnswer,
    CallHeld,
    CallPlaced,
    CallPurpose,
    CallResult,
    CallWanted,
    Dialed,
    Exchange,
)
from wandeng.domains.customers.queries import contacts as customers
from wandeng.flows.voice import GATEWAY, Spoken, VoiceAnswer, spoken_of
from wandeng.infra import jobs
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.outbound_calls import CallMenu, OutboundCalls
from wandeng.infra.scope import Scope
from wandeng.kernel import spoken
from wandeng.kernel import voice_menu as calc
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound, Refused
from wandeng.kernel.money import yuan
from wandeng.kernel.periods import BILLING_ZONE
from wandeng.kernel.voice_menu import At, Prompt, Then

__all__ = ["GATEWAY", "PLACE", "Placed", "ended", "exchange", "kinds", "place_due", "take"]

PLACE = "calls.place"
TERRITORY = "national"
MACHINE = Actor("ivr", roles=frozenset({"ADMINISTRATOR"}))
"""Under which name a machine's call is written down."""
EVERYWHERE = Scope.everywhere()
TAIL = 4
SCORES = {
    "SATISFIED": (4, ""),
    "DISSATISFIED": (2, "自动回访：客户按键表示不满意"),
    "ABSENT": (1, "自动回访：客户按键表示无人上门"),
}
"""What was pressed → score and remark of the call-back."""
SAYS = {"SAYS_PAID": "自动外呼：接听，称已交费", "WANTS_PERSON": "自动外呼：接听，要求人工", "": "自动外呼：接听"}
UNREACHED = {
    CallResult.NO_ANSWER: "自动外呼：无人接听", CallResult.BUSY: "自动外呼：占线", CallResult.FAILED: "自动外呼：未能拨出",
    CallResult.LOST: "自动外呼：没有结果", CallResult.HUNG_UP: "自动外呼：接听后挂断", CallResult.REACHED: "",
}  # fmt: skip
_SLOT = re.compile(r"\{([a-z_]+)\}")
Clock = Callable[[], datetime]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Placed:
    """A round of calling: how many were dialed, could not be, and were given up as lost."""

    dialed: int
    failed: int
    lost: int


def exchange() -> Exchange | None:
    """The telephone exchange of this installation, from the door that the settings name; ``None`` for none."""
    found: Callable[[], Exchange | None] = import_string(settings.WANDENG_EXCHANGE)
    return found()


def rule_of(at: datetime, library: RuleLibrary) -> OutboundCalls:
    """The rule in force. Raises ``NoRuleInForce``."""
    return library.version(OutboundCalls, on=at.astimezone(BILLING_ZONE).date(), territory=TERRITORY).body


def place_due(
    *, clock: Clock, exchange: Exchange | None, library: RuleLibrary | None = None,
    charter: Callable[[], Charter] = Charter.current,
) -> Placed:  # fmt: skip
    """Give up what was lost, then have as many calls dialed as lines are free, in the hours in which customers are called. Without an
    exchange nobody is called. Raises ``NoRuleInForce``."""
    rules, now = library or current.library(), clock()
    rule = rule_of(now, rules)
    silent = queries.open_calls(placed_before=now - timedelta(minutes=rule.trying.lost_minutes))
    lost = sum(ended(call_id=one, told=CallResult.LOST, at=now, library=rules, charter=charter) for one in silent)
    if exchange is None or not rule.hours.begins <= now.astimezone(BILLING_ZONE).time() < rule.hours.ends:
        return Placed(0, 0, lost)
    dialed = failed = 0
    free = rule.trying.at_once - len(queries.open_calls())
    for wanted in _wanted(now, rule, rules, charter()):
        if free <= 0:
            break
        placed = actions.place_call(wanted=wanted, at=now)
        if placed is None:
            continue
        free -= 1
        if _dial(exchange, placed) is Dialed.REFUSED:
            failed += 1
            ended(call_id=placed.id, told=CallResult.FAILED, at=clock(), library=rules, charter=charter)
        else:
            dialed += 1
    return Placed(dialed, failed, lost)


def _dial(exchange: Exchange, placed: CallPlaced) -> Dialed:
    """What the exchange said; one that breaks its promise never to raise has said nothing."""
    try:
        return exchange.dial(placed.name, placed.phone, placed.purpose)
    except Exception:
        log.exception("exchange %s failed", exchange.code)
        return Dialed.UNKNOWN


def _wanted(now: datetime, rule: OutboundCalls, library: RuleLibrary, charter: Charter) -> Iterator[CallWanted]:
    yield from _call_backs(now, rule, charter)
    yield from _reminders(now, rule, library)


def _call_backs(now: datetime, rule: OutboundCalls, charter: Charter) -> Iterator[CallWanted]:
    """Cases whose customers may be asked now: hours and attempts are those of their kind. Whom a key was pressed by before is left to a
    person."""
    chosen = rule.call_backs.processes
    found = calling.callable_rows(EVERYWHERE, charter=charter, now=now, roles=MACHINE.roles).filter(process__in=chosen)
    rows = {f"{row['number']}/{row['round']}": row for row in found.order_by("due_at", "id")[: rule.trying.at_once * 4]}
    tried = queries.tried(CallPurpose.CALL_BACK, list(rows))
    for about, row in rows.items():
        before = tried.get(about)
        if before is not None and (before.is_open or before.chosen or not _rested(before.last_at, now, rule)):
            continue
        if phone := _digits(calling.number_to_call(row["number"])):
            attempts = before.attempts if before else 0
            yield CallWanted(CallPurpose.CALL_BACK, about, attempts + 1, phone, row["account_number"], "")


def _reminders(now: datetime, rule: OutboundCalls, library: RuleLibrary) -> Iterator[CallWanted]:
    """Steps of the dunning ladder that wait for a call, to a number that was found right; without one nobody can be reached."""
    steps = {str(one.step_id): one for one in dunned.steps_to_call(library, now=now)}
    tried = queries.tried(CallPurpose.DUNNING, list(steps))
    for about, step in steps.items():
        before = tried.get(about)
        if before is not None and (before.is_open or not _rested(before.last_at, now, rule)):
            continue
        phone = _digits(customers.verified_number(step.account_id))
        if not phone:
            _settle(int(about), None, "自动外呼：没有核实过的号码", "", now)
        elif dunned.still_owed(step.account_number, now=now) > 0:
            attempts = before.attempts if before else 0
            yield CallWanted(CallPurpose.DUNNING, about, attempts + 1, phone, step.account_number, step.unit_path)


def _rested(last_at: datetime | None, now: datetime, rule: OutboundCalls) -> bool:
    return last_at is None or now >= last_at + timedelta(minutes=rule.trying.after_minutes)


def _digits(phone: str) -> str:
    """A number as it is dialed; empty for what is none."""
    digits = re.sub(r"\D", "", phone)
    return digits if 3 <= len(digits) <= 20 else ""


def _settle(step: int, reached_at: datetime | None, note: str, evidence: str, at: datetime) -> None:
    with suppress(NotFound):
        collections.settle_call(
            step_id=step, reached_at=reached_at, note=note, evidence=evidence, actor=MACHINE, at=at
        )  # fmt: skip


def call_id_of(name: str) -> int:
    """The call of a name that was given to the exchange. Raises :class:`NotFound` for any other."""
    number = name.removeprefix(queries.CALLED_OUT)
    if number == name or not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise NotFound("there is no such outbound call")
    return int(number)


def take(
    *, call: str, number: int, digits: str = "", at: datetime, library: RuleLibrary | None = None,
    charter: Callable[[], Charter] = Charter.current,
) -> VoiceAnswer:  # fmt: skip
    """Take turn ``number`` of an outbound call: 0 when it was taken up, the others bring what was pressed. The same turn again is answered
    the same and does nothing. Raises :class:`NotFound`, :class:`InvalidInput`, ``NoRuleInForce``."""
    rule = rule_of(at, library or current.library())

    def reply(placed: CallPlaced, held: CallHeld) -> CallAnswer:
        return Asked(rule.menu_of(placed.purpose), placed, held, at, charter).take(number, digits)

    told = json.loads(actions.outbound_turn(call_id=call_id_of(call), number=number, heard=digits, reply=reply, at=at))
    return VoiceAnswer(**told | {"say": tuple(spoken_of(one) for one in told["say"])})


@dataclass(slots=True)
class Asked:
    """One turn of an outbound call."""

    menu: CallMenu
    placed: CallPlaced
    held: CallHeld
    at: datetime
    charter: Callable[[], Charter]
    asked: list[str] = field(default_factory=list)

    def take(self, number: int, digits: str) -> CallAnswer:
        """Walk the menu until it waits for the customer again. Raises :class:`InvalidInput` for a turn that cannot be."""
        held, menu = self.held, self.menu.menu()
        if held.is_over or (number == 0) != (held.node == ""):
            raise InvalidInput("this call is over, or was not begun with turn 0")
        found = calc.begin(menu) if number == 0 else calc.step(menu, At(held.node, held.tries), digits)
        say = list(found.say)
        while found.then is Then.DO:
            outcome, said = self._done(found.action)
            self.asked.append(found.action)
            found = calc.came(menu, found.at, outcome, said)
            say += found.say
        return self._answer(tuple(say), found)

    def _answer(self, say: tuple[Prompt, ...], found: calc.Step) -> CallAnswer:
        texts, prefix = self.menu.texts(), self.placed.purpose.lower()
        told = tuple(
            Spoken(
                one.code, _SLOT.sub(lambda slot, one=one: one.slots[slot[1]], texts[one.code]),  # type: ignore[misc]
                spoken.fragments(f"{prefix}_{one.code}", texts[one.code], one.slots),
            )
            for one in say
        )  # fmt: skip
        answer = VoiceAnswer(found.at.node, told, str(found.then), found.digits, self.menu.seconds)
        return CallAnswer(
            " ".join(one.text for one in told), json.dumps(asdict(answer), ensure_ascii=False),
            (self.asked or [""])[-1][:16], str(found.then), found.at.node, found.at.tries, self.placed.account_number,
            _case_of(self.placed), found.then in (Then.TRANSFER, Then.HANGUP), self.placed.purpose is CallPurpose.DUNNING,
        )  # fmt: skip

    def _done(self, action: str) -> tuple[str, tuple[Prompt, ...]]:
        match action:
            case "OWED":
                return self._owed()
            case "MATTER":
                return self._matter()
        actions.note_choice(call_id=self.placed.id, choice=action)
        if self.placed.purpose is CallPurpose.DUNNING:
            _settle(int(self.placed.about), self.at, SAYS[action], self.placed.name, self.at)
        elif action in SCORES:
            score, remark = SCORES[action]
            # Somebody else may have asked in this moment: what was pressed stays with the call.
            with suppress(Refused):
                ending.call_back(
                    number=_case_of(self.placed), score=score, remark=remark, channel="PHONE", actor=MACHINE, at=self.at,
                    charter=self.charter(),
                )  # fmt: skip
        return "NOTED", ()

    def _owed(self) -> tuple[str, tuple[Prompt, ...]]:
        """What is owed now, and that it was heard: the step has reached somebody."""
        number = self.placed.account_number
        owed = dunned.still_owed(number, now=self.at)
        if owed <= 0:
            return "NOTHING", ()
        _settle(int(self.placed.about), self.at, SAYS[""], self.placed.name, self.at)
        tail = re.sub(r"\D", "", number)[-TAIL:]
        return "OWES", (Prompt("owed", {"tail": tail, "owed": str(yuan(owed))}),)

    def _matter(self) -> tuple[str, tuple[Prompt, ...]]:
        number, _slash, round_ = self.placed.about.partition("/")
        service = calling.asked_about(number, int(round_), charter=self.charter())
        return ("ASKED", (Prompt("matter", {"service": service}),)) if service else ("OVER", ())


def _case_of(placed: CallPlaced) -> str:
    return placed.about.partition("/")[0] if placed.purpose is CallPurpose.CALL_BACK else ""


def ended(
    *, call_id: int, told: CallResult, at: datetime, library: RuleLibrary | None = None,
    charter: Callable[[], Charter] = Charter.current,
) -> bool:  # fmt: skip
    """Take how a call ended, once; says whether it was news. A reminder that reached nobody in all its attempts is missed; a call-back
    that nobody answered counts as one attempt of the case's, as by a clerk. Raises :class:`NotFound`, ``NoRuleInForce``."""
    rule = rule_of(at, library or current.library())
    found = actions.end_call(call_id=call_id, told=told, actor=MACHINE, at=at)
    if found is None:
        return False
    call, result = found.call, found.result
    if call.purpose is CallPurpose.DUNNING:
        if not call.is_answered and call.attempt >= rule.trying.attempts:
            _settle(int(call.about), None, UNREACHED[result], call.name, at)
    elif not call.choice and result not in (CallResult.FAILED, CallResult.LOST):
        with suppress(Refused):
            ending.not_reached(
                number=_case_of(call), remark=UNREACHED[result], actor=MACHINE, at=at, charter=charter()
            )  # fmt: skip
    return True


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def place(_payload: jobs.Payload, _held: jobs.Claim) -> jobs.Payload:
        done = place_due(clock=clock, exchange=exchange())
        return {"dialed": done.dialed, "failed": done.failed, "lost": done.lost}

    return {PLACE: place}
