"""What every payment provider can be asked, whatever its protocol, and what it can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from wandeng.domains.payments.queries import online as orders
from wandeng.domains.payments.queries.online import ChannelFacts
from wandeng.infra import outgoing
from wandeng.kernel.errors import Conflict, Refused

PAID, NOT_PAID, CLOSED, ABSENT = "PAID", "NOT_PAID", "CLOSED", "ABSENT"
REFUNDED, REFUNDING, REFUND_FAILED, NO_REFUND = "REFUNDED", "REFUNDING", "REFUND_FAILED", "NO_REFUND"


class NotGenuine(Refused):
    """A message that is not believed: ``fault`` says why, ``order_number`` what it claims to be about."""

    code = "MESSAGE_NOT_GENUINE"

    def __init__(self, fault: str, order_number: str = "") -> None:
        super().__init__(f"the provider's message is not believed: {fault}", fault=fault)
        self.fault = fault
        self.order_number = order_number


class ProviderRefused(Conflict):
    """The provider answered, and does not do what was asked."""

    code = "PROVIDER_REFUSED"


class NotOffered(Conflict):
    """The protocol of this provider has no such question."""

    code = "PROVIDER_NOT_OFFERED"


@dataclass(frozen=True, slots=True)
class Told:
    """What a genuine message says: ``what`` is one of the words above; the rest as far as it is said.
    ``is_running_total``: the amount of a refund is that of all refunds of the order so far."""

    what: str
    order_number: str
    trade_number: str = ""
    amount_fen: int = 0
    at: datetime | None = None
    refund_number: str = ""
    reason: str = ""
    is_running_total: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to a question of ours: what it means, and the bytes it came in, for the record."""

    told: Told
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as a provider is asked about it."""

    number: str
    amount_fen: int
    subject: str
    opened_at: datetime
    expires_at: datetime
    trade_number: str = ""


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """A refund as a provider is asked for it."""

    number: str
    order: Asked
    amount_fen: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call-back is answered with."""

    status: int
    kind: str
    body: str


@dataclass(frozen=True, slots=True)
class DayLine:
    """A line of a provider's detail of a day (对账明细): money in, or a refund where ``refund_number`` is given."""

    order_number: str
    trade_number: str
    amount_fen: int
    at: datetime
    refund_number: str = ""


class Provider(Protocol):
    """An adapter of one channel. Every question may raise :class:`wandeng.infra.outgoing.CallFailed`, which means that
    nobody knows whether it was heard, and :class:`ProviderRefused`."""

    def create(self, order: Asked, *, now: datetime) -> str:
        """Make the order known; what the QR code says. The same number again is the same order."""
        ...

    def read(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Told:
        """Check and read a call-back. Raises :class:`NotGenuine`."""
        ...

    def reply(self, *, taken: bool) -> Reply:
        """How a call-back is answered that was kept, or not believed."""
        ...

    def query(self, order: Asked, *, now: datetime) -> Said:
        """PAID, NOT_PAID, CLOSED or ABSENT."""
        ...

    def close(self, order: Asked, *, now: datetime) -> None:
        """Let nobody pay the order any more."""
        ...

    def refund(self, refund: RefundAsked, *, now: datetime) -> Said:
        """Pay back: REFUNDED, REFUNDING or REFUND_FAILED. The same number again is the same refund."""
        ...

    def query_refund(self, refund: RefundAsked, *, now: datetime) -> Said:
        """REFUNDED, REFUNDING, REFUND_FAILED or NO_REFUND."""
        ...

    def detail(self, day: date, *, now: datetime) -> tuple[DayLine, ...]:
        """All lines of a day. Raises :class:`NotOffered`."""
        ...


Call = Callable[[str, str, bytes, Mapping[str, str]], outgoing.Answer]
"""Method, address, body, headers → answer: how an adapter reaches its provider."""
Adapter = Callable[[ChannelFacts, Call], Provider]


def of(channel: str) -> Provider:
    """The adapter of a channel with its keys. Raises ``NotFound`` for a channel that is not set up."""
    adapters: Mapping[str, Adapter] = import_string(settings.WANDENG_PAYMENT_PROVIDERS)
    facts = orders.channel_facts(channel)
    return adapters[facts.kind](facts, _call)


def _call(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> outgoing.Answer:
    allowed = outgoing.Allowed.parse(settings.WANDENG_OUTGOING)
    return outgoing.call(method, url, body=body, headers=headers, allowed=allowed)
