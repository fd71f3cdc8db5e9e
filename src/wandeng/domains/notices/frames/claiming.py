"""Taking what is due: the intention to call a gateway is committed before it is called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from wandeng.domains.customers.types import PHONE_COLUMN
from wandeng.domains.notices import deciding, rendering, states
from wandeng.domains.notices.deciding import AllowedFrom, Due, Put, Reach, ToSend
from wandeng.domains.notices.models import NoticeAttempt, NoticeRecipient
from wandeng.domains.notices.types import ADDRESS_COLUMN, Channel, ContactWish, SendingRule
from wandeng.infra import ids, pii
from wandeng.infra.columns import ColumnStore, moments
from wandeng.infra.effective.problems import TerritoryUnknown
from wandeng.infra.transitions import move_many
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NoRuleInForce

RULE_PAUSE = timedelta(hours=1)
_DUE = (
    "SELECT r.id AS recipient_id, r.channel AS channel, COALESCE(NULLIF(r.own_channels, ''), v.channels) AS channels, "
    "r.own_channels AS own_channels, r.round AS round, r.tries AS tries, "
    "n.is_urgent AS is_urgent, t.purpose AS purpose, v.id AS version_id, v.texts AS texts, r.slots AS slots, "
    "r.account_id AS account_id, r.person_id AS person_id, a.account_number AS account_number, a.name AS name, "
    "a.address AS address, u.name AS unit_name, u.territory AS territory "
    "FROM notices_noticerecipient r JOIN notices_notice n ON n.id = r.notice_id "
    "JOIN notices_noticetemplateversion v ON v.id = n.version_id JOIN notices_noticetemplate t ON t.id = v.template_id "
    "JOIN organization_unit u ON u.id = r.unit_id LEFT JOIN customers_customeraccount a ON a.id = r.account_id "
    "WHERE r.state = 'WAITING' AND r.channel = ? AND r.due_at <= ? {more}ORDER BY r.rank, r.due_at, r.id LIMIT {limit}"
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was taken: messages to hand over now, and how many recipients were put elsewhere instead."""

    to_send: tuple[ToSend, ...]
    put: int
    calls: Mapping[str, int] = field(default_factory=dict)
    """Message number → the number of the call that is now due: what an older call said does not end it."""

    @property
    def is_empty(self) -> bool:
        return not self.to_send and not self.put


def claim(
    store: ColumnStore,
    *,
    gateway: str,
    channel: str,
    now: datetime,
    limit: int,
    lease: timedelta,
    rule_of: Callable[[str], SendingRule],
    allowed_from: AllowedFrom,
    actor: Actor = SYSTEM,
    chosen: Collection[int] | None = None,
) -> Claimed:
    """Take up to ``limit`` recipients of a channel whose turn has come, urgent ones first, in one transaction.

    Those that can be told now stand at SENDING with an attempt each when it is committed; the others are put off, by
    another channel, or out. ``rule_of`` names the rule of a territory; ``chosen`` narrows to these recipients.
    """
    with store.transaction():
        rows = due_rows(store, channel=channel, now=now, limit=limit, chosen=chosen)
        if not rows:
            return Claimed((), 0)
        reaches = _reaches(store, rows, channel)
        silent, wishes = _opted_out(store, rows), _wishes(store, rows)
        decided = [
            _decided(
                due, reaches, rule_of, allowed_from, now, opted_out=(due.account_id, due.purpose) in silent,
                wish=wishes.get(due.account_id or 0),
            )
            for due in rows
        ]  # fmt: skip
        to_send = tuple(one for one in decided if isinstance(one, ToSend))
        calls = begin(store, to_send, gateway=gateway, now=now, lease=lease, actor=actor)
        puts = [one for one in decided if isinstance(one, Put)]
        put(store, puts, now=now, actor=actor)
    return Claimed(to_send, len(puts), calls)


def _decided(
    due: Due,
    reaches: Mapping[int, Reach],
    rule_of: Callable[[str], SendingRule],
    allowed_from: AllowedFrom,
    now: datetime,
    *,
    opted_out: bool,
    wish: ContactWish | None,
) -> ToSend | Put:
    try:
        rule, first = rule_of(due.territory), allowed_from(due.territory, due.purpose)
    except (NoRuleInForce, TerritoryUnknown):
        # Without a rule nobody is told, and one territory without a calendar holds up no other.
        return Put(due.recipient_id, "", due.channel, now + RULE_PAUSE, "NO_RULE")
    return deciding.decide(
        due, reaches.get(due.recipient_id), opted_out=opted_out, rule=rule, allowed_from=first, now=now, wish=wish
    )


