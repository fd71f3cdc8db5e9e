"""Imported prepay agreements into their table."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl

from wandeng.domains.collections import rules_prepay
from wandeng.domains.collections.frames import stored
from wandeng.domains.collections.models import PrepayAgreement
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.imports import merging
from wandeng.kernel.actors import Actor

KNOWN = pl.Schema(
    {"account_id": pl.Int64, "was_from": pl.Date, "was_document": pl.String, "state": pl.String, "was_to": pl.Date}
)
CLASSES = pl.Schema({"account_id": pl.Int64, "customer_class": pl.String, "territory": pl.String})


def prepay_agreements(store: ColumnStore, account_ids: pl.Series) -> pl.DataFrame:
    """:data:`KNOWN`: the newest agreement of each of these accounts that has one."""
    if account_ids.is_empty():
        return pl.DataFrame(schema=KNOWN)
    with store.staged(pl.DataFrame({"account_id": account_ids.unique()}).to_arrow()) as staged:
        return stored.read(
            store,
            "SELECT g.account_id, g.valid_from AS was_from, g.document AS was_document, g.state, g.valid_to AS was_to "
            f"FROM {staged} s JOIN collections_prepayagreement g ON g.account_id = s.account_id "
            "WHERE g.id = (SELECT MAX(x.id) FROM collections_prepayagreement x WHERE x.account_id = g.account_id)",
            (),
            KNOWN,
        )


def classes(store: ColumnStore, account_ids: pl.Series) -> pl.DataFrame:
    """:data:`CLASSES` of accounts: by what terms they could be enrolled."""
    if account_ids.is_empty():
        return pl.DataFrame(schema=CLASSES)
    with store.staged(pl.DataFrame({"account_id": account_ids.unique()}).to_arrow()) as staged:
        return stored.read(
            store,
            f"SELECT a.id AS account_id, a.customer_class, u.territory FROM {staged} s "
            "JOIN customers_customeraccount a ON a.id = s.account_id JOIN organization_unit u ON u.id = a.unit_id",
            (),
            CLASSES,
        )


def terms_of(rows: pl.DataFrame, library: RuleLibrary) -> pl.DataFrame:
    """(line) of rows whose class has terms on ``valid_from``, and whose own warning, where one was agreed, is no lower than
    the balance at which supply is given back. ``rows``: line, territory, customer_class, valid_from, agreed_warn_fen."""
    found = []
    for (territory, day), some in rows.group_by("territory", "valid_from"):
        terms = rules_prepay.prepay_rule(str(territory), _day(day), library).terms
        named = some.join(terms.select("customer_class", "restore_from_fen"), on="customer_class", how="inner")
        found.append(named.filter(pl.col("agreed_warn_fen").fill_null(2**60) >= pl.col("restore_from_fen")))
    return pl.concat([rows.clear().select("line"), *[one.select("line") for one in found]])


def load_prepay_agreements(
    store: ColumnStore, rows: pl.DataFrame, *, library: RuleLibrary, actor: Actor, at: datetime
) -> pl.DataFrame:
    """``rows``: ``line``, ``account_id``, ``territory``, ``valid_from``, ``document``, ``agreed_warn_fen``, accounts without
    an active agreement. Returns ``line``, ``outcome``."""
    if rows.is_empty():
        return pl.DataFrame(schema={"line": rows.schema.get("line", pl.Int64), "outcome": pl.String})
    paths = rows.select("territory", "valid_from").unique()
    terms = [rules_prepay.prepay_rule(str(place), _day(day), library) for place, day in paths.rows()]
    named = paths.with_columns(
        rule_path=pl.Series([one.path for one in terms]), rule_hash=pl.Series([one.content_hash for one in terms])
    )
    first = ids.reserve_columns(store, PrepayAgreement, rows.height)
    made = rows.join(named, on=["territory", "valid_from"], how="left", maintain_order="left").select(
        "line", id=first + pl.int_range(pl.len(), dtype=pl.Int64), account_id="account_id", state=pl.lit("ACTIVE"),
        valid_from="valid_from", document=pl.col("document").fill_null(""), agreed_warn_fen="agreed_warn_fen",
        rule_path="rule_path", rule_hash="rule_hash", enrolled_by=pl.lit(actor.code),
        enrolled_at=pl.lit(at).cast(stored.MOMENT), reason=pl.lit(""), ended_by=pl.lit(""), end_reason=pl.lit(""),
        gap=pl.lit(""),
    )  # fmt: skip
    stored.append(store, PrepayAgreement, made.drop("line"))
    return made.select("line", pl.lit(merging.CREATED).alias("outcome"))


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value
