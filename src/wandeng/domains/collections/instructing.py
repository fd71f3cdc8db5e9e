"""Signed instructions out, receipts in: the numbers of a channel, what is written down, what is believed."""

from __future__ import annotations

from datetime import datetime, timedelta

from wandeng.domains.collections.models import (
    DisconnectionOrder,
    InstructionChannel,
    InstructionReceipt,
    ReconnectionOrder,
    SignedInstruction,
)
from wandeng.domains.collections.types import GATEWAY, OUR_KEY
from wandeng.infra import signed_files
from wandeng.infra.signed_files import Message, MessageRefused, Opened, Signer

FIELD, REMOTE = "FIELD", "REMOTE"
BACK_VALID = timedelta(days=30)
"""An instruction to give supply back does not go stale; the protocol wants a day on which it would."""


def cut_instruction(
    order: DisconnectionOrder, *, means: str, account_number: str, at: datetime, valid: timedelta
) -> SignedInstruction:
    """Number, sign and keep the instruction to cut. Called in the transaction of the dispatch."""
    body = {"kind": "DISCONNECT", "order": order.number, "account": account_number}
    return _issue(order.unit_id, order.unit.code, means, body, at, at + valid, disconnection=order)


def back_instruction(order: ReconnectionOrder, *, means: str, account_number: str, at: datetime) -> SignedInstruction:
    """The same for giving supply back."""
    body = {"kind": "RECONNECT", "order": order.number, "account": account_number}
    return _issue(order.unit_id, order.unit.code, means, body, at, at + BACK_VALID, reconnection=order)


def _issue(
    unit_id: int, unit_code: str, means: str, body: dict[str, str], at: datetime, until: datetime,
    disconnection: DisconnectionOrder | None = None, reconnection: ReconnectionOrder | None = None,
) -> SignedInstruction:  # fmt: skip
    channel = locked_channel(f"{means}:{unit_code}", unit_id)
    sequence = channel.last_sent + 1
    InstructionChannel.objects.filter(pk=channel.pk).update(last_sent=sequence)
    signer = Signer(OUR_KEY)
    text = signer.seal(Message(channel.code, sequence, at, until, body))
    return SignedInstruction.objects.create(
        channel=channel, sequence=sequence, kind=body["kind"], disconnection=disconnection, reconnection=reconnection,
        text=text, key_id=signer.key_id, issued_at=at, expires_at=until,
    )  # fmt: skip


def locked_channel(code: str, unit_id: int) -> InstructionChannel:
    """The channel's row, locked until the transaction ends: its numbers have neither gaps nor doubles."""
    InstructionChannel.objects.get_or_create(code=code, defaults={"unit_id": unit_id})
    return InstructionChannel.objects.select_for_update().get(code=code)


def admitted(text: str, *, at: datetime) -> tuple[Opened, InstructionChannel]:
    """A receipt that is to be believed, and its channel locked with its number taken.

    Raises :class:`MessageRefused` (forged, replayed, gapped, expired, unreadable).
    """
    opened = signed_files.open_signed(text, signed_files.trusted(GATEWAY))
    code = opened.message.channel
    channel = InstructionChannel.objects.select_for_update().filter(code=code).first()
    if channel is None:
        raise signed_files.Forged(f"instruction channel {code} is not known", channel=code)
    signed_files.admit(opened.message, channel=code, last=channel.last_taken, now=at)
    InstructionChannel.objects.filter(pk=channel.pk).update(last_taken=opened.message.sequence)
    return opened, channel


def note_refused(text: str, refused: MessageRefused, *, at: datetime) -> None:
    """Keep what came and was not believed."""
    sequence = refused.facts.get("sequence")
    InstructionReceipt.objects.create(
        channel_code=str(refused.facts.get("channel", ""))[:64],
        sequence=sequence if isinstance(sequence, int) and 0 <= sequence < 2**62 else None,
        verdict=refused.code, sentence=refused.message, digest=signed_files.digest(text), received_at=at,
    )  # fmt: skip
