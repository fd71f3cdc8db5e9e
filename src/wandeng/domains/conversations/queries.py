"""What people ask of conversations."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, QuerySet

from wandeng.domains.conversations.models import Conversation, Turn
from wandeng.domains.conversations.types import PHONE_COLUMN, ConversationShown, TurnShown
from wandeng.infra import pii
from wandeng.infra.scope import Scope

UNIT = "unit__path"


def conversation_rows(scope: Scope) -> QuerySet[Any, Any]:
    """Conversations: id, medium, is_verified, account_number, case_number, unit_id, unit_code, unit_name, said, opened_at, last_at."""
    return scope.limit(Conversation.objects.all(), UNIT).values(
        "id", "medium", "is_verified", "case_number", "unit_id", "opened_at", "last_at", account_number=F("account__account_number"),
        unit_code=F("unit__code"), unit_name=F("unit__name"), said=Count("turns"),
    )  # fmt: skip


def conversation(scope: Scope, conversation_id: int) -> ConversationShown:
    """A conversation with its turns. Raises :class:`NotFound`, also outside the scope."""
    rows = Conversation.objects.select_related("unit", "account")
    found = scope.one(rows, UNIT, "conversation", pk=conversation_id)
    turns = Turn.objects.filter(conversation_id=found.pk).order_by("at", "id")
    return ConversationShown(
        found.pk, found.medium, pii.mask_phone(pii.open_sealed(found.phone_sealed, column=PHONE_COLUMN)),
        found.is_verified, found.account.account_number if found.account else "", found.case_number, found.unit.code, found.unit.name,
        found.opened_at, found.last_at,
        tuple(TurnShown(one.pk, one.direction, one.text, one.asked, one.code, one.outcome, one.at) for one in turns),
    )  # fmt: skip
