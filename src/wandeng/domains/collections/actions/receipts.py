"""What comes back from the remote-control gateway (回执): believed only when signed, next in number and in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from wandeng.domains.collections import instructing
from wandeng.domains.collections.actions import disconnection, reconnection
from wandeng.domains.collections.models import (
    DisconnectionOrder,
    InstructionReceipt,
    ReconnectionOrder,
    SignedInstruction,
)
from wandeng.domains.collections.types_orders import ReceiptTaken
from wandeng.domains.customers import actions as customers_actions
from wandeng.infra import audit
from wandeng.infra.signed_files import Message, MessageRefused, Unreadable
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import AccountId

GATEWAY = Actor("supply-gateway")
"""Under this name the gateway's reports stand in histories."""
_AHEAD = timedelta(minutes=5)


def take(*, text: str, at: datetime) -> ReceiptTaken:
    """Take one message: the supply of an account, read back after an instruction. What is not believed changes nothing,
    is kept with its reason and logged; the answer says which."""
    try:
        with transaction.atomic():
            return _believed(text, at)
    except MessageRefused as refused:
        with transaction.atomic():
            instructing.note_refused(text, refused, at=at)
            audit.record(
                actor=GATEWAY, action="instruction_receipt.refuse",
                subject=("collections.InstructionChannel", str(refused.facts.get("channel", ""))[:64]),
                facts={"code": refused.code, "sequence": str(refused.facts.get("sequence", ""))[:20]}, at=at,
            )  # fmt: skip
        return ReceiptTaken(refused.code, refused.message)


def _believed(text: str, at: datetime) -> ReceiptTaken:
    opened, channel = instructing.admitted(text, at=at)
    supply, seen_at, sequence = _facts(opened.message, at)
    sent = SignedInstruction.objects.filter(channel=channel, sequence=sequence).first()
    if sent is None:
        raise Unreadable("the receipt names an instruction that was never sent", channel=channel.code)
    cut = DisconnectionOrder.objects.filter(instructions=sent).first()
    back = ReconnectionOrder.objects.filter(instructions=sent).first()
    account_id = (cut or back).account_id  # type: ignore[union-attr]  # an instruction is of one of the two
    customers_actions.lock_accounts([AccountId(account_id)])
    InstructionReceipt.objects.create(
        channel_code=channel.code, sequence=opened.message.sequence, verdict="TAKEN", supply=supply, instruction=sent,
        digest=opened.digest, received_at=at,
    )  # fmt: skip
    number = _read_back(cut, back, supply, seen_at, at)
    return ReceiptTaken("TAKEN", "", number, supply)


def _read_back(
    cut: DisconnectionOrder | None, back: ReconnectionOrder | None, supply: str, seen_at: datetime, at: datetime
) -> str:
    """The state of supply that was read, on the order it belongs to. An instruction that had no effect leaves the order as
    it is: supply still on after a cut, still off after a return, is for a person."""
    if cut is not None:
        row = DisconnectionOrder.objects.select_related("unit", "account").get(pk=cut.pk)
        if supply == "OFF":
            disconnection.record_off(row, cut_at=seen_at, actor=GATEWAY, at=at)
        return row.number
    assert back is not None
    found = ReconnectionOrder.objects.select_related("unit", "account", "disconnection__unit").get(pk=back.pk)
    if supply == "ON":
        reconnection.record_on(found, restored_at=max(seen_at, found.due_from), actor=GATEWAY, at=at)
    return found.number


def _facts(message: Message, at: datetime) -> tuple[str, datetime, int]:
    """Supply, when it was read, and the number of the instruction it answers. Raises :class:`Unreadable`."""
    body: Any = message.body
    try:
        supply, seen_at, sequence = body["supply"], datetime.fromisoformat(body["seen_at"]), body["answers"]
    except (KeyError, TypeError, ValueError):
        raise Unreadable("the receipt lacks supply, time or number", channel=message.channel) from None
    if supply not in ("ON", "OFF") or seen_at.tzinfo is None or type(sequence) is not int or seen_at > at + _AHEAD:
        raise Unreadable("the receipt lacks supply, time or number", channel=message.channel)
    return supply, seen_at, sequence
