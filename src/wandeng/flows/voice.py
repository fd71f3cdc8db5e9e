"""The telephone line as a web service (语音导航): a turn of a call is taken, what its menu asks for is looked up, and the telephone
is told what to say and what to wait for.

Any telephone exchange that can call an address drives it. A balance is told only when the account number that was typed is one of
which the calling number is a verified contact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from wandeng.domains.cases.types import Charter
from wandeng.domains.conversations import actions, queries
from wandeng.domains.conversations.types import CallAnswer, CallHeld
from wandeng.domains.customers.queries import accounts as customers
from wandeng.domains.emergency.queries import announcing
from wandeng.flows import fault_reports, text_service
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.notices import Notices
from wandeng.infra.effective.topics.text_service import TextService
from wandeng.infra.effective.topics.voice_menu import VoiceMenu
from wandeng.infra.scope import Scope
from wandeng.kernel import spoken
from wandeng.kernel import voice_menu as calc
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE
from wandeng.kernel.voice_menu import At, Prompt, Then

GATEWAY = "ivr"
"""Under which name the telephone exchange signs its calls."""
TERRITORY = "national"
CHANNEL = "PHONE_95598"
MACHINE = Actor("ivr", roles=frozenset({"ADMINISTRATOR"}))
"""Under which name a caller's own keys open a case."""
MOST_ACCOUNTS = 200
SITUATION = "电话自助报修：家中无电"
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A prompt as the telephone gets it; ``fragments`` are the recordings that say it, none where it has free text."""

    code: str
    text: str
    fragments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoiceAnswer:
    """What the telephone does: says ``say`` in order, then ``then`` (GATHER up to ``digits`` digits within ``seconds``, TRANSFER,
    HANGUP)."""

    node: str
    say: tuple[Spoken, ...]
    then: str
    digits: int
    seconds: int


def take(
    *, call: str, number: int, phone: str, digits: str = "", at: datetime, library: RuleLibrary | None = None,
    charter: Callable[[], Charter] = Charter.current,
) -> VoiceAnswer:  # fmt: skip
    """Take turn ``number`` of a call: 0 begins it, the others bring the digits that were pressed, none in time being empty.

    The same turn again is answered the same and does nothing. Raises :class:`InvalidInput`, ``NoRuleInForce``.
    """
    if call.startswith(queries.CALLED_OUT):
        raise InvalidInput("a call that comes in has another name")
    rules = library or current.library()
    on = at.astimezone(BILLING_ZONE).date()
    rule = rules.version(VoiceMenu, on=on, territory=TERRITORY).body

    def reply(held: CallHeld) -> CallAnswer:
        return Talk(rule, rules, held, at, charter).take(number, digits)

    answered = actions.call_turn(
        call=call, number=number, phone=phone, heard=digits, reply=reply, unit_id=actions.root_unit(), at=at
    )  # fmt: skip
    told: dict[str, Any] = json.loads(answered)
    return VoiceAnswer(**told | {"say": tuple(spoken_of(one) for one in told["say"])})


def accounts_of(phone: str) -> tuple[str, ...]:
    """The accounts of which a number is a verified contact."""
    return customers.accounts_verified_by_phone(phone, limit=MOST_ACCOUNTS)


def spoken_of(told: Mapping[str, Any]) -> Spoken:
    """A prompt from what was kept of it."""
    return Spoken(told["code"], told["text"], tuple(told.get("fragments", ())))


@dataclass(slots=True)
class Talk:
    """One turn of a call."""

    rule: VoiceMenu
    library: RuleLibrary
    held: CallHeld
    at: datetime
    charter: Callable[[], Charter]
    account: str = ""
    case: str = ""
    asked: list[str] = field(default_factory=list)

    def take(self, number: int, digits: str) -> CallAnswer:
        """Walk the menu until it waits for the caller again. Raises :class:`InvalidInput` for a turn that cannot be."""
        held, menu = self.held, self.rule.menu()
        self.account, self.case = held.account_number, held.case_number
        if held.is_over or (number == 0) != (held.node == ""):
            raise InvalidInput("this call is over, or was not begun with turn 0")
        found = calc.begin(menu) if number == 0 else calc.step(menu, At(held.node, held.tries), digits)
        say = list(found.say)
        while found.then is Then.DO:
            outcome, said = self._done(found.action, found.given)
            self.asked.append(f"{found.action}:{outcome}")
            found = calc.came(menu, found.at, outcome, said)
            say += found.say
        return self._answer(tuple(say), found)

    def _answer(self, say: tuple[Prompt, ...], found: calc.Step) -> CallAnswer:
        texts = self.rule.texts()
        told = tuple(
            Spoken(
                one.code,
                _SLOT.sub(lambda slot, one=one: one.slots[slot[1]], texts[one.code]),  # type: ignore[misc]
                spoken.fragments(one.code, texts[one.code], one.slots),
            )
            for one in say
        )
        answer = VoiceAnswer(found.at.node, told, str(found.then), found.digits, self.rule.limits.seconds)
        asked = actions.WRONG if actions.WRONG in self.asked else (self.asked or [""])[-1]
        return CallAnswer(
            " ".join(one.text for one in told), json.dumps(asdict(answer), ensure_ascii=False), asked[:16],
            str(found.then), found.at.node, found.at.tries, self.account, self.case,
            found.then in (Then.TRANSFER, Then.HANGUP),
        )  # fmt: skip

    def _done(self, action: str, given: str) -> tuple[str, tuple[Prompt, ...]]:
        by_name: Mapping[str, Callable[[str], tuple[str, tuple[Prompt, ...]]]] = {
            "STORM": self._storm, "CHECK": self._check, "KNOWN": self._known, "BILL": self._bill,
            "OUTAGE": self._outage, "PAY_POINTS": self._pay_points, "REPORT": self._report,
        }  # fmt: skip
        return by_name[action](given)

    def _own(self) -> tuple[str, ...]:
        return accounts_of(self.held.phone)

    def _storm(self, _given: str) -> tuple[str, tuple[Prompt, ...]]:
        """Who is known hears of the storm at home; who is not, of every storm there is."""
        units = [one.unit_path for one in map(self._facts, self._own()[:1])]
        found = [announcing.announcement(one) for one in units] or list(announcing.announcements(Scope.everywhere()))
        said = tuple(Prompt("storm", {"announcement": one.text}) for one in found if one is not None and one.text)
        return ("ANNOUNCED", said) if said else ("QUIET", ())

    def _facts(self, account: str) -> Any:
        return customers.account(Scope.everywhere(), account)

    def _check(self, given: str) -> tuple[str, tuple[Prompt, ...]]:
        """One answer for a number that is not there, not theirs, or tried too often: nothing is learned from it."""
        if self.held.wrong >= self.rule.limits.checks_an_hour or given not in self._own():
            return "WRONG", ()
        self.account = given
        return "RIGHT", ()

    def _known(self, _given: str) -> tuple[str, tuple[Prompt, ...]]:
        return ("YES" if self.account and self.account in self._own() else "NO"), ()

    def _desk(self) -> text_service.Desk:
        on = self.at.astimezone(BILLING_ZONE).date()
        rule = self.library.version(TextService, on=on, territory=TERRITORY).body
        hotline = self.library.version(Notices, on=on, territory=TERRITORY).body.sender.hotline
        return text_service.Desk(rule, hotline, self.at, self.library)

    def _bill(self, _given: str) -> tuple[str, tuple[Prompt, ...]]:
        slots = self._desk().bill_slots(self.account)
        if slots is None:
            return "NONE", ()
        return "TOLD", (Prompt("bill", {name: slots[name] for name in ("month", "amount", "owed")}),)

    def _outage(self, _given: str) -> tuple[str, tuple[Prompt, ...]]:
        said = self._desk().outages_said(self.account)
        return ("OFF", (Prompt("outage", {"places": "；".join(said)}),)) if said else ("NOTHING", ())

    def _pay_points(self, _given: str) -> tuple[str, tuple[Prompt, ...]]:
        said = self._desk().pay_points_said(self.account)
        return ("TOLD", (Prompt("pay_points", {"places": "；".join(said)}),)) if said else ("NONE", ())

    def _report(self, _given: str) -> tuple[str, tuple[Prompt, ...]]:
        """A case like every other one; one that is open about the account already is told instead."""
        if self.case:
            return "ASKED_BEFORE", (Prompt("reported_before", {"case": self.case}),)
        found = fault_reports.report(
            account=self.account, phone=self.held.phone, channel=CHANNEL, situation=SITUATION, actor=MACHINE, at=self.at,
            charter=self.charter(),
        )  # fmt: skip
        self.case = found.number
        if not found.is_new:
            return "ASKED_BEFORE", (Prompt("reported_before", {"case": found.number}),)
        return "OPENED", (Prompt("reported", {"case": self.case}),)
