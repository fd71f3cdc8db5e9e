"""Keeping what was said: a turn that comes in once, its answer once, and what the gateway made of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from wandeng.domains.conversations.models import Conversation, OutboundCall, Turn
from wandeng.domains.conversations.queries import OLD, placed_call
from wandeng.domains.conversations.states import CALL
from wandeng.domains.conversations.types import (
    PHONE_COLUMN,
    CallAnswer,
    CallEnded,
    CallHeld,
    CallPlaced,
    CallResult,
    CallWanted,
    Direction,
    Heard,
    Medium,
    TextAnswer,
    ToSend,
    TurnOutcome,
)
from wandeng.domains.customers.queries import places
from wandeng.domains.organization import queries as organization
from wandeng.infra import ids, pii
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound

HOUR = timedelta(hours=1)
log = logging.getLogger(__name__)
LONGEST = 1_000


def keep_text(*, outside_id: str, phone: str, text: str, unit_id: int, at: datetime) -> tuple[int, bool]:
    """Keep a short message of a number; ``unit_id`` is responsible until an account is known. Returns its turn, and whether it
    is new: the gateway's number of it is taken once.

    Raises :class:`InvalidInput` for what is no number, no identity or no text.
    """
    digits = "".join(phone.split()).removeprefix("+86")
    if not (digits.isdigit() and 7 <= len(digits) <= 20):
        raise InvalidInput("a phone number has 7 to 20 digits", field="from")
    if not 1 <= len(outside_id) <= 60 or not text.strip() or len(text) > LONGEST:
        raise InvalidInput(f"a message has an id of 1 to 60 signs and a text of 1 to {LONGEST}")
    named = f"{Medium.SMS}:{outside_id}"
    known = Turn.objects.filter(outside_id=named).values_list("pk", flat=True).first()
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            conversation = _conversation(digits, unit_id, at)
            turn = Turn.objects.create(
                id=ids.reserve(Turn, 1), conversation=conversation, direction=Direction.IN, outside_id=named,
                text=text.strip(), outcome=TurnOutcome.PENDING, at=at,
            )  # fmt: skip
            Conversation.objects.filter(pk=conversation.pk, last_at__lt=at).update(last_at=at)
    except IntegrityError:
        # Another process keeps the same message, or the first one of the number, at this moment.
        return keep_text(outside_id=outside_id, phone=phone, text=text, unit_id=unit_id, at=at)
    return turn.pk, True


def _conversation(digits: str, unit_id: int, at: datetime) -> Conversation:
    (index,) = pii.index_many([digits], column=PHONE_COLUMN)
    known = Conversation.objects.filter(medium=Medium.SMS, key=index).first()
    if known is not None:
        return known
    (sealed,) = pii.seal_many([digits], column=PHONE_COLUMN)
    return Conversation.objects.create(
        id=ids.reserve(Conversation, 1), medium=Medium.SMS, key=index, phone_sealed=sealed, phone_index=index,
        unit_id=unit_id, opened_at=at, last_at=at,
    )  # fmt: skip


@transaction.atomic
def answer_text(*, turn_id: int, reply: Callable[[Heard], TextAnswer | None], at: datetime) -> int | None:
    """Answer a kept message once: ``reply`` says what, ``None`` for nothing. Returns the turn of the answer, ``None`` for none
    or when it was acted on before. Whatever ``reply`` does is one transaction with its answer."""
    turn = Turn.objects.filter(pk=turn_id).first()
    if turn is None:
        return None
    conversation = Conversation.objects.select_for_update().get(pk=turn.conversation_id)
    turn.refresh_from_db()
    if turn.outcome != TurnOutcome.PENDING:
        return None
    told = reply(_heard(turn, conversation, at))
    Turn.objects.filter(pk=turn_id).update(
        outcome=TurnOutcome.ANSWERED if told else TurnOutcome.IGNORED, done_at=at, asked=told.answers if told else ""
    )
    if told is None:
        return None
    answer = Turn.objects.create(
        id=ids.reserve(Turn, 1), conversation=conversation, direction=Direction.OUT, answers=turn, text=told.text,
        asked=told.answers, code=told.code, outcome=TurnOutcome.PENDING, at=at,
    )  # fmt: skip
    conversation.is_verified = told.is_verified
    account_id = places.account_id_of(told.account_number) if told.account_number else None
    Turn.objects.filter(pk__in=[turn_id, answer.pk]).update(account_id=account_id, case_number=told.case_number)
    conversation.pending, conversation.offered = told.pending, ",".join(told.offered)
    conversation.offered_until, conversation.last_at = told.offered_until, max(at, conversation.last_at)
    conversation.case_number = told.case_number or conversation.case_number
    if account_id is not None:
        conversation.account_id, conversation.unit_id = account_id, places.unit_id_of(account_id)
    conversation.save()
    return answer.pk


def _heard(turn: Turn, conversation: Conversation, at: datetime) -> Heard:
    recent = Turn.objects.filter(conversation=conversation, direction=Direction.OUT, at__gt=at - HOUR).count()
    stands = conversation.offered_until is not None and turn.at < conversation.offered_until
    return Heard(
        turn.pk, conversation.pk, pii.open_sealed(conversation.phone_sealed, column=PHONE_COLUMN), turn.text, recent,
        conversation.pending if stands else "", tuple(filter(None, conversation.offered.split(","))) if stands else (),
    )  # fmt: skip


def to_send(turn_id: int) -> ToSend | None:
    """An answer to a message that was not handed to the gateway yet, by the turn of the answer."""
    row = Turn.objects.filter(pk=turn_id, outcome=TurnOutcome.PENDING, direction=Direction.OUT)
    found = row.select_related("conversation").first()
    if found is None:
        return None
    phone = pii.open_sealed(found.conversation.phone_sealed, column=PHONE_COLUMN)
    return ToSend(found.pk, f"turn-{found.pk}", phone, found.text)


def answer_of(turn_id: int) -> int | None:
    """The turn that answers a turn."""
    return Turn.objects.filter(answers_id=turn_id).values_list("pk", flat=True).first()


def note_sent(*, turn_id: int, outcome: TurnOutcome, at: datetime) -> None:
    """Write down what the gateway made of an answer."""
    Turn.objects.filter(pk=turn_id, outcome=TurnOutcome.PENDING).update(outcome=outcome, done_at=at)


def root_unit() -> int:
    """Who is responsible for a number that belongs to nobody yet."""
    root = min(organization.unit_tree(Scope.everywhere()), key=lambda unit: (unit.depth, unit.path))
    return int(root.unit_id)


WRONG = "CHECK:WRONG"
"""How a turn is marked in which an account number was typed that is not the caller's."""


