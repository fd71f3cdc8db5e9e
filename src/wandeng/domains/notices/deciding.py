"""What becomes of a recipient whose turn has come: sent now, later, by another way, or not at all. Pure.

A recipient that is due stands at one channel of its version. Whoever opted out is left in peace unless the purpose is
the law's; outside the hours it waits; without an address for the channel the next one is tried.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.notices import quiet, rendering
from wandeng.domains.notices.types import Channel, ChannelText, ContactWish, Message, SendingRule
from wandeng.infra import pii


@dataclass(frozen=True, slots=True)
class Due:
    """A recipient whose turn has come, with what its text is filled from."""

    recipient_id: int
    channel: str
    channels: tuple[str, ...]
    round: int
    tries: int
    is_urgent: bool
    purpose: str
    texts: Mapping[str, ChannelText]
    slots: str
    account_id: int | None
    person_id: int | None
    account_number: str
    name: str
    address: str
    unit_name: str
    territory: str
    is_ordered: bool = False
    """The account's own order of channels holds already."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a recipient is reached by the channel: opened, never shown. ``is_verified``: it surely is theirs."""

    address: str
    is_verified: bool
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class ToSend:
    """A message ready to leave."""

    due: Due
    message: Message
    is_reduced: bool
    contact_id: int | None
    masked: str
    parts: int


@dataclass(frozen=True, slots=True)
class Put:
    """What is done with a recipient instead: ``verb`` of its state table (empty: it stays and is only put off), with the
    channel to try next, when, and why; ``order`` are the channels in the order that the account chose."""

    recipient_id: int
    verb: str
    channel: str
    due_at: datetime | None
    why: str
    order: str = ""


AllowedFrom = Callable[[str, str], datetime]
"""(territory, purpose) → the first moment at which it may leave."""


def decide(
    due: Due, reach: Reach | None, *, opted_out: bool, rule: SendingRule, allowed_from: datetime, now: datetime,
    wish: ContactWish | None = None,
) -> ToSend | Put:  # fmt: skip
    """What becomes of one recipient now."""
    is_required = due.purpose in rule.required
    if opted_out and not is_required:
        return Put(due.recipient_id, "opt_out", due.channel, None, "OPTED_OUT")
    if wish is not None and not is_required:
        chosen = _wished(due, wish, now)
        if chosen is not None:
            return chosen
    if allowed_from > now:
        return Put(due.recipient_id, "", due.channel, allowed_from, "HOURS")
    if reach is None:
        return next_channel(due.recipient_id, due.channel, due.channels, "NO_ADDRESS", now, from_waiting=True)
    text = due.texts[due.channel]
    filled = slots_of(due, rule)
    said = text.text if reach.is_verified else text.reduced
    body = rendering.fill(said, filled)
    message = Message(
        message_id=f"{due.recipient_id}-{due.channel}-{due.round}",
        channel=Channel(due.channel),
        address=reach.address,
        text=body,
        title=rendering.fill(text.title, filled),
        is_urgent=due.is_urgent,
    )
    return ToSend(
        due, message, not reach.is_verified, reach.contact_id, masked(due.channel, reach.address),
        rendering.parts_of(due.channel, body),
    )  # fmt: skip


def _wished(due: Due, wish: ContactWish, now: datetime) -> Put | None:
    """By another channel first, or later, as the account chose; nothing where its wish changes nothing."""
    if wish.channel in due.channels[1:] and not due.is_ordered:
        order = ",".join([wish.channel, *(one for one in due.channels if one != wish.channel)])
        return Put(due.recipient_id, "", wish.channel, now, "PREFERRED", order)
    until = quiet.until(wish, now)
    return Put(due.recipient_id, "", due.channel, until, "QUIET") if until is not None else None


def slots_of(due: Due, rule: SendingRule) -> dict[str, str]:
    """The values of a recipient's slots: those given, and those on record."""
    on_record = {"utility": due.unit_name, "hotline": rule.hotline}
    if due.account_id is not None:
        on_record |= {"account_number": due.account_number, "name": due.name, "address": due.address}
    given: dict[str, str] = json.loads(due.slots)
    return on_record | given


def next_channel(
    recipient_id: int, channel: str, channels: tuple[str, ...], why: str, now: datetime, *, from_waiting: bool = False
) -> Put:
    """The way after this one; none left: it has failed, and stands in the outbox for a person."""
    after = channels[channels.index(channel) + 1 :] if channel in channels else ()
    if not after:
        return Put(recipient_id, "fail", channel, None, why)
    return Put(recipient_id, "" if from_waiting else "fall_back", after[0], now, why)


def masked(channel: str, address: str) -> str:
    """An address as lists show it."""
    if channel in (Channel.SMS, Channel.VOICE):
        return pii.mask_phone(address)
    if channel == Channel.EMAIL:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return "" if channel == Channel.LETTER else f"{address[:2]}***"
