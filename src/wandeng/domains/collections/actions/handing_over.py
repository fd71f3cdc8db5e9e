"""Instructions to the remote-control gateway, in the order of their numbers, until it has them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.collections import instructing
from wandeng.domains.collections.models import ReconnectionOrder, SignedInstruction
from wandeng.domains.customers import actions as customers_actions
from wandeng.kernel.ids import AccountId


@transaction.atomic
def instruct_back(*, order: str, remote: bool, at: datetime) -> int:
    """The signed instruction of a reconnection order, made once for each way; returns its id. Nobody approves it and no
    quota counts it."""
    found = ReconnectionOrder.objects.get(number=order)
    customers_actions.lock_accounts([AccountId(found.account_id)])
    row = ReconnectionOrder.objects.select_related("unit", "account").get(pk=found.pk)
    means = instructing.REMOTE if remote else instructing.FIELD
    known = row.instructions.filter(channel__code__startswith=f"{means}:").first()
    if known is None:
        number = row.account.account_number
        known = instructing.back_instruction(row, means=means, account_number=number, at=at)
    return int(known.pk)


def open_remote() -> tuple[str, ...]:
    """Reconnection orders whose cut went through the gateway and whose way back it has not been told yet, oldest first."""
    rows = ReconnectionOrder.objects.filter(
        state="ORDERED", disconnection__instructions__channel__code__startswith="REMOTE:"
    )
    told = rows.exclude(instructions__channel__code__startswith="REMOTE:")
    return tuple(told.order_by("id").values_list("number", flat=True).distinct())


def waiting() -> tuple[tuple[int, str, int, str], ...]:
    """Instructions that the gateway does not have yet: id, channel, number and the signed text, in order."""
    rows = SignedInstruction.objects.filter(handed_over_at__isnull=True, channel__code__startswith="REMOTE:")
    found = rows.order_by("channel_id", "sequence").values_list("id", "channel__code", "sequence", "text")
    return tuple((int(one), str(code), int(sequence), str(text)) for one, code, sequence, text in found)


def note_handed_over(*, instruction_id: int, at: datetime) -> None:
    """The gateway has it. Handing it over again is harmless: it has the same number."""
    SignedInstruction.objects.filter(pk=instruction_id, handed_over_at__isnull=True).update(handed_over_at=at)
