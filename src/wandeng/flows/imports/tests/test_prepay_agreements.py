"""Prepay agreements from a file: each once, by the terms of the account's class, and what contradicts is parked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from wandeng.domains.collections.actions import prepay
from wandeng.domains.collections.models import PrepayAgreement
from wandeng.domains.customers.tests import make
from wandeng.flows.imports import intake
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.models import ParkedRow
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HEAD = "户号,生效日期,协议编号,约定预警值\n"


@pytest.fixture(autouse=True)
def county() -> None:
    make.accounts()


def bring(folder: Path, text: str) -> tuple[int, int, int]:
    path = folder / "费控.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    outcome: Outcome = intake.take_in("prepay-agreements", path, actor=SYSTEM, clock=lambda: NOW)
    return outcome.counts.created, outcome.counts.unchanged, outcome.counts.parked


def parked() -> str:
    return ParkedRow.objects.get().findings


def test_a_file_enrolls_each_account_once(tmp_path: Path) -> None:
    text = "1001,2026-11-01,FK-1,\n1003,2026-11-01,FK-2,2500\n"
    assert bring(tmp_path, text) == (2, 0, 0)
    assert bring(tmp_path, text) == (0, 2, 0)
    rows = PrepayAgreement.objects.order_by("account__account_number")
    assert list(rows.values_list("account__account_number", "document", "agreed_warn_fen", "state")) == [
        ("1001", "FK-1", None, "ACTIVE"), ("1003", "FK-2", 250_000, "ACTIVE"),
    ]  # fmt: skip
    assert rows[0].rule_path.startswith("national/prepay/") or rows[0].rule_path.startswith("hunan/prepay/")


def test_another_agreement_of_an_enrolled_account_is_parked(tmp_path: Path) -> None:
    bring(tmp_path, "1001,2026-11-01,FK-1,\n")
    assert bring(tmp_path, "1001,2026-11-02,FK-9,\n") == (0, 0, 1)
    assert "ENROLLED" in parked()


def test_an_agreement_before_the_end_of_the_last_one_is_parked(tmp_path: Path) -> None:
    bring(tmp_path, "1001,2026-10-01,FK-1,\n")
    prepay.end(account_number="1001", reason="客户申请", actor=SYSTEM, at=NOW)
    assert bring(tmp_path, "1001,2026-11-01,FK-2,\n") == (0, 0, 1)
    assert bring(tmp_path, "1001,2026-11-02,FK-3,\n") == (1, 0, 0)
    assert PrepayAgreement.objects.get(state="ACTIVE").valid_from == date(2026, 11, 2)


def test_an_unknown_account_is_parked(tmp_path: Path) -> None:
    assert bring(tmp_path, "9999,2026-11-01,,\n") == (0, 0, 1)
    assert "UNKNOWN_REFERENCE" in parked()
