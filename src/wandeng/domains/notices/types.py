"""Values of the notices: channels, purposes, messages and what gateways answer, and what queries return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType, Protocol

from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed

NoticeId = NewType("NoticeId", int)
RecipientId = NewType("RecipientId", int)
VersionId = NewType("VersionId", int)

ADDRESS_COLUMN = "notices_noticeaddress.address"
"""The name that ``infra.pii`` derives the keys of sealed addresses from."""


class Channel(StrEnum):
    """How a message travels."""

    SMS = "SMS"
    WECHAT = "WECHAT"
    VOICE = "VOICE"
    EMAIL = "EMAIL"
    LETTER = "LETTER"


class Purpose(StrEnum):
    """What a notice is about: opt-outs and sending hours go by it."""

    PAYMENT = "PAYMENT"
    BILL = "BILL"
    ARREARS = "ARREARS"
    DISCONNECTION = "DISCONNECTION"
    SUPPLY = "SUPPLY"
    PREPAY = "PREPAY"
    OUTAGE = "OUTAGE"
    APPOINTMENT = "APPOINTMENT"
    WORK = "WORK"


class Outcome(StrEnum):
    """What is known of a message after a call of the gateway.

    ``ACCEPTED`` it will be delivered; ``DELIVERED`` it was; ``BUSY`` surely not taken, try again later; ``REFUSED`` never
    to this address; ``UNDELIVERED`` taken, and could not be delivered; ``UNKNOWN`` nobody can say; ``NOT_KNOWN`` asked,
    and the gateway has never seen it.
    """

    ACCEPTED = "ACCEPTED"
    DELIVERED = "DELIVERED"
    BUSY = "BUSY"
    REFUSED = "REFUSED"
    UNDELIVERED = "UNDELIVERED"
    UNKNOWN = "UNKNOWN"
    NOT_KNOWN = "NOT_KNOWN"


class OwnDraft(NotAllowed):
    """Nobody approves the text they drafted themselves."""

    code = "NOTICE_OWN_DRAFT"


class TextInvalid(InvalidInput):
    """A text names a slot that it may not, or not at all."""

    code = "NOTICE_TEXT_INVALID"


class NoTemplateInForce(Conflict):
    """No approved version of the template holds on the day."""

    code = "NO_TEMPLATE_IN_FORCE"


@dataclass(frozen=True, slots=True)
class ChannelText:
    """What one channel says. ``reduced`` is said to a number that nobody verified: it names no name, address or amount."""

    text: str
    reduced: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a gateway gets it; ``message_id`` stays the same however often it is handed over."""

    message_id: str
    channel: Channel
    address: str
    text: str
    title: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway said of one message."""

    outcome: Outcome
    detail: str = ""


class Gateway(Protocol):
    """A way out for one channel.

    ``can_be_asked``: :meth:`ask` tells what became of a message. ``reports``: acceptance is not the last word, delivery
    is told later. ``settle_seconds``: so long a message may be on its way before the gateway knows of it.
    ``at_once`` messages are handed over together, ``call_seconds`` is the longest that takes.

    ``send`` hands messages over, and answers in their order; it raises nothing, what failed is an answer too. ``ask``
    says what became of messages; one that cannot be told is left out.
    """

    code: str
    channel: Channel
    can_be_asked: bool
    reports: bool
    settle_seconds: int
    call_seconds: int
    at_once: int

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]: ...
    def ask(self, message_ids: Sequence[str]) -> Mapping[str, Answer]: ...


@dataclass(frozen=True, slots=True)
class SendingRule:
    """When a day allows sending (minutes of the local day, half-open), and which purposes know no hours or no opt-out."""

    first_minute: int
    last_minute: int
    off_first_minute: int
    off_last_minute: int
    any_hour: frozenset[str]
    required: frozenset[str]
    hotline: str
    path: str
    quiet_leaves: int
    """So many minutes of every day's hours an account's own quiet hours leave at least."""


@dataclass(frozen=True, slots=True)
class ContactWish:
    """What an account chose: ``channel`` first (empty: as the texts say), nothing between two minutes of the local day, over
    midnight where the second lies before the first; ``None``: no quiet hours."""

    channel: str = ""
    quiet_first: int | None = None
    quiet_last: int | None = None


@dataclass(frozen=True, slots=True)
class MessageWish:
    """A purpose an account is told of: ``is_required`` by rule, so that it comes ``is_off`` or not."""

    purpose: str
    is_required: bool
    is_off: bool


@dataclass(frozen=True, slots=True)
class ContactPreferenceShown:
    """What an account wants to be told, by which channel first (``channels`` are those that reach it), and when not: ``quiet`` as
    ``21:00-07:00``, empty for none. ``set_at`` is ``None`` where nobody chose anything."""

    account_number: str
    messages: tuple[MessageWish, ...]
    channel: str
    channels: tuple[str, ...]
    quiet: str
    source: str
    set_by: str
    set_at: datetime | None


@dataclass(frozen=True, slots=True)
class SlotShown:
    """A slot as the page of a template explains it."""

    name: str
    word: str
    example: str
    is_personal: bool


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version of a template; ``is_in_force`` on the day that was asked for, ``notices`` were made from it."""

    version_id: VersionId
    number: int
    state: str
    valid_from: date
    channels: tuple[str, ...]
    slots: tuple[str, ...]
    texts: Mapping[str, ChannelText]
    is_default: bool
    reason: str
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    approved_at: datetime | None
    is_in_force: bool
    notices: int


