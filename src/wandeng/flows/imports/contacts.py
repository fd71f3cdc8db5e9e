"""Contacts 联系人: the phone numbers of accounts, apart from the rest: most files have many wrong ones."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from wandeng.domains.customers.frames import loading
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import customers, phones, references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import Kind, Landing, LoadContext, Section

COLUMNS = (
    customers.ACCOUNT_NUMBER,
    customers.CONTACT_NAME,
    replace(customers.PHONE, required=True),
)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Contacts of known accounts with a number that can be called."""
    accounts = loading.accounts(store, rows).drop("unit_id")
    rows, unknown = references.resolve(rows, accounts, "account_number", "户号", context)
    judged = rows.with_columns(normal=phones.normal(pl.col("phone")))
    wrong = findings.about(judged.filter(pl.col("normal").is_null()), "phone", "NOT_A_PHONE", phones.EXPECTED)
    good = findings.without(judged, wrong)
    once = good.unique(["account_id", "normal"], keep="first", maintain_order=True)
    merged = loading.load_contacts(store, once.select("line", "account_id", name="contact_name", phone="normal"))
    again = good.join(once.select("line"), on="line", how="anti", maintain_order="left")
    outcomes = pl.concat([merged, again.select("line", pl.lit(merging.UNCHANGED).alias("outcome"))])
    return Landing(outcomes, findings.gather(unknown, wrong))


KIND = Kind(
    "contacts",
    "联系人",
    "户号的联系电话 phone numbers of accounts",
    (Section("contact", "联系人", COLUMNS, ("account_number", "phone"), load),),
    roles=(Role.ACCOUNT_MANAGER, Role.CELL_MANAGER, Role.HALL_CLERK),
)
