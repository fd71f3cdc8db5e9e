"""What gateways said is written down; what they left open is asked about, never called for again on a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wandeng.domains.notices import deciding, states
from wandeng.domains.notices.frames import claiming
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.notices.types import Answer, Outcome
from wandeng.infra.columns import ColumnStore
from wandeng.infra.transitions import move_many
from wandeng.kernel.actors import SYSTEM, Actor

MOST_TRIES = 8
FIRST_PAUSE = timedelta(seconds=10)
FIRST_REPORT = timedelta(seconds=30)
_OPEN = "'SENDING', 'UNKNOWN', 'SENT'"


@dataclass(frozen=True, slots=True)
class Asked:
    """A message whose end is not known; ``calls`` is the number of the call it is asked about."""

    message_id: str
    calls: int
    gateway: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a message. ``calls`` keeps what was said of an earlier call from ending a later one; ``None``:
    said of the message, whatever the call."""

    message_id: str
    calls: int | None
    answer: Answer


@dataclass(frozen=True, slots=True)
class Manner:
    """How a gateway answers, as far as it decides what comes next."""

    can_be_asked: bool
    reports: bool
    settle: timedelta


@dataclass(frozen=True, slots=True)
class _Row:
    recipient_id: int
    state: str
    channel: str
    channels: tuple[str, ...]
    tries: int
    calls: int


def to_ask(store: ColumnStore, *, channel: str, now: datetime, limit: int) -> list[Asked]:
    """Messages of a channel whose gateway should be asked now: left by a crash, unclear, or without a delivery report."""
    found = store.read(
        "SELECT t.message_id AS message_id, t.calls AS calls, t.gateway AS gateway "
        "FROM notices_noticerecipient r "
        "JOIN notices_noticeattempt t ON t.recipient_id = r.id AND t.channel = r.channel AND t.round = r.round "
        f"WHERE r.state IN ({_OPEN}) AND r.channel = ? AND r.due_at <= ? ORDER BY r.rank, r.due_at, r.id LIMIT {int(limit)}",
        (channel, now),
    )
    return [Asked(row["message_id"], int(row["calls"]), row["gateway"]) for row in found.to_pylist()]


def settle(store: ColumnStore, told: Sequence[Told], *, manner: Manner, now: datetime, actor: Actor = SYSTEM) -> int:
    """Write down what is known of messages, in one transaction; returns how many recipients it moved on.

    Accepted and delivered ones come to rest; refused and undelivered ones take the next channel; busy ones and those the
    gateway has never seen wait again; of the others nobody knows: they are asked about later, or left to a person.
    """
    if not told:
        return 0
    with store.transaction():
        rows = _rows(store, told)
        current = [
            (rows[one.message_id], one)
            for one in told
            if one.message_id in rows
            and (
                one.calls in (None, rows[one.message_id].calls)
                or one.answer.outcome in (Outcome.ACCEPTED, Outcome.DELIVERED)
            )
        ]
        # What was accepted stays so on record when a later answer knows less.
        _note_attempts(store, [one for row, one in current if row.state != "SENT" or _knows_more(one)], now)
        for verb_and_also, chosen in _grouped(current, manner, now).items():
            _apply(store, verb_and_also, chosen, now, actor)
        puts = [
            deciding.next_channel(row.recipient_id, row.channel, row.channels, str(one.answer.outcome), now)
            for row, one in current
            if _is_over(row, one)
        ]
        claiming.put(store, puts, now=now, actor=actor)
    return len(current)


_Step = tuple[str, datetime | None, str, int]


def _knows_more(one: Told) -> bool:
    return one.answer.outcome in (Outcome.DELIVERED, Outcome.UNDELIVERED, Outcome.REFUSED)


def _is_over(row: _Row, one: Told) -> bool:
    """Whether this channel has come to its end without reaching anybody."""
    outcome = one.answer.outcome
    return outcome in (Outcome.REFUSED, Outcome.UNDELIVERED) or (
        outcome is Outcome.BUSY and row.tries + 1 >= MOST_TRIES and row.state != "SENT"
    )