def due_rows(
    store: ColumnStore, *, channel: str, now: datetime, limit: int, chosen: Collection[int] | None = None
) -> list[Due]:
    """The recipients of a channel whose turn has come, locked for this transaction."""
    more = "" if chosen is None else f"AND r.id IN ({_listed(chosen)}) "
    sql = _DUE.format(more=more, limit=int(limit)) + ("" if store.is_sqlite else " FOR UPDATE OF r SKIP LOCKED")
    if chosen is not None and not chosen:
        return []
    texts: dict[int, Any] = {}
    found = []
    for row in store.read(sql, (channel, now)).to_pylist():
        version = row.pop("version_id")
        if version not in texts:
            texts[version] = rendering.texts_from_json(row["texts"])
        person, is_ordered = row["account_number"] is None, bool(row.pop("own_channels"))
        found.append(
            Due(**row | {
                "channels": tuple(row["channels"].split(",")), "is_urgent": bool(row["is_urgent"]),
                "texts": texts[version], "is_ordered": is_ordered,
                **({"account_number": "", "name": "", "address": ""} if person else {}),
            })
        )  # fmt: skip
    return found


def begin(
    store: ColumnStore, to_send: Sequence[ToSend], *, gateway: str, now: datetime, lease: timedelta, actor: Actor
) -> dict[str, int]:
    """Write down that these are about to be handed over, in the caller's transaction; the number of each call."""
    if not to_send:
        return {}
    chosen = [one.due.recipient_id for one in to_send]
    also = {"due_at": now + lease, "why": ""}
    move_many(store, NoticeRecipient, states.RECIPIENT, "begin", chosen, actor=actor, at=now, also=also)
    first = ids.reserve_columns(store, NoticeAttempt, len(to_send))
    moment = moments(now, len(to_send))
    rows = {
        "id": pa.array(range(first, first + len(to_send)), pa.int64()),
        "recipient_id": pa.array(chosen, pa.int64()),
        "channel": [one.due.channel for one in to_send],
        "round": pa.array([one.due.round for one in to_send], pa.int16()),
        "message_id": [one.message.message_id for one in to_send],
        "gateway": [gateway] * len(to_send),
        "is_reduced": [one.is_reduced for one in to_send],
        "contact_id": pa.array([one.contact_id for one in to_send], pa.int64()),
        "masked": [one.masked for one in to_send],
        "parts": pa.array([one.parts for one in to_send], pa.int16()),
        "calls": pa.array([1] * len(to_send), pa.int16()),
        "outcome": [""] * len(to_send),
        "answer": [""] * len(to_send),
        "first_at": moment,
        "last_at": moment,
    }
    names = ", ".join(rows)
    again = ("gateway", "is_reduced", "contact_id", "masked", "parts", "outcome", "answer", "last_at")
    with store.staged(pa.table(rows)) as staged:
        store.execute(
            f"INSERT INTO notices_noticeattempt ({names}) SELECT {names} FROM {staged} WHERE 1 = 1 "
            "ON CONFLICT (recipient_id, channel, round) DO UPDATE SET calls = notices_noticeattempt.calls + 1, "
            + ", ".join(f"{name} = excluded.{name}" for name in again)
        )
        counted = store.read(
            f"SELECT t.message_id AS message_id, t.calls AS calls FROM {staged} s "
            "JOIN notices_noticeattempt t ON t.message_id = s.message_id"
        )
    return {row["message_id"]: int(row["calls"]) for row in counted.to_pylist()}


def put(store: ColumnStore, puts: Sequence[Put], *, now: datetime, actor: Actor, tries: int = 0) -> None:
    """Do what was decided with recipients that are not sent now, in the caller's transaction."""
    groups: dict[tuple[str, str, datetime | None, str, str], list[int]] = defaultdict(list)
    for one in puts:
        groups[one.verb, one.channel, one.due_at, one.why, one.order].append(one.recipient_id)
    for (verb, channel, due_at, why, order), chosen in groups.items():
        also: dict[str, object] = {"channel": channel, "due_at": due_at, "why": why, "tries": tries}
        if order:
            also["own_channels"] = order
        if verb:
            move_many(
                store, NoticeRecipient, states.RECIPIENT, verb, chosen, actor=actor, at=now, reason=why, also=also
            )
        else:
            update(store, chosen, also)


