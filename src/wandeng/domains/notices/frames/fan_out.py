"""One notice to many accounts, written in columns."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pyarrow as pa

from wandeng.domains.notices import rendering
from wandeng.domains.notices.models import Notice, NoticeRecipient
from wandeng.domains.notices.types import NoTemplateInForce, NoticeId, Sent
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore, moments
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

_MOMENT = pl.Datetime("us", "UTC")
_UNITS = pa.schema([("account_id", pa.int64()), ("unit_id", pa.int64())])


def send_many(
    store: ColumnStore,
    rows: pl.DataFrame,
    *,
    key: str,
    template: str,
    at: datetime,
    actor: Actor,
    not_before: datetime | None = None,
    urgent: bool = False,
) -> Sent:
    """Write one notice to many accounts, in one transaction on ``store``; the same key again writes nothing.

    ``rows``: ``account_id``, each once, and a text column for each slot that the template's version in force names beyond
    ``utility``, ``hotline``, ``account_number``, ``name`` and ``address``; further columns are left out. Takes a second
    or so for 100,000 recipients.

    Raises :class:`NoTemplateInForce`, :class:`InvalidInput` for a missing slot, a value that is empty, an account that
    is named twice or does not exist, or a template for staff.
    """
    with store.transaction():
        known = store.scalar("SELECT id FROM notices_notice WHERE key = ?", (key,))
        if known is not None:
            count = store.scalar("SELECT COUNT(*) FROM notices_noticerecipient WHERE notice_id = ?", (known,))
            return Sent(NoticeId(int(known)), int(count), True)
        version_id, channel, needed = _version(store, template, at.astimezone(BILLING_ZONE).date())
        _check(rows, needed, template)
        placed = _with_units(store, rows)
        due_at = max(at, not_before) if not_before else at
        notice_id = ids.reserve_columns(store, Notice, 1)
        notice = {
            "id": [notice_id],
            "key": [key],
            "version_id": [version_id],
            "is_urgent": [urgent],
            "not_before": moments(due_at),
            "made_by": [actor.code],
            "made_at": moments(at),
        }
        store.append(Notice, pa.table(notice))
        if rows.height:
            first = ids.reserve_columns(store, NoticeRecipient, rows.height)
            store.append(NoticeRecipient, _recipients(placed, needed, notice_id, first, channel, due_at, urgent))
    return Sent(NoticeId(notice_id), rows.height, False)


def told_accounts(store: ColumnStore, key_prefix: str) -> pl.Series:
    """Ids of the accounts that notices are for whose key begins so: who need not be told once more."""
    found = store.read(
        "SELECT DISTINCT r.account_id AS account_id FROM notices_noticerecipient r "
        "JOIN notices_notice n ON n.id = r.notice_id WHERE n.key >= ? AND n.key < ? AND r.account_id IS NOT NULL",
        (key_prefix, key_prefix + "\uffff"),
        schema=_UNITS.remove(1),
    )
    return pl.DataFrame(found)["account_id"]


def notices_like(store: ColumnStore, key_prefix: str) -> int:
    """How many notices have a key that begins so."""
    sql = "SELECT COUNT(*) FROM notices_notice WHERE key >= ? AND key < ?"
    return int(store.scalar(sql, (key_prefix, key_prefix + "\uffff")))


def _version(store: ColumnStore, code: str, on: date) -> tuple[int, str, list[str]]:
    """The version in force: its id, its first channel, the slots that its sender gives."""
    found = store.read(
        "SELECT v.id AS id, v.channels AS channels, v.slots AS slots, t.audience AS audience "
        "FROM notices_noticetemplateversion v JOIN notices_noticetemplate t ON t.id = v.template_id "
        "WHERE t.code = ? AND v.state = 'APPROVED' AND v.valid_from <= ? ORDER BY v.valid_from DESC LIMIT 1",
        (code, on),
    ).to_pylist()
    if not found:
        raise NoTemplateInForce(f"no approved text of {code} holds on {on}")
    if found[0]["audience"] != "CUSTOMER":
        raise InvalidInput(f"template {code} is for a member of staff")
    needed = [name for name in found[0]["slots"].split(",") if name]
    return int(found[0]["id"]), found[0]["channels"].split(",")[0], needed


def _check(rows: pl.DataFrame, needed: list[str], template: str) -> None:
    missing = [name for name in needed if name not in rows.columns]
    if missing:
        raise InvalidInput(f"the notice {template} lacks {', '.join(missing)}")
    if rows["account_id"].n_unique() != rows.height:
        raise InvalidInput("an account is told once: it stands in the columns twice")
    if needed:
        empty = pl.any_horizontal([pl.col(name).fill_null("").str.strip_chars() == "" for name in needed])
        count = rows.select(empty.sum()).item()
        if count:
            raise InvalidInput(f"the notice {template} lacks a value in {count} rows")


def _with_units(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    with store.staged(rows.select(pl.col("account_id").cast(pl.Int64)).to_arrow()) as staged:
        sql = (
            f"SELECT a.id AS account_id, a.unit_id AS unit_id FROM {staged} s "
            "JOIN customers_customeraccount a ON a.id = s.account_id"
        )
        units = pl.DataFrame(store.read(sql, schema=_UNITS))
    if units.height != rows.height:
        raise InvalidInput(f"{rows.height - units.height} accounts that were named do not exist")
    return rows.with_columns(pl.col("account_id").cast(pl.Int64)).join(
        units, on="account_id", how="left", maintain_order="left"
    )


def _recipients(
    placed: pl.DataFrame, needed: list[str], notice_id: int, first: int, channel: str, due_at: datetime, urgent: bool
) -> pa.Table:
    slots = pl.struct(sorted(needed)).struct.json_encode() if needed else pl.lit("{}")
    return placed.select(
        id=first + pl.int_range(pl.len(), dtype=pl.Int64),
        notice_id=pl.lit(notice_id, pl.Int64),
        account_id="account_id",
        unit_id="unit_id",
        slots=slots,
        state=pl.lit("WAITING"),
        channel=pl.lit(channel),
        own_channels=pl.lit(""),
        round=pl.lit(1, pl.Int16),
        rank=pl.lit(rendering.URGENT if urgent else rendering.ORDINARY, pl.Int16),
        tries=pl.lit(0, pl.Int16),
        due_at=pl.lit(due_at).cast(_MOMENT),
        why=pl.lit(""),
    ).to_arrow()


def hundredths(column: str) -> pl.Expr:
    """A whole number of hundredths (fen, 0.01 kWh) as texts say it; below zero with a minus.

    >>> pl.select(fen=pl.Series([123405, -7])).select(hundredths("fen")).to_series().to_list()
    ['1234.05', '-0.07']
    """
    size = pl.col(column).abs()
    sign = pl.when(pl.col(column) < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.format("{}{}.{}", sign, size // 100, (size % 100).cast(pl.String).str.zfill(2))
