"""Imported parties, accounts, agreements and contacts into their tables."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.domains.customers.frames import finding
from wandeng.domains.customers.models import Contact, Customer, CustomerAccount, CustomerAgreement
from wandeng.domains.customers.types import ID_NUMBER_COLUMN, PHONE_COLUMN, PHONE_TAIL_COLUMN
from wandeng.infra import pii
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

ACCOUNTS = pa.schema(
    [("account_number", pa.string()), ("account_id", pa.int64()), ("unit_id", pa.int64()), ("path", pa.string())]
)


def accounts(store: ColumnStore, numbers: pl.DataFrame) -> pl.DataFrame:
    """The accounts with these ``account_number``s: ``account_number``, ``account_id``, ``unit_id``, ``path`` (of the
    unit)."""
    with store.staged(numbers.select("account_number").unique(maintain_order=True).to_arrow()) as staged:
        sql = (
            "SELECT a.account_number AS account_number, a.id AS account_id, a.unit_id AS unit_id, u.path AS path "
            f"FROM {staged} s JOIN customers_customeraccount a ON a.account_number = s.account_number "
            "JOIN organization_unit u ON u.id = a.unit_id"
        )
        return pl.DataFrame(store.read(sql, schema=ACCOUNTS))


def load_customers(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, ``code``, ``name``, ``kind``, ``id_number`` (null: not told, what is known stays), one for each
    code. Returns ``line``, ``code``, ``id`` and ``outcome``."""
    told = rows["id_number"].fill_null("")
    indexes = pl.Series("id_number_index", pii.index_many(told, column=ID_NUMBER_COLUMN), dtype=pl.String)
    known = merging.find(store, Customer, rows.select("code"), ["id_number_index", "id_number_sealed"])
    kept = rows.with_columns(indexes).join(
        known.rename({"id_number_index": "was_index", "id_number_sealed": "was_sealed"}),
        on="code",
        how="left",
        maintain_order="left",
    )
    # Sealing draws a fresh nonce: what is already sealed for the same number stays as it is.
    stays = (pl.col("id_number_index") == "") | (pl.col("id_number_index") == pl.col("was_index").fill_null(""))
    stays_mask = kept.select(stays.alias("stays"))["stays"]
    fresh = pl.select(pl.when(stays_mask).then(pl.lit("")).otherwise(told)).to_series().to_list()
    sealed = pl.Series(pii.seal_many(fresh, column=ID_NUMBER_COLUMN), dtype=pl.String)
    data = kept.with_columns(
        id_number_sealed=pl.when(stays_mask).then(pl.col("was_sealed").fill_null("")).otherwise(sealed),
        id_number_index=pl.when(stays_mask).then(pl.col("was_index").fill_null("")).otherwise("id_number_index"),
    )
    merged = merging.merge(store, Customer, data, key=["code"])
    return merged.select("line", "code", "id", "outcome")


def load_accounts(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line`` and the columns of :class:`CustomerAccount` but ``id``, one for each account number. Returns
    ``line``, ``account_number``, ``id`` and ``outcome``."""
    merged = merging.merge(store, CustomerAccount, rows, key=["account_number"])
    finding.take_up_accounts(store, merged.filter(pl.col("outcome") != merging.UNCHANGED)["id"])
    return merged.select("line", "account_number", "id", "outcome")


def load_agreements(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, ``number``, ``account_id``, ``valid_from``, ``valid_to``, ``signed_on``, ``late_fee_rate_e4``
    (null: not told, what is known stays). A new agreement with a signing day is SIGNED, without one a DRAFT; the state of
    a known one is not touched. Returns ``line``, ``outcome``."""
    known = merging.find(store, CustomerAgreement, rows.select("number"), ["late_fee_rate_e4"])
    rows = rows.join(known, on="number", how="left", maintain_order="left", suffix="_known").with_columns(
        late_fee_rate_e4=pl.coalesce("late_fee_rate_e4", "late_fee_rate_e4_known").cast(pl.Int16)
    )
    state = pl.when(pl.col("signed_on").is_null()).then(pl.lit("DRAFT")).otherwise(pl.lit("SIGNED"))
    update = ["valid_from", "valid_to", "signed_on", "late_fee_rate_e4"]
    merged = merging.merge(store, CustomerAgreement, rows.with_columns(state=state), key=["number"], update=update)
    return merged.select("line", "outcome")


def agreement_accounts(store: ColumnStore, numbers: pl.DataFrame) -> pl.DataFrame:
    """Whose the agreements with these ``number``s are: ``number``, ``account_id``, ``state``."""
    return merging.find(store, CustomerAgreement, numbers, ["account_id", "state"])


def load_contacts(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, ``account_id``, ``name``, ``phone`` (normal form), one for each account and phone. The first
    number of an account is its primary one. Returns ``line``, ``outcome``."""
    phones = rows["phone"].to_list()
    indexed = rows.with_columns(
        phone_index=pl.Series(pii.index_many(phones, column=PHONE_COLUMN), dtype=pl.String),
        name=pl.col("name").fill_null(""),
    )
    known = merging.find(store, Contact, indexed.select("account_id", "phone_index"), ["phone_sealed"])
    held = merging.find(store, Contact, indexed.select("account_id"), ["id"])
    first = pl.col("line") == pl.col("line").first().over("account_id")
    is_new = indexed.join(known, on=["account_id", "phone_index"], how="left", maintain_order="left")["phone_sealed"]
    to_seal = [phone if sealed is None else "" for phone, sealed in zip(phones, is_new, strict=True)]
    data = indexed.with_columns(
        phone_sealed=pl.coalesce(is_new, pl.Series(pii.seal_many(to_seal, column=PHONE_COLUMN), dtype=pl.String)),
        phone_tail_index=pl.Series(pii.index_many([p[-4:] for p in phones], column=PHONE_TAIL_COLUMN), dtype=pl.String),
        is_primary=first & ~pl.col("account_id").is_in(held["account_id"].implode()),
    )
    merged = merging.merge(
        store,
        Contact,
        data,
        key=["account_id", "phone_index"],
        update=["name"],
        fixed={"verification": "UNVERIFIED"},
    )
    return merged.select("line", "outcome")