def update(store: ColumnStore, chosen: Sequence[int], values: Mapping[str, object]) -> None:
    """Set columns of recipients that move nowhere; a null is written as such."""
    sets = ", ".join(f"{name} = ?" for name in values)
    store.execute(f"UPDATE notices_noticerecipient SET {sets} WHERE id IN ({_listed(chosen)})", tuple(values.values()))


def _listed(numbers: Collection[int]) -> str:
    # Ids are integers, so they may stand in the text; a parameter each would pass the databases' limits.
    return ",".join(str(int(number)) for number in numbers)


def _opted_out(store: ColumnStore, rows: Sequence[Due]) -> set[tuple[int | None, str]]:
    accounts = {row.account_id for row in rows if row.account_id is not None}
    if not accounts:
        return set()
    found = store.read(
        f"SELECT account_id, purpose FROM notices_optout WHERE until_at IS NULL AND account_id IN ({_listed(accounts)})"
    )
    return {(int(row["account_id"]), str(row["purpose"])) for row in found.to_pylist()}


def _wishes(store: ColumnStore, rows: Sequence[Due]) -> dict[int, ContactWish]:
    accounts = {row.account_id for row in rows if row.account_id is not None}
    if not accounts:
        return {}
    found = store.read(
        "SELECT account_id, channel, quiet_first, quiet_last FROM notices_contactpreference "
        f"WHERE account_id IN ({_listed(accounts)})"
    )
    return {
        int(row["account_id"]): ContactWish(row["channel"], row["quiet_first"], row["quiet_last"])
        for row in found.to_pylist()
    }


def _reaches(store: ColumnStore, rows: Sequence[Due], channel: str) -> dict[int, Reach]:
    """Where each recipient is reached by the channel; those that are not are left out."""
    if channel == Channel.LETTER:
        return {row.recipient_id: Reach(f"{row.address} {row.name}", True) for row in rows if row.address}
    by_account, by_person = _addresses(store, rows, channel)
    if channel in (Channel.SMS, Channel.VOICE):
        by_account = _phones(store, {row.account_id for row in rows if row.account_id is not None})
    found = {
        row.recipient_id: by_person.get(row.person_id or 0)
        if row.account_id is None
        else by_account.get(row.account_id)
        for row in rows
    }
    return {recipient: reach for recipient, reach in found.items() if reach is not None}


def _phones(store: ColumnStore, accounts: Collection[int]) -> dict[int, Reach]:
    """The number an account is told by: the primary one unless it was found wrong, else one that was found right."""
    if not accounts:
        return {}
    rows = store.read(
        "SELECT id, account_id, phone_sealed, is_primary, verification FROM customers_contact "
        f"WHERE verification <> 'WRONG' AND account_id IN ({_listed(accounts)})"
    ).to_pylist()
    rows.sort(key=lambda row: (not row["is_primary"], row["verification"] != "RIGHT", row["id"]))
    best: dict[int, Reach] = {}
    for row in rows:
        if row["account_id"] not in best:
            phone = pii.open_sealed(row["phone_sealed"], column=PHONE_COLUMN)
            best[row["account_id"]] = Reach(phone, row["verification"] == "RIGHT", int(row["id"]))
    return best


def _addresses(store: ColumnStore, rows: Sequence[Due], channel: str) -> tuple[dict[int, Reach], dict[int, Reach]]:
    accounts = {row.account_id for row in rows if row.account_id is not None}
    people = {row.person_id for row in rows if row.person_id is not None}
    named = [f"{column} IN ({_listed(chosen)})" for column, chosen in (("account_id", accounts), ("person_id", people))
             if chosen]  # fmt: skip
    found = store.read(
        "SELECT account_id, person_id, address_sealed, is_verified FROM notices_noticeaddress "
        f"WHERE channel = ? AND ({' OR '.join(named)})",
        (channel,),
    ).to_pylist()
    opened = [
        (row, Reach(pii.open_sealed(row["address_sealed"], column=ADDRESS_COLUMN), bool(row["is_verified"])))
        for row in found
    ]
    return (
        {row["account_id"]: reach for row, reach in opened if row["account_id"] is not None},
        {row["person_id"]: reach for row, reach in opened if row["person_id"] is not None},
    )
