"""The books on pages: balances, an entry, what stands in the way of closing, closing, export."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger import queries
from wandeng.domains.ledger.tests import make
from wandeng.domains.ledger.types import Posting
from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.flows import ledger_export, month_close
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import NotAllowed
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = Month(2026, 3)
AT = datetime(2026, 4, 3, 2, 0, tzinfo=UTC)
PAGE = "/console/ledger/?unit=QY&month=2026-03"


@pytest.fixture(autouse=True)
def _books(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False
    make.unit()
    make.accounts(1)
    for code, role in (("acc", Role.ACCOUNTANT), ("hall", Role.HALL_CLERK), ("boss", Role.COUNTY_MANAGER)):
        actions.add_person(code=code, name=code, unit_code="QY", actor=SYSTEM, at=make.AT)
        actions.appoint(person_code=code, unit_code="QY", role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT)
    for key, month, lines in (
        ("bill:1", "2026-02", [Posting("RECEIVABLE", 10_000, 1, 7), Posting("REVENUE:ENERGY", -10_000)]),
        ("pay:1", "2026-03", [Posting("CASH:QY", 6_025), Posting("RECEIVABLE", -6_025, 1, 7)]),
    ):
        ledger.post(biz_key=key, kind="PAYMENT", unit=UnitId(1), month=month, lines=lines, at=make.AT, actor=make.CLERK)


def client(code: str) -> Client:
    known = Client()
    known.force_login(organization.login_user(code))
    return known


def test_balances_are_shown_with_their_headings() -> None:
    known = client("acc")
    with CaptureQueriesContext(connection) as asked:
        page = known.get(PAGE).content.decode()
    assert len(asked) <= 15
    assert "库存现金" in page
    assert "¥60.25" in page
    assert "¥39.75" in page, "100.00 were owed, 60.25 are paid"
    entry = queries.entries_of(Scope.everywhere(), unit_path="QY/", month="2026-03")[0].entry_id
    assert "1001" in known.get(f"/console/ledger/entries/{entry}/").content.decode()
    assert "pay:1" in known.get("/console/ledger/entries/?month=2026-03").content.decode()


def test_who_takes_money_does_not_see_the_books() -> None:
    assert client("hall").get(PAGE).status_code == 403
    assert client("boss").post("/console/ledger/close/QY/2026-03/").status_code == 403


def test_an_empty_month_says_so() -> None:
    assert "本月还没有凭证" in client("acc").get("/console/ledger/?unit=QY&month=2025-01").content.decode()


def test_months_are_closed_in_order_by_the_accountant() -> None:
    known = client("acc")
    refused = known.post("/console/ledger/close/QY/2026-03/")
    assert refused.status_code == 409
    assert "请先关闭 2026-02" in refused.content.decode()
    for month in ("2026-02", "2026-03"):
        assert known.post(f"/console/ledger/close/QY/{month}/").status_code == 302
    assert "本月已关账" in known.get(PAGE).content.decode()
    assert month_close.close(unit_code="QY", month=MARCH, actor=organization.actor_for("acc", AT.date()), at=AT) == 0


def test_a_month_that_is_not_over_cannot_be_closed() -> None:
    actor = organization.actor_for("acc", AT.date())
    early = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)  # 23:59 of 31 March at home
    with pytest.raises(month_close.NotReady, match="MONTH_OVER"):
        month_close.close(unit_code="QY", month=MARCH, actor=actor, at=early)
    with pytest.raises(NotAllowed):
        month_close.close(unit_code="QY", month=MARCH, actor=organization.actor_for("boss", AT.date()), at=AT)


def test_the_workbook_has_balances_and_vouchers_as_numbers() -> None:
    answer = client("acc").get("/console/ledger/export/QY/2026-03/")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = {row[2]: row[3:] for row in book["科目余额"].iter_rows(min_row=2, values_only=True)}
    assert rows["RECEIVABLE"] == (100, 0, 60.25, 39.75)
    assert [row[7] for row in book["凭证"].iter_rows(min_row=2, values_only=True) if row[7]] == [60.25]


def journal() -> str:
    library = RuleLibrary.load(default_root())
    return ledger_export.journal(ledger_export.books(Scope.everywhere(), unit_code="QY", month=MARCH, library=library))


def complaints(text: str) -> list[str]:
    """What Beancount, which knows nothing of this product, finds wrong."""
    from beancount import loader

    _entries, errors, _options = loader.load_string(text)
    return [str(error.message) for error in errors]


def test_an_independent_checker_agrees_with_the_exported_month() -> None:
    text = journal()
    assert "balance Assets:C1122:RECEIVABLE 39.75 CNY" in text
    assert complaints(text) == []


def test_the_independent_checker_sees_a_fen_that_is_missing() -> None:
    assert complaints(journal().replace("Assets:C1001:CASH:QY  60.25", "Assets:C1001:CASH:QY  60.24"))
