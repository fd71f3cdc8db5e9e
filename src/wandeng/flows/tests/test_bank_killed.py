"""A posting that is killed again and again books each good row once and lists each bad one once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter

import polars as pl
import pytest
from django.conf import settings
from django.db import connection

from wandeng.domains.customers.models import Customer, CustomerAccount
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments.models import Allocation, BankFile, Payment, SuspenseItem
from wandeng.domains.payments.tests import make
from wandeng.flows import bank_files
from wandeng.flows.tests import bank_world as world
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

GOOD, STRANGERS, MALFORMED, TWICE = 4_900, 77, 3, 20
CHILD = """
import os, signal, sys
import django
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from wandeng.flows import bank_files
from wandeng.flows.tests import bank_world as world
from wandeng.infra.columns import ColumnStore
statements = [0]
def counted(self, sql, params=(), _run=ColumnStore.execute):
    statements[0] += 1
    if statements[0] == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    _run(self, sql, params)
ColumnStore.execute = counted
bank_files.post_now(int(sys.argv[2]), actor=world.ACCOUNTANT, clock=world.clock)
"""


def accounts(count: int) -> None:
    """Accounts 500000… without bills: their money becomes credit."""
    unit, customer = organization.unit_id("BS-W"), Customer.objects.first()
    assert customer is not None
    with ColumnStore() as store, store.transaction():
        first = ids.reserve_columns(store, CustomerAccount, count)
        shared = {
            "customer_id": customer.pk, "unit_id": int(unit), "name": "户", "address": "镇", "importance": "",
            "customer_class": "RESIDENTIAL", "locality": "RURAL", "household_size": 0,
        }  # fmt: skip
        rows = pl.DataFrame({"id": range(first, first + count)}).with_columns(
            *(pl.lit(value).alias(name) for name, value in shared.items()),
            account_number=(pl.col("id") - first + 500_000).cast(pl.String),
            opened_on=pl.lit(world.date(2020, 1, 1)),
        )
        store.append(CustomerAccount, rows.to_arrow())


def content() -> bytes:
    """5,000 rows of a yuan each: good ones, strangers, three malformed, twenty serials twice."""
    rows = [world.row(i, str(500_000 + i), 1_00) for i in range(GOOD)]
    rows += [world.row(GOOD + i, str(900_000 + i), 1_00) for i in range(STRANGERS)]
    rows += [world.row(7_000 + i, "500001", 1_00) for i in range(MALFORMED)]
    rows += [world.row(i, str(500_000 + i), 1_00) for i in range(TWICE)]
    text = world.written(rows)
    for i in range(MALFORMED):
        text = text.replace(
            f"D,{7_000 + i:08d},500001,付款人{7_000 + i},1.00".encode(), f"D,{7_000 + i:08d},500001,x,NaN".encode()
        )
    return text


def _run(file_id: int, die_at: int) -> subprocess.CompletedProcess[str]:
    connection.close()
    environment = os.environ | {"WANDENG_HOME": str(settings.HOME), "DJANGO_SETTINGS_MODULE": "wandeng.config.settings"}
    command = [sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"]), str(file_id), str(die_at)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_killed_at_any_statement_and_run_again() -> None:
    make.accounts()
    accounts(GOOD)
    checked = world.bring(content())
    assert (checked.rows, checked.unread, checked.unread_fen) == (5_000, 3, 3_00)
    bank_files.post(file_id=checked.file_id, reason="三笔金额读不出", actor=world.ACCOUNTANT, at=world.AT)
    kills = 0
    # Each round dies a little later: in a chunk, at its commit, between chunks, when the file is closed.
    for die_at in (3, 9, 14, 21, 27, 10**9):
        ended = _run(checked.file_id, die_at)
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        kills += 1
        facts = bank_files.queries.bank_file(Scope.everywhere(), checked.file_id)
        posted = facts.verdicts.get("POSTED")
        # What is marked is booked and what is booked is marked, to the row.
        assert Payment.objects.count() == (posted.rows if posted else 0)
        assert SuspenseItem.objects.count() == sum(
            one.rows for name, one in facts.verdicts.items() if name == "SUSPENSE"
        )
        assert facts.rows_done == Payment.objects.count() + SuspenseItem.objects.count()
    assert kills >= 3
    facts = bank_files.queries.bank_file(Scope.everywhere(), checked.file_id)
    assert facts.state == "POSTED"
    assert {name: one.rows for name, one in facts.verdicts.items()} == {
        "POSTED": GOOD, "SUSPENSE": STRANGERS, "REJECTED": MALFORMED + TWICE,
    }  # fmt: skip
    assert sum(one.amount_fen for one in facts.verdicts.values()) + facts.unread_fen == facts.total_fen == 5_000_00
    keys = Counter(Payment.objects.values_list("key", flat=True))
    assert (len(keys), max(keys.values())) == (GOOD, 1)
    assert sum(Allocation.objects.values_list("amount_fen", flat=True)) == GOOD * 1_00
    assert make.balance("CLEARING:BANK_402") == (GOOD + STRANGERS) * 1_00
    assert make.balance("SUSPENSE") == -STRANGERS * 1_00
    assert ledger.faults() == []
    assert BankFile.objects.count() == 1
