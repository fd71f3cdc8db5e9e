"""CX from end to end: a bill that was published, as a short message of its customer is answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing.queries import accounts as billing
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.types import Verdict
from wandeng.flows import text_service
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.money import yuan
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 9, 5, 2, 0, tzinfo=UTC)
PHONE = "13812345678"


def test_cx_tells_the_last_bill_and_what_is_owed_altogether(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    pii.create_key()
    world.found()
    world.add_account("1", total={date(2026, 7, 1): 1000, date(2026, 8, 1): 1150, date(2026, 9, 1): 1400})
    for month in (Month(2026, 7), Month(2026, 8)):
        steps.bill_month(month)
    contact = customers.add_contact(account_number="1", phone=PHONE, actor=SYSTEM, at=world.NOW)
    customers.verify_contact(contact_id=contact, verdict=Verdict.RIGHT, actor=SYSTEM, at=world.NOW, reason="核实")
    told = text_service.preview(phone=PHONE, text="cx", at=AT, library=RuleLibrary.load(default_root()))
    bill, before = billing.bills_of_account(Scope.everywhere(), "1", last=Month(2026, 8), count=2, published=True)
    assert told.code == "WD_CX"
    assert f"2026年8月用电250.00千瓦时，电费{yuan(bill.amount_fen)}元" in told.text
    assert before.month == Month(2026, 7)
    owed = told.text.partition("现共欠")[2].removesuffix("元。")
    assert round(float(owed) * 100) >= bill.amount_fen + before.amount_fen