@transaction.atomic
def call_turn(
    *, call: str, number: int, phone: str, heard: str, reply: Callable[[CallHeld], CallAnswer], unit_id: int, at: datetime
) -> str:  # fmt: skip
    """Take a turn of a call once: ``reply`` says what follows, and what it does is one transaction with it. Returns the answer as
    the telephone gets it; a turn that comes again gets the same one.

    Raises :class:`InvalidInput` for what is no call, or a turn of one that another number began.
    """
    digits = "".join(phone.split()).removeprefix("+86")
    if not (digits.isdigit() and 3 <= len(digits) <= 20):
        raise InvalidInput("a phone number has 3 to 20 digits", field="from")
    if not 1 <= len(call) <= 60 or not 0 <= number <= MOST_TURNS or len(heard) > MOST_DIGITS:
        raise InvalidInput(f"a call has an id of 1 to 60 signs and up to {MOST_TURNS} turns of {MOST_DIGITS} digits")
    (index,) = pii.index_many([digits], column=PHONE_COLUMN)
    held = _call(call, digits, index, unit_id, at)
    if held.phone_index != index:
        raise InvalidInput("this call was begun by another number")
    named = f"{Medium.PHONE}:{call}:{number}"
    known = Turn.objects.filter(outside_id=named).values_list("answer__spoken", flat=True).first()
    if known is not None:
        return known
    told = reply(_call_held(held, at))
    first = ids.reserve(Turn, 2)
    came = Turn.objects.create(
        id=first, conversation=held, direction=Direction.IN, outside_id=named, text=heard, asked=told.asked,
        outcome=TurnOutcome.ANSWERED, at=at, done_at=at,
    )  # fmt: skip
    Turn.objects.create(
        id=first + 1, conversation=held, direction=Direction.OUT, answers=came, text=told.text[:LONGEST], code=told.then,
        spoken=told.spoken, outcome=TurnOutcome.SENT, at=at, done_at=at,
    )  # fmt: skip
    held.node, held.tries, held.case_number = told.node, told.tries, told.case_number
    held.last_at, held.ended_at = max(at, held.last_at), at if told.is_over else None
    if told.account_number:
        account = places.account_id_of(told.account_number)
        held.account_id, held.unit_id, held.is_verified = account, places.unit_id_of(account), told.is_verified
        Turn.objects.filter(pk__in=[first, first + 1]).update(account_id=account, case_number=told.case_number)
    held.save()
    return told.spoken


MOST_TURNS, MOST_DIGITS = 200, 32


