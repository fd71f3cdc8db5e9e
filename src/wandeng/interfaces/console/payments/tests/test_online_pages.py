"""Pages of payments online, and the demo cashier, with real orders."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.domains.payments import queries
from wandeng.domains.payments.models.online import OnlineRefund, PaymentAlarm, PaymentOrder
from wandeng.domains.payments.tests import make
from wandeng.flows.online_payments import refunds
from wandeng.flows.tests import online_world as world
from wandeng.infra import ids
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.money import yuan
from wandeng.kernel.periods import BILLING_ZONE, FAR_FUTURE

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _county() -> None:
    world.county()


def client(*roles: str, code: str = "teller") -> Client:
    unit = Unit.objects.get(code="BS")
    person = Person.objects.create(id=ids.reserve(Person, 1), code=code, name=code, unit=unit)
    for role in roles:
        Post.objects.create(
            id=ids.reserve(Post, 1), person=person, unit=unit, role=role, valid_from=make.TODAY.replace(year=2020),
            valid_to=FAR_FUTURE,
        )  # fmt: skip
    found = Client()
    found.force_login(person)
    return found


def order_url(number: str, what: str = "order") -> str:
    return reverse(f"console:payments-online-{what}", args=[number])


def asked(who: Client, **given: str) -> PaymentOrder:
    """An order through the page."""
    data = {"key": "page:1", "account_number": make.HOME, "amount": "120", "channel": world.CHANNEL} | given
    answer = who.post(reverse("console:payments-online-new"), data)
    assert answer.status_code == 302, answer.content.decode()
    return PaymentOrder.objects.get(key=data["key"])


def test_a_clerk_makes_a_code_and_sending_the_form_twice_is_one_order() -> None:
    who = client("HALL_CLERK")
    page = who.get(reverse("console:payments-online-new"), {"account": make.HOME})
    owed = queries.standing(Scope("BS/"), make.HOME, on=middleware.now().astimezone(BILLING_ZONE).date())
    assert f'value="{yuan(owed.to_pay_fen)}"' in page.content.decode()
    order = asked(who)
    assert asked(who).pk == order.pk
    assert order.amount_fen == 120_00
    shown = who.get(order_url(order.number)).content.decode()
    assert "data:image/svg+xml" in shown
    assert "请客户扫码付款" in shown


def test_a_wrong_amount_or_account_is_said_on_the_form() -> None:
    who = client("HALL_CLERK")
    data = {"key": "k", "account_number": "9999", "amount": "120", "channel": world.CHANNEL}
    answer = who.post(reverse("console:payments-online-new"), data)
    assert answer.status_code == 422
    assert "9999" in answer.content.decode()
    assert who.post(reverse("console:payments-online-new"), data | {"amount": "1.005"}).status_code == 422
    assert PaymentOrder.objects.count() == 0


def test_the_page_of_an_order_asks_the_provider_and_shows_what_it_said_without_the_payer() -> None:
    who = client("HALL_CLERK")
    order = asked(who)
    world.house().pay(order.number, at=order.opened_at)
    answer = who.post(order_url(order.number, "query"), follow=True)
    text = answer.content.decode()
    assert "平台应答：已付款" in text
    assert "查询应答" in text
    assert f"demo-{order.number[-6:]}" not in text


def test_closing_asks_for_a_reason_and_ends_the_code() -> None:
    who = client("HALL_CLERK")
    order = asked(who)
    who.post(order_url(order.number, "close"), {"reason": "客户改用现金"})
    order.refresh_from_db()
    assert order.state == "CLOSED"
    assert "请客户扫码付款" not in who.get(order_url(order.number)).content.decode()


def test_a_refund_above_the_limit_is_agreed_to_by_another_person_on_the_page() -> None:
    clerk, first, second = client("HALL_CLERK"), client("ACCOUNTANT", code="a1"), client("ACCOUNTANT", code="a2")
    order = asked(clerk, amount="1200")
    world.paid(order.number, at=order.opened_at)
    assert clerk.post(order_url(order.number, "refund"), {"reason": "x"}).status_code == 403
    first.post(order_url(order.number, "refund"), {"key": "k", "amount": "1200", "reason": "重复缴费"})
    waiting = OnlineRefund.objects.get()
    assert "须由另一人复核" in first.get(order_url(order.number)).content.decode()
    assert first.post(order_url(waiting.number, "approve")).status_code == 403
    second.post(order_url(waiting.number, "approve"))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.checker) == ("SENDING", "a2")


def test_a_rejected_refund_can_be_asked_for_again() -> None:
    first, second = client("ACCOUNTANT", code="a1"), client("ACCOUNTANT", code="a2")
    order = asked(first, amount="1200")
    world.paid(order.number, at=order.opened_at)
    for _turn in range(2):
        asking = {"key": f"k{_turn}", "amount": "1200", "reason": "重复缴费"}
        first.post(order_url(order.number, "refund"), asking)
        waiting = OnlineRefund.objects.get(state="PROPOSED")
        second.post(order_url(waiting.number, "reject"), {"reason": "没有重复"})
    assert OnlineRefund.objects.filter(state="REJECTED").count() == 2


def test_parts_are_refunded_on_the_page_and_two_clicks_are_one_refund() -> None:
    who = client("ACCOUNTANT")
    order = asked(who, amount="128.50")
    world.paid(order.number, at=order.opened_at)
    assert 'value="¥128.50"' in who.get(order_url(order.number)).content.decode()
    for _click in range(2):
        who.post(order_url(order.number, "refund"), {"key": "k1", "amount": "28.50", "reason": "多缴"})
    who.post(order_url(order.number, "refund"), {"key": "k2", "amount": "40", "reason": "多缴"})
    told = who.post(order_url(order.number, "refund"), {"key": "k3", "amount": "60.01", "reason": "x"}, follow=True)
    assert re.search(r"还可退 ¥?60\.00", told.content.decode())
    who.post(order_url(order.number, "refund"), {"key": "k4", "amount": "", "reason": "x"})
    assert OnlineRefund.objects.count() == 2
    assert sorted(OnlineRefund.objects.values_list("amount_fen", flat=True)) == [28_50, 40_00]


def test_alarms_are_listed_and_handled_with_a_note() -> None:
    who = client("ACCOUNTANT")
    order = asked(who)
    world.paid(order.number, at=order.opened_at, fen=100_00)
    page = reverse("console:payments-online-alarms")
    assert "到账金额与订单不符" in who.get(page).content.decode()
    assert "到账金额与订单不符" in who.get(order_url(order.number)).content.decode()
    alarm = PaymentAlarm.objects.get()
    who.post(
        page, {"bulk": "handle", "action": "handle", "key": str(alarm.pk), "keys": str(alarm.pk), "reason": "已退回"}
    )
    alarm.refresh_from_db()
    assert (alarm.state, alarm.note) == ("HANDLED", "已退回")


def test_the_lists_and_the_channels_are_shown_in_few_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    who = client("ACCOUNTANT")
    order = asked(who)
    world.paid(order.number, at=order.opened_at)
    world.paid(order.number, at=order.opened_at)
    refunds.refund(key="r", number=order.number, reason="x", actor=make.ACCOUNTANT, at=order.opened_at)
    pages = [reverse(f"console:payments-online{name}") for name in ("", "-new", "-alarms", "-refunds", "-channels")]
    for page in [*pages, order_url(order.number)]:
        with django_assert_max_num_queries(MOST_QUERIES):
            answer = who.get(page)
        assert answer.status_code == 200, page
    keys = who.get(reverse("console:payments-online-channels")).content.decode()
    assert "private_key" in keys
    assert world.keys()[1]["api_key"] not in keys


def test_empty_lists_say_what_to_do() -> None:
    who = client("ACCOUNTANT")
    assert "没有符合条件的支付订单" in who.get(reverse("console:payments-online")).content.decode()
    assert "没有告警" in who.get(reverse("console:payments-online-alarms")).content.decode()


def test_an_order_of_another_unit_is_not_found() -> None:
    order = asked(client("HALL_CLERK"), account_number="1004")
    Unit.objects.get(code="BS-W")
    elsewhere = client(code="west")
    Post.objects.create(
        id=ids.reserve(Post, 1), person=Person.objects.get(code="west"), unit=Unit.objects.get(code="BS-W"),
        role="HALL_CLERK", valid_from=make.TODAY.replace(year=2020), valid_to=FAR_FUTURE,
    )  # fmt: skip
    assert elsewhere.get(order_url(order.number)).status_code == 404


PLAYS = {
    "pay": "PAID",
    "fail": "CREATED",
    "silent": "CREATED",
    "wrong": "SUSPENDED",
    "unknown": "CREATED",
    "forged": "CREATED",
}


@pytest.mark.parametrize(("what", "state"), PLAYS.items())
def test_the_cashier_plays_the_provider_through_the_products_own_address(
    settings: object, what: str, state: str
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    order = asked(client("HALL_CLERK"))
    payer = Client()
    page = reverse("channels:cashier", args=[order.number])
    assert "演示收银台" in payer.get(page).content.decode()
    answer = payer.post(f"{page}play/", {"what": what}, follow=True)
    assert answer.status_code == 200
    order.refresh_from_db()
    assert order.state == state


def test_the_cashier_tells_late_and_thrice_and_pays_twice(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    order = asked(client("HALL_CLERK"))
    payer, page = Client(), reverse("channels:cashier", args=[order.number])
    assert "没有可以通知的" in payer.post(f"{page}play/", {"what": "again"}, follow=True).content.decode()
    payer.post(f"{page}play/", {"what": "silent"})
    payer.post(f"{page}play/", {"what": "thrice"})
    order.refresh_from_db()
    assert order.state == "PAID"
    payer.post(f"{page}play/", {"what": "twice"})
    assert list(PaymentAlarm.objects.values_list("kind", flat=True)) == ["SECOND_PAYMENT"]
    assert payer.post(f"{page}play/", {"what": "nothing"}).status_code == 404


def test_there_is_no_cashier_outside_a_demonstration() -> None:
    order = asked(client("HALL_CLERK"))
    page = reverse("channels:cashier", args=[order.number])
    assert Client().get(page).status_code == 404
    assert Client().post(f"{page}play/", {"what": "pay"}).status_code == 404
    order.refresh_from_db()
    assert order.state == "CREATED"
