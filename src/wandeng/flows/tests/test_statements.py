"""Statements of providers and acquirers against our books: a day closes to zero, or each difference is told."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from wandeng.domains.payments.actions import online, reconciliation
from wandeng.domains.payments.frames import clearing
from wandeng.domains.payments.models import OnlineRefund, ReconciliationItem
from wandeng.domains.payments.queries import reconciliation as queries
from wandeng.domains.payments.queries.bank_values import BankFileFacts
from wandeng.domains.payments.tests import make
from wandeng.flows.online_payments import callbacks, orders, providers, refunds
from wandeng.flows.tests import bank_world, online_world
from wandeng.infra.bank_layouts.tests import statements
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
AT = bank_world.AT
EVERYWHERE = Scope.everywhere()


def balance(name: str) -> int:
    return make.balance(name)


def paid(key: str, fen: int, *, with_fen: int | None = None) -> str:
    """An order of channel ALIPAY that somebody pays; its provider is played by the demo house."""
    number = orders.open_order(
        key=key, account_number=make.HOME, amount_fen=fen, channel="ALIPAY", actor=make.CLERK, at=AT
    ).number  # fmt: skip
    house = providers.of("ALIPAY").house  # type: ignore[attr-defined]
    house.pay(number, at=AT, amount_fen=with_fen)
    headers, body = house.call_back(number, at=AT)
    callbacks.receive_call(channel="ALIPAY", headers=headers, body=body, came_from="10.0.0.1", at=AT)
    return number


@pytest.fixture
def alipay() -> None:
    shutil.rmtree(Path(settings.HOME) / "demo-cashier", ignore_errors=True)
    make.accounts()
    facts, secrets = online_world.keys()
    online.set_up_channel(
        code="ALIPAY", kind="DEMO", name="支付宝", merchant="1900000000", facts=facts, secrets=secrets, is_active=True,
        actor=SYSTEM, at=AT,
    )  # fmt: skip


def booked(content: bytes, bank: str, name: str = "day.csv") -> BankFileFacts:
    return bank_world.book(bank_world.bring(content, bank=bank, name=name))


def differences() -> list[tuple[str, str, int, int]]:
    rows = ReconciliationItem.objects.filter(state="OPEN").order_by("key")
    return list(rows.values_list("kind", "key", "ours_fen", "theirs_fen"))


def test_alipays_day_with_a_part_refunded_closes_to_zero(alipay: None) -> None:
    first, second = paid("k1", 128_50), paid("k2", 60_00)
    refund = refunds.refund(
        key="r", number=first, amount_fen=20_00, reason="多缴", actor=make.ACCOUNTANT, at=AT
    )  # fmt: skip
    online_world.work_until(AT)
    assert OnlineRefund.objects.get().state == "DONE"
    assert balance("CLEARING:ALIPAY") == 128_50 + 60_00 - 20_00
    told = statements.alipay((first, "128.50", ""), (second, "60.00", ""), (first, "-20.00", refund))
    assert booked(told, "ALIPAY").state == "POSTED"
    assert (differences(), balance("CLEARING:ALIPAY"), balance("BANK")) == ([], 0, 168_50)
    assert [one["state"] for one in queries.day_rows(EVERYWHERE)] == ["CLOSED"]
    again = bank_world.bring(told + b"\r\n", bank="ALIPAY")
    assert again.refusal["reason"] == "RECONCILED"


def test_money_of_an_order_that_went_to_suspense_is_the_providers_money_all_the_same(alipay: None) -> None:
    number = paid("k1", 128_50, with_fen=130_00)
    booked(statements.alipay((number, "130.00", "")), "ALIPAY")
    # 130.00 came for an order of 128.50: in suspense, and at the bank.
    assert (differences(), balance("CLEARING:ALIPAY"), balance("SUSPENSE")) == ([], 0, -130_00)


def test_each_difference_of_a_statement_is_an_item_and_the_clearing_is_their_sum(alipay: None) -> None:
    number = paid("k1", 128_50)
    paid("k2", 60_00)
    refund = refunds.refund(
        key="r", number=number, amount_fen=20_00, reason="多缴", actor=make.ACCOUNTANT, at=AT
    )  # fmt: skip
    online_world.work_until(AT)
    other = orders.open_order(
        key="k2", account_number=make.HOME, amount_fen=60_00, channel="ALIPAY", actor=make.CLERK, at=AT
    ).number  # fmt: skip
    booked(statements.alipay((number, "128.50", ""), ("STRANGE", "7.00", ""), (number, "-5.00", "RSTRANGE")), "ALIPAY")
    assert sorted(differences()) == sorted(
        [
            ("LONG", f"online:refund:{refund}", -20_00, 0),
            ("LONG", "online:STRANGE", 0, 7_00),
            ("SHORT", f"online:{other}", 60_00, 0),
            ("SHORT", "online:refund:RSTRANGE", 0, -5_00),
        ]
    )
    # What we think it holds less what it says: 60.00 - 20.00 - 7.00 + 5.00
    assert balance("CLEARING:ALIPAY") == 38_00
    for item in ReconciliationItem.objects.filter(state="OPEN"):
        reconciliation.book(item_id=item.pk, reason="已核实", actor=bank_world.ACCOUNTANT, at=AT)
    assert balance("CLEARING:ALIPAY") == 0


def test_a_refund_that_the_provider_names_a_day_later_settles_the_earlier_day(
    alipay: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = paid("k1", 128_50)
    refund = refunds.refund(
        key="r", number=number, amount_fen=20_00, reason="多缴", actor=make.ACCOUNTANT, at=AT
    )  # fmt: skip
    online_world.work_until(AT)
    booked(statements.alipay((number, "128.50", "")), "ALIPAY")
    assert [one[0] for one in differences()] == ["LONG"]
    monkeypatch.setattr(bank_world, "AT", datetime(2026, 3, 21, 3, tzinfo=UTC))
    booked(statements.alipay((number, "-20.00", refund), day="2026-03-21"), "ALIPAY")
    assert (differences(), balance("CLEARING:ALIPAY"), balance("BANK")) == ([], 0, 108_50)


def test_unionpays_statement_is_held_against_orders_by_their_number(alipay: None) -> None:
    facts = bank_world.bring(statements.unionpay(("O1", 128_50, "01")), bank="UNIONPAY", name="INN26032088ZM_777")
    assert (facts.day, facts.rows, facts.total_fen) == (date(2026, 3, 20), 1, 128_50)
    assert bank_world.verdicts(facts.file_id) == [("TOLD", "")]
    wrong = bank_world.bring(statements.unionpay(("O1", 1, "01")), bank="UNIONPAY", name="ZM_777")
    assert wrong.refusal["reason"] == "NO_DAY"


def test_card_takings_of_tills_close_by_amount_and_what_is_left_is_told() -> None:
    ids = make.accounts()
    for place, fen in enumerate((80_00, 80_00, 90_00, 33_00), start=1):
        make.pay(ids[make.HOME], fen, key=f"till:9:{place}", tender="CARD")
    assert balance("CLEARING:CARD") == 283_00
    waiting = queries.waiting_days(EVERYWHERE, since=date(2026, 3, 20), before=date(2026, 3, 21))
    assert [(one.channel, one.ours.amount_fen) for one in waiting] == [("CARD", 283_00)]
    with ColumnStore() as store:
        assert clearing.unexplained(store) == []
    sale = "消费"
    told = statements.acquirer(
        ("901", "80.00", sale), ("902", "90.00", sale), ("903", "80.00", sale), ("904", "50.00", sale),
        ("904", "50.00", "撤销"), ("905", "12.00", sale),
    )  # fmt: skip
    assert booked(told, "CARD").state == "POSTED"
    # 33.00 that the acquirer does not name, 12.00 that we did not take; the voided 50.00 stand on neither side.
    assert differences() == [("LONG", "acquirer:CARD:905", 0, 12_00), ("SHORT", "till:9:4", 33_00, 0)]
    assert (balance("CLEARING:CARD"), balance("BANK")) == (21_00, 262_00)
    with ColumnStore() as store:
        assert clearing.unexplained(store) == []
    for item in ReconciliationItem.objects.filter(state="OPEN"):
        reconciliation.book(item_id=item.pk, reason="已核实", actor=bank_world.ACCOUNTANT, at=AT)
    assert balance("CLEARING:CARD") == 0
    with ColumnStore() as store:
        assert clearing.unexplained(store) == []
