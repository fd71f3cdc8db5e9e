"""Self-service (自助服务): sending the codes that residents ask for, and what the first page says of an account.

A code goes to the gateway by a job, whether or not there is anybody to send it to: how long a page takes tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.billing.queries import accounts as billing
from wandeng.domains.billing.queries.accounts import BillOfAccount
from wandeng.domains.notices.types import Channel, Gateway, Message, Outcome
from wandeng.domains.payments.queries.standing import standing
from wandeng.domains.payments.types import Standing
from wandeng.domains.residents import actions
from wandeng.domains.residents.types import CodeAsked, actor_of
from wandeng.flows import notice_delivery
from wandeng.flows.online_payments import orders
from wandeng.flows.supply_status import answers as supply
from wandeng.flows.supply_status.answers import AreaAnswer
from wandeng.infra import jobs
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.money import fen
from wandeng.kernel.periods import BILLING_ZONE, Month

SEND = "residents.send_code"
MONTHS_BACK = 24
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class AccountFront:
    """The first page of an account: what it owes, its last published bill (``None``: none yet), supply at each of its areas."""

    money: Standing
    bill: BillOfAccount | None
    supply: tuple[AreaAnswer, ...]


def ask_login_code(*, phone: str, address: str, at: datetime, library: RuleLibrary) -> CodeAsked:
    """Ask for a code to log in. Raises as :func:`residents.actions.ask_login_code`."""
    with transaction.atomic():
        return _queued(actions.ask_login_code(phone=phone, address=address, at=at, library=library), at)


def ask_binding_code(
    *, resident_id: int, account_number: str, address: str, at: datetime, library: RuleLibrary
) -> CodeAsked:
    """Ask for a code to the phone of an account. Raises as :func:`residents.actions.ask_binding_code`."""
    with transaction.atomic():
        asked = actions.ask_binding_code(
            resident_id=resident_id, account_number=account_number, address=address, at=at, library=library
        )
        return _queued(asked, at)


def _queued(asked: CodeAsked, at: datetime) -> CodeAsked:
    jobs.enqueue(kind=SEND, dedup_key=f"{SEND}:{asked.id}", payload={"code": asked.id}, at=at, run_at=at)
    return asked


def send(code_id: int, *, at: datetime, library: RuleLibrary | None = None, gateway: Gateway | None = None) -> bool:
    """Hand a code to the gateway unless that was done, it is over, or it goes nowhere; says whether it was. The message keeps its
    number, so a gateway sends it once. Raises ``ConnectionError`` while the gateway takes nothing."""
    told = actions.to_send(code_id, at=at, library=library)
    if told is None:
        return False
    way = gateway or next(one for one in notice_delivery.ways_out() if one.channel is Channel.SMS)
    (answer,) = way.send([Message(told.message_id, Channel.SMS, told.phone, told.text, is_urgent=True)])
    if answer.outcome is Outcome.BUSY:
        raise ConnectionError(f"the gateway {way.code} takes nothing now")
    actions.note_sent(code_id, at=at)
    return True


def front(account_number: str, *, at: datetime, library: RuleLibrary) -> AccountFront:
    """What the first page says of an account that the asker holds. Raises ``NoRuleInForce``."""
    on, everywhere = at.astimezone(BILLING_ZONE).date(), Scope.everywhere()
    bills = published_bills(account_number, at=at, count=MONTHS_BACK)
    return AccountFront(
        standing(everywhere, account_number, on=on, library=library),
        bills[0] if bills else None,
        supply.supply_status(everywhere, account_number, now=at, library=library),
    )


def published_bills(account_number: str, *, at: datetime, count: int) -> tuple[BillOfAccount, ...]:
    """The bills of the last ``count`` months that stand and that customers may see, the newest first."""
    last = Month.of(at.astimezone(BILLING_ZONE).date())
    found = billing.bills_of_account(Scope.everywhere(), account_number, last=last, count=count, published=True)
    return tuple(one for one in found if one.stands)


def pay(*, resident_id: int, account_number: str, amount: str, channel: str, key: str, at: datetime) -> orders.Opened:
    """Open an order for an account that the resident holds: an amount in yuan as typed, for bills or paid in advance. The same
    key of the same resident is the same order.

    Raises :class:`InvalidInput` for what is no amount, and as :func:`orders.open_order`.
    """
    payer = Actor(actor_of(resident_id).code, roles=frozenset({"ADMINISTRATOR"}))
    return orders.open_order(
        key=f"my:{resident_id}:{key}", account_number=account_number, amount_fen=fen(amount.strip()), channel=channel,
        actor=payer, at=at,
    )  # fmt: skip


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def sent(payload: jobs.Payload, _held: jobs.Claim) -> None:
        send(payload["code"], at=clock())

    return {SEND: sent}
