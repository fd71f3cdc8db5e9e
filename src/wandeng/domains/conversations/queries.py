"""What people ask of conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from wandeng.domains.conversations.models import Conversation, OutboundCall, Turn
from wandeng.domains.conversations.types import (
    PHONE_COLUMN,
    CallPlaced,
    CallPurpose,
    ContactMade,
    ConversationShown,
    Direction,
    Medium,
    OldWords,
    Tried,
    TurnShown,
)
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
        tuple(TurnShown(
                one.pk, one.direction, one.text, one.asked, one.code, one.outcome, one.at, one.case_number, one.emptied_at
            )
            for one in turns
        ),
    )  # fmt: skip


def contacts_of_account(scope: Scope, account_id: int, *, most: int = 100) -> tuple[ContactMade, ...]:
    """What customers wrote and called about an account, newest first: a message each, a telephone call once. Whoever sees the
    account sees that there was one; the conversation only within the scope."""
    return _contacts(scope, Turn.objects.filter(account_id=account_id), most)


def contacts_of_case(scope: Scope, case_number: str, *, most: int = 100) -> tuple[ContactMade, ...]:
    """The same of a case that is within the scope: the conversations in which it was opened, or asked about again."""
    return _contacts(scope, Turn.objects.filter(case_number=case_number), most)


def _contacts(scope: Scope, turns: QuerySet[Turn], most: int) -> tuple[ContactMade, ...]:
    came = turns.filter(direction=Direction.IN).select_related("conversation__unit").order_by("-at", "-id")
    found = dict[tuple[str, int], ContactMade]()
    for turn in came[: most * MOST_OF_CALL]:
        held, asked = turn.conversation, turn.asked.partition(":")[0]
        is_call = held.medium == Medium.PHONE
        key = (held.medium, held.pk if is_call else turn.pk)
        known = found.get(key)
        if known is not None:
            # The last thing that was looked up says what a call was about; who it was says nothing of that.
            is_told = known.asked not in ASIDE
            found[key] = replace(
                known, asked=known.asked if is_told else asked, case_number=known.case_number or turn.case_number
            )
            continue
        number = pii.mask_phone(pii.open_sealed(held.phone_sealed, column=PHONE_COLUMN))
        found[key] = ContactMade(
            held.opened_at if is_call else turn.at, "CALLED" if held.key.startswith(CALLED_OUT) else held.medium, asked, turn.case_number, number,
            held.pk if scope.covers(held.unit.path) else None,
        )  # fmt: skip
    return tuple(found.values())[:most]


CALLED_OUT = "OUT-"
"""What the names of outbound calls begin with; no call that comes in may have such a name."""
ASIDE = frozenset({"", "CHECK", "KNOWN", "STORM"})
MOST_OF_CALL = 8
"""So many turns of a call are looked through for each contact that is shown."""


def old_words(before: datetime) -> OldWords:
    """What :func:`actions.empty_words` would empty: turns that lie before a moment and still have their words."""
    rows = Turn.objects.filter(OLD, at__lt=before)
    oldest = rows.order_by("at").values_list("at", flat=True).first()
    return OldWords(rows.count(), rows.values("conversation").distinct().count(), oldest)


OLD = Q(emptied_at__isnull=True)


def outbound_rows(scope: Scope) -> QuerySet[Any, Any]:
    """Outbound calls: id, purpose, about, attempt, account_number, unit_id, unit_name, state, result, choice, conversation_id, placed_at,
    answered_at, ended_at. Lazy."""
    return scope.limit(OutboundCall.objects.all(), UNIT).values(
        "id", "purpose", "about", "attempt", "state", "result", "choice", "unit_id", "conversation_id", "placed_at",
        "answered_at", "ended_at", account_number=F("account__account_number"), unit_name=F("unit__name"),
    )  # fmt: skip


def placed_call(row: OutboundCall) -> CallPlaced:
    """An outbound call as the product works with it."""
    return CallPlaced(
        row.pk, f"{CALLED_OUT}{row.pk}", CallPurpose(row.purpose), row.about, row.attempt,
        row.account.account_number if row.account else "", pii.open_sealed(row.phone_sealed, column=PHONE_COLUMN),
        row.state, row.choice, row.answered_at is not None,
    )  # fmt: skip


def open_calls(*, placed_before: datetime | None = None) -> tuple[int, ...]:
    """Calls that have not ended, the oldest first; only those placed before a moment where it is named."""
    rows = OutboundCall.objects.filter(state="PLACED")
    if placed_before is not None:
        rows = rows.filter(placed_at__lt=placed_before)
    return tuple(rows.order_by("placed_at", "id").values_list("pk", flat=True))


def tried(purpose: CallPurpose, abouts: Sequence[str]) -> dict[str, Tried]:
    """How often each of these matters was called about; those that never were are left out."""
    found: dict[str, Tried] = {}
    rows = OutboundCall.objects.filter(purpose=purpose, about__in=abouts).order_by("attempt")
    for about, state, choice, ended_at in rows.values_list("about", "state", "choice", "ended_at"):
        before = found.get(about, Tried(0, False, None, False))
        found[about] = Tried(
            before.attempts + 1,
            before.is_open or state == "PLACED",
            ended_at or before.last_at,
            before.chosen or bool(choice),
        )
    return found