def _grouped(current: Sequence[tuple[_Row, Told]], manner: Manner, now: datetime) -> Mapping[_Step, list[int]]:
    groups: dict[_Step, list[int]] = defaultdict(list)
    for row, one in current:
        if not _is_over(row, one):
            groups[_step(row, one.answer.outcome, manner, now)].append(row.recipient_id)
    return groups


def _step(row: _Row, outcome: Outcome, manner: Manner, now: datetime) -> _Step:
    """(verb or nothing, when next, why, tries) for what is neither refused nor undelivered."""
    tries = row.tries + 1
    is_last = tries >= MOST_TRIES
    if outcome is Outcome.DELIVERED:
        return "deliver", None, "", 0
    if outcome is Outcome.ACCEPTED:
        if not manner.reports:
            return ("accept" if row.state != "SENT" else ""), None, "", 0
        if row.state != "SENT":
            return "accept", now + FIRST_REPORT, "", 0
        return "", None if is_last else now + FIRST_REPORT * 2**tries, "", tries
    if row.state == "SENT":
        # It was accepted before: an answer that knows less changes nothing.
        return "", None if is_last else now + FIRST_REPORT * 2**tries, "", tries
    if outcome is Outcome.NOT_KNOWN:
        return "give_back", now, "", row.tries
    if outcome is Outcome.BUSY:
        return "give_back", now + FIRST_PAUSE * 2**row.tries, "BUSY", tries
    next_at = now + max(manner.settle, timedelta(seconds=1)) * 2 ** min(row.tries, 6) if manner.can_be_asked else None
    if row.state == "UNKNOWN":
        return "", None if is_last else next_at, "UNKNOWN", tries
    return "lose", next_at, "UNKNOWN", 0


def _apply(store: ColumnStore, step: _Step, chosen: Sequence[int], now: datetime, actor: Actor) -> None:
    verb, due_at, why, tries = step
    also: dict[str, object] = {"due_at": due_at, "why": why, "tries": tries}
    if verb == "deliver" or (verb == "accept" and due_at is None):
        # Where no report of delivery comes, acceptance is the most that will ever be known.
        also["reached_at"] = now
    if verb:
        move_many(store, NoticeRecipient, states.RECIPIENT, verb, chosen, actor=actor, at=now, reason=why, also=also)
    else:
        claiming.update(store, chosen, also)


def _rows(store: ColumnStore, told: Sequence[Told]) -> dict[str, _Row]:
    """The recipients that these messages are the current attempt of, and that are not at rest, locked."""
    marks = ", ".join("?" for _ in told)
    found = store.read(
        "SELECT t.message_id AS message_id, t.calls AS calls, r.id AS recipient_id, r.state AS state, "
        "r.channel AS channel, r.tries AS tries, COALESCE(NULLIF(r.own_channels, ''), v.channels) AS channels "
        "FROM notices_noticeattempt t "
        "JOIN notices_noticerecipient r ON r.id = t.recipient_id AND r.channel = t.channel AND r.round = t.round "
        "JOIN notices_notice n ON n.id = r.notice_id JOIN notices_noticetemplateversion v ON v.id = n.version_id "
        f"WHERE t.message_id IN ({marks}) AND r.state IN ({_OPEN})" + ("" if store.is_sqlite else " FOR UPDATE OF r"),
        tuple(one.message_id for one in told),
    )
    return {
        row["message_id"]: _Row(
            int(row["recipient_id"]), row["state"], row["channel"], tuple(row["channels"].split(",")),
            int(row["tries"]), int(row["calls"]),
        )
        for row in found.to_pylist()
    }  # fmt: skip


def _note_attempts(store: ColumnStore, told: Sequence[Told], now: datetime) -> None:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in told:
        groups[str(one.answer.outcome), one.answer.detail[:200]].append(one.message_id)
    for (outcome, detail), messages in groups.items():
        marks = ", ".join("?" for _ in messages)
        store.execute(
            f"UPDATE notices_noticeattempt SET outcome = ?, answer = ?, last_at = ? WHERE message_id IN ({marks})",
            (outcome, detail, now, *messages),
        )
