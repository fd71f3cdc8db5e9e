"""A customer's own report that supply is off (自助报修): a case like every other one, once an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.cases.actions import contact, intake
from wandeng.domains.cases.queries import known
from wandeng.domains.cases.types import Charter, Request
from wandeng.domains.customers.queries import accounts as customers
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor

PROCESS = "fault_repair"


@dataclass(frozen=True, slots=True)
class Reported:
    """The case; ``is_new`` is false for one that was open about the account already."""

    number: str
    is_new: bool


def report(
    *, account: str, phone: str, channel: str, situation: str, actor: Actor, at: datetime, charter: Charter,
    is_danger: bool = False,
) -> Reported:  # fmt: skip
    """Open a case about an account without supply, at its own address. An open one is told instead, whichever channel it came by: this
    contact joins it, and whoever was asked first is told. Danger is never joined to anything.

    Raises :class:`NotFound` for the account, and what opening a case raises.
    """
    for one in known.cases_of(Scope.everywhere(), account, charter=charter):
        if one.process == PROCESS and one.state == "OPEN" and not is_danger:
            contact.join(
                number=one.number, words=situation, phone_index=known.caller_mark(phone), channel=channel, actor=actor, at=at,
                charter=charter,
            )  # fmt: skip
            return Reported(one.number, False)
    place = customers.account(Scope.everywhere(), account).address
    answers = {"SITUATION": situation, "PLACE": place, "PHONE": phone, "DANGER": "YES" if is_danger else "NO"}
    request = Request(PROCESS, channel, answers, account_number=account)
    return Reported(intake.open_case(request=request, actor=actor, at=at, charter=charter).number, True)