@dataclass(frozen=True, slots=True)
class TemplateShown:
    """A template with its versions, newest first."""

    code: str
    name: str
    purpose: str
    audience: str
    is_default: bool
    versions: tuple[VersionShown, ...]

    @property
    def in_force(self) -> VersionShown | None:
        return next((one for one in self.versions if one.is_in_force), None)


@dataclass(frozen=True, slots=True)
class Preview:
    """A text with its slots filled: what is said, what a number nobody verified is told, and what it takes."""

    channel: str
    title: str
    text: str
    reduced: str
    parts: int
    reduced_parts: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Who was told, how and when. ``account_number`` or ``person_code`` is empty."""

    account_number: str
    person_code: str
    state: str
    channel: str
    masked: str
    is_reduced: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptShown:
    """One attempt at a recipient."""

    channel: str
    round: int
    gateway: str
    message_id: str
    masked: str
    is_reduced: bool
    parts: int
    calls: int
    outcome: str
    answer: str
    first_at: datetime
    last_at: datetime
    letter_batch: int | None


@dataclass(frozen=True, slots=True)
class StepShown:
    """A move in the life of a recipient."""

    move: str
    to_state: str
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RecipientShown:
    """A notice to one recipient, whole: what it says, whom it is for, what was tried."""

    recipient_id: RecipientId
    notice_id: NoticeId
    key: str
    template_code: str
    template_name: str
    version_number: int
    purpose: str
    is_urgent: bool
    account_number: str
    account_name: str
    person_code: str
    person_name: str
    unit_code: str
    unit_name: str
    state: str
    channel: str
    channels: tuple[str, ...]
    round: int
    why: str
    due_at: datetime | None
    reached_at: datetime | None
    made_by: str
    made_at: datetime
    title: str
    text: str
    reduced: str
    others: int
    attempts: tuple[AttemptShown, ...] = field(default=())
    steps: tuple[StepShown, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Sent:
    """What a fan-out wrote: the notice and how many recipients; ``is_repeat`` when its key was there before."""

    notice_id: NoticeId
    recipients: int
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class GatewayShown:
    """A gateway as its breaker sees it."""

    code: str
    channel: str
    failures: int
    open_until: datetime | None
    failed_at: datetime | None
    worked_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """What stands in the outbox of a scope, by state; ``unknown`` and ``letters`` wait for a person."""

    by_state: Mapping[str, int]
    letters: int


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter as it is printed."""

    account_number: str
    name: str
    address: str
    title: str
    text: str
    sender: str
    reference: str


@dataclass(frozen=True, slots=True)
class BatchShown:
    """A batch of letters."""

    batch_id: int
    unit_code: str
    unit_name: str
    printed_by: str
    printed_at: datetime
    letters: tuple[Letter, ...]