def _call(call: str, digits: str, index: str, unit_id: int, at: datetime) -> Conversation:
    rows = Conversation.objects.select_for_update().filter(medium=Medium.PHONE, key=call)
    known = rows.first()
    if known is not None:
        return known
    (sealed,) = pii.seal_many([digits], column=PHONE_COLUMN)
    try:
        with transaction.atomic():
            Conversation.objects.create(
                id=ids.reserve(Conversation, 1), medium=Medium.PHONE, key=call, phone_sealed=sealed, phone_index=index,
                unit_id=unit_id, opened_at=at, last_at=at,
            )  # fmt: skip
    except IntegrityError:
        log.info("call %s was begun by another process in this moment", call)
    return rows.get()


def _call_held(held: Conversation, at: datetime) -> CallHeld:
    wrong = Turn.objects.filter(conversation__phone_index=held.phone_index, asked=WRONG, at__gt=at - HOUR).count()
    account = held.account.account_number if held.account and held.is_verified else ""
    return CallHeld(
        held.pk, pii.open_sealed(held.phone_sealed, column=PHONE_COLUMN), held.node, held.tries, account,
        held.case_number, held.ended_at is not None, wrong,
    )  # fmt: skip


@transaction.atomic
def empty_words(*, before: datetime, at: datetime) -> int:
    """Empty what was said before a moment (会话内容到期清空); that there was a turn, when, what it asked for and what came of it stay.
    What waits to be acted on keeps its words. Returns how many turns, at most :data:`AT_ONCE`."""
    old = Turn.objects.filter(OLD, at__lt=before).exclude(outcome=TurnOutcome.PENDING).order_by("at")
    chosen = list(old.values_list("pk", flat=True)[:AT_ONCE])
    return Turn.objects.filter(pk__in=chosen).update(text="", spoken="", emptied_at=at)


AT_ONCE = 20_000


def place_call(*, wanted: CallWanted, at: datetime) -> CallPlaced | None:
    """Write down that a customer is to be called, before the exchange is asked; ``None`` when this attempt was written before."""
    (sealed,) = pii.seal_many([wanted.phone], column=PHONE_COLUMN)
    account = places.account_id_of(wanted.account_number) if wanted.account_number else None
    unit = places.unit_id_of(account) if account is not None else root_unit()
    try:
        with transaction.atomic():
            row = OutboundCall.objects.create(
                id=ids.reserve(OutboundCall, 1), purpose=wanted.purpose, about=wanted.about, attempt=wanted.attempt,
                account_id=account, unit_id=unit, phone_sealed=sealed, placed_at=at,
            )  # fmt: skip
    except IntegrityError:
        return None
    return placed_call(row)


@transaction.atomic
def outbound_turn(
    *, call_id: int, number: int, heard: str, reply: Callable[[CallPlaced, CallHeld], CallAnswer], at: datetime
) -> str:
    """Take a turn of an outbound call once, as :func:`call_turn`; the first says that somebody took it. Raises :class:`NotFound` for a
    call that was never placed, :class:`InvalidInput` for one that has ended."""
    row = _outbound(call_id)
    placed = placed_call(row)
    known = Turn.objects.filter(outside_id=f"{Medium.PHONE}:{placed.name}:{number}").exists()
    if row.state != "PLACED" and not known:
        raise InvalidInput("this call is over")
    answered = call_turn(
        call=placed.name, number=number, phone=placed.phone, heard=heard, reply=lambda held: reply(placed, held),
        unit_id=row.unit_id, at=at,
    )  # fmt: skip
    if row.conversation_id is None:
        row.conversation_id = Conversation.objects.values_list("pk", flat=True).get(
            medium=Medium.PHONE, key=placed.name
        )
        row.answered_at = at
        row.save(update_fields=["conversation", "answered_at"])
    return answered


def note_choice(*, call_id: int, choice: str) -> None:
    """Write down what was pressed, the first time it was."""
    OutboundCall.objects.filter(pk=call_id, choice="").update(choice=choice)


@transaction.atomic
def end_call(*, call_id: int, told: CallResult, actor: Actor, at: datetime) -> CallEnded | None:
    """Write down how a call ended, once: ``None`` when that is known already. What was pressed or taken counts for more than what the
    exchange says. Raises :class:`NotFound`."""
    row = _outbound(call_id)
    if row.state != "PLACED":
        return None
    heard = row.answered_at is not None
    result = CallResult.REACHED if row.choice else CallResult.HUNG_UP if heard else told
    if not heard and told is CallResult.REACHED:
        result = CallResult.HUNG_UP
    move(row, CALL, "end", actor=actor, at=at, result=result, ended_at=at)
    return CallEnded(placed_call(row), result)


def _outbound(call_id: int) -> OutboundCall:
    row = OutboundCall.objects.select_for_update(of=("self",)).select_related("account").filter(pk=call_id).first()
    if row is None:
        raise NotFound(f"there is no outbound call {call_id}")
    return row
