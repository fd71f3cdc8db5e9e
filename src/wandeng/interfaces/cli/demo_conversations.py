"""What a demonstration shows of conversations: residents who write and call, one who asks again about an open case, call-backs by
machine."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from wandeng.domains.conversations import queries
from wandeng.flows import outbound_calls, outbound_trial, text_service, voice
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import demo_residents as who
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
STRANGER = "13800009999"
TEXTS = (
    (who.FAMILY, 180, "电费"), (who.FAMILY, 178, "2"), (who.FAMILY, 120, "停电"), (who.BEHIND, 90, "YE"),
    (who.BEHIND, 88, "JFD"), (who.ELDER, 60, "CX"), (who.DARK, 30, "没电了"),
)  # fmt: skip
"""Who writes what, how many minutes ago."""
CALLS = ((who.ELDER, 50, "1 {account}# *"), (who.DARK, 0, "4 {account}# 2 *"))
"""Who calls, how many minutes ago, and what is pressed: the second asks again about the fault that was reported online."""
EARLIEST, LATEST = time(9), time(20, 30)


def leave_conversations(now: datetime, library: RuleLibrary) -> tuple[int, int]:
    """Short messages, calls to the menu, and call-backs by machine, by the ordinary ways; returns how many conversations and outbound
    calls there are. Twice is once."""
    if not queries.conversation_rows(EVERYWHERE).filter(medium="SMS").exists():
        for place, (one, ago, text) in enumerate(TEXTS):
            _write(f"demo-{place}", one.phone, text, now - timedelta(minutes=ago), library)
        _write("demo-stranger", STRANGER, "查电费", now - timedelta(minutes=45), library)
        for place, (one, ago, keys) in enumerate(CALLS):
            _call(f"demo-{place}", one.phone, keys, now - timedelta(minutes=ago), library)
        call(_by_day(now), library)
    return queries.conversation_rows(EVERYWHERE).count(), queries.outbound_rows(EVERYWHERE).count()


def call(at: datetime, library: RuleLibrary) -> int:
    """Have every call that is due at a moment made by an exchange that rings nobody; returns how many."""
    made = 0
    while True:
        line = outbound_trial.SimulatedExchange()
        outbound_calls.place_due(clock=lambda: at, exchange=line, library=library)
        if not line.dialed:
            return made
        outbound_trial.play(line.dialed, at=at)
        made += len(line.dialed)


def _write(name: str, phone: str, text: str, at: datetime, library: RuleLibrary) -> None:
    text_service.receive(outside_id=name, phone=phone, text=text, at=at, library=library)


def _call(name: str, phone: str, keys: str, at: datetime, library: RuleLibrary) -> None:
    account = next(iter(voice.accounts_of(phone)), "")
    pressed = ["", *keys.format(account=account).split()]
    for number, digits in enumerate(pressed):
        try:
            voice.take(
                call=name,
                number=number,
                phone=phone,
                digits=digits,
                at=at + timedelta(seconds=12 * number),
                library=library,
            )
        except InvalidInput:
            return  # the menu ended the call before


def _by_day(now: datetime) -> datetime:
    """``now``, or the last moment before it at which customers are called."""
    local = now.astimezone(BILLING_ZONE)
    if EARLIEST <= local.time() < LATEST:
        return now
    day = local.date() if local.time() >= LATEST else local.date() - timedelta(days=1)
    return datetime.combine(day, LATEST, BILLING_ZONE)
