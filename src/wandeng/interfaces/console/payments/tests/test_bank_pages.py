"""The accountant brings a file, books it, finds whose money it is and closes the day; others look, or may not."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.domains.payments.models import BankAgreement, BankFile, ReconciliationDay, ReconciliationItem, SuspenseItem
from wandeng.domains.payments.tests import make
from wandeng.flows import bank_files
from wandeng.flows.tests import bank_world as world
from wandeng.infra import ids
from wandeng.kernel.periods import FAR_FUTURE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county():
    found = make.accounts()
    make.bill(found["1001"], "2026-02", 80_00, world.date(2026, 3, 25))
    for code, role in (
        ("account2", "ACCOUNTANT"),
        ("hall", "HALL_CLERK"),
        ("head", "COUNTY_MANAGER"),
        ("reader", "METER_READER"),
    ):
        unit = Unit.objects.get(code="BS")
        person = Person.objects.filter(code=code).first() or Person.objects.create(
            id=ids.reserve(Person, 1), code=code, name=code, unit=unit
        )
        Post.objects.create(
            id=ids.reserve(Post, 1), person=person, unit=unit, role=role, valid_from=world.date(2020, 1, 1),
            valid_to=FAR_FUTURE,
        )  # fmt: skip
    return found


def client_of(code: str) -> Client:
    client = Client()
    client.force_login(organization.login_user(code))
    return client


def page(client: Client, route: str, *arguments: object, query: str = "", status: int = 200) -> str:
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse(route, args=arguments) + query)
    assert answer.status_code == status, answer.content[:2000]
    assert len(asked) <= 15, [one["sql"][:120] for one in asked]
    return answer.content.decode()


def send(client: Client, route: str, *arguments: object, **data: object):
    return client.post(reverse(route, args=arguments), data)


def test_a_file_is_brought_checked_and_booked_on_its_page(county):
    accountant = client_of("account2")
    content = world.written([world.row(1, "1001", 80_00), world.row(2, "9999", 5_00)])
    upload = SimpleUploadedFile("day.txt", content)
    answer = send(accountant, "console:payments-bank-file-new", bank="402", file=upload)
    made = BankFile.objects.get()
    assert answer.url == reverse("console:payments-bank-file", args=[made.pk])
    assert "正在核对" in page(accountant, "console:payments-bank-file", made.pk)
    assert page(accountant, "console:payments-bank-file-progress", made.pk)
    bank_files.check_now(made.pk, at=world.AT)
    shown = page(accountant, "console:payments-bank-file", made.pk)
    assert "将转待查" in shown
    assert "没有这个户号" in shown
    assert "各类金额之和等于文件总额" in shown
    assert accountant.get(reverse("console:payments-bank-file-progress", args=[made.pk])).status_code == 204
    assert send(accountant, "console:payments-bank-file-post", made.pk).status_code == 302
    assert BankFile.objects.get().state == "POSTING"
    bank_files.post_now(made.pk, actor=world.ACCOUNTANT, clock=world.clock)
    assert "已入账" in page(accountant, "console:payments-bank-files")
    assert "9999" in page(accountant, "console:payments-bank-rows", query=f"?file={made.pk}&verdict=SUSPENSE")


def test_a_refused_file_says_why_in_the_readers_language(county):
    refused = world.bring(world.written([world.row(1, "1001", 80_00)]).replace(b",80.00\n", b",81.00\n"))
    assert "一分钱也没有入账" in page(client_of("account2"), "console:payments-bank-file", refused.file_id)
    assert "文件头总金额 8100 分，各笔合计 8000 分" in page(
        client_of("head"), "console:payments-bank-file", refused.file_id
    )


def test_an_unknown_bank_and_an_empty_form_come_back(county):
    accountant = client_of("account2")
    assert send(accountant, "console:payments-bank-file-new", bank="999").status_code == 422
    assert "待回盘" not in page(accountant, "console:payments-bank-file-new")


def test_a_request_is_made_and_fetched_and_that_is_logged(county):
    accountant = client_of("account2")
    signed = send(
        accountant, "console:payments-bank-agreement-new", account_number="1001", bank="402", kind="DEBIT",
        number="XY1", holder="张三", bank_account="6222000011112222", signed_on="2026-01-05",
    )  # fmt: skip
    assert signed.status_code == 302
    assert "2222" in page(accountant, "console:payments-bank-agreements")
    page(accountant, "console:payments-bank-request")
    answer = send(accountant, "console:payments-bank-request", kind="01", bank="402", on="2026-03-20")
    made = BankFile.objects.get(direction="OUT")
    assert answer.url == reverse("console:payments-bank-file", args=[made.pk])
    assert "已请求" in page(accountant, "console:payments-bank-file", made.pk)
    fetched = send(accountant, "console:payments-bank-file-fetch", made.pk)
    assert b"6222000011112222" in fetched.content
    again = send(accountant, "console:payments-bank-request", kind="01", bank="402", on="2026-03-20")
    assert again.status_code == 422
    assert "没有可向银行 402 请求的欠费" in again.content.decode()
    ended = send(accountant, "console:payments-bank-agreement-end", "402", "XY1", reason="客户来函")
    assert ended.status_code == 302
    assert BankAgreement.objects.get().state == "ENDED"


def test_suspense_suggests_whose_it_is_and_is_matched_returned_or_left(county):
    make.bill(county["1002"], "2026-02", 50_00, world.date(2026, 3, 25))
    rows = [
        world.row(1, "9999", 80_00, name="张三"),
        world.row(2, "9998", 1_00, name="无名"),
        world.row(3, "9997", 2_00),
    ]
    world.book(world.bring(world.written(rows)))
    first, second, third = SuspenseItem.objects.order_by("id")
    accountant = client_of("account2")
    assert "83.00" in page(accountant, "console:payments-suspense")
    shown = page(accountant, "console:payments-suspense-item", first.pk)
    assert "户名相同、欠费金额相同" in shown
    assert "没有相近的户" in page(accountant, "console:payments-suspense-item", second.pk)
    matched = send(accountant, "console:payments-suspense-match", first.pk, account_number="1001", reason="户主确认")
    assert matched.status_code == 302
    assert "已认领" in page(accountant, "console:payments-suspense-item", first.pk)
    assert (
        send(accountant, "console:payments-suspense-match", first.pk, account_number="1001", reason="x").status_code
        == 409
    )
    assert send(accountant, "console:payments-suspense-return", second.pk, document="", reason="x").status_code == 422
    send(accountant, "console:payments-suspense-return", second.pk, document="T1", reason="付错")
    send(accountant, "console:payments-suspense-leave", third.pk, reason="等回单")
    assert list(SuspenseItem.objects.order_by("id").values_list("state", flat=True)) == ["MATCHED", "RETURNED", "OPEN"]


def test_a_day_is_reconciled_and_its_difference_decided(county):
    accountant = client_of("account2")
    world.book(world.bring(world.written([world.row(1, "1001", 80_00)])))
    page(accountant, "console:payments-reconciliation")
    told = [world.row(1, "1001", 80_00, reference="B1:00000001"), world.row(2, "1002", 9_00, reference="B7:1")]
    world.book(world.bring(world.written(told, kind="03", batch="D1")))
    day, item = ReconciliationDay.objects.get(), ReconciliationItem.objects.get()
    shown = page(accountant, "console:payments-reconciliation-day", day.pk)
    assert "长款" in shown
    assert "50.00" in shown  # one of two matched by itself: 50 %
    assert "B7:1" in page(accountant, "console:payments-differences")
    assert send(accountant, "console:payments-reconciliation-decide", item.pk, move="x", reason="r").status_code == 422
    decided = send(accountant, "console:payments-reconciliation-decide", item.pk, move="to_suspense", reason="无记录")
    assert decided.url == reverse("console:payments-reconciliation-day", args=[day.pk])
    day.refresh_from_db()
    assert day.state == "CLOSED"


@pytest.mark.parametrize(
    "route",
    ["bank-files", "bank-rows", "bank-agreements", "suspense", "reconciliation", "differences"],
)
def test_lists_are_there_before_anything_is(county, route):
    assert page(client_of("head"), f"console:payments-{route}")


def test_who_may_look_and_who_may_do(county):
    world.book(world.bring(world.written([world.row(1, "9999", 80_00)])))
    item, file = SuspenseItem.objects.get(), BankFile.objects.get()
    head, reader, hall = client_of("head"), client_of("reader"), client_of("hall")
    page(head, "console:payments-suspense-item", item.pk)
    assert send(head, "console:payments-suspense-match", item.pk, account_number="1001", reason="x").status_code == 403
    assert reader.get(reverse("console:payments-bank-file", args=[file.pk])).status_code == 403
    assert hall.get(reverse("console:payments-bank-files")).status_code == 403
    page(hall, "console:payments-bank-agreements")
    assert head.get(reverse("console:payments-bank-file", args=[10**9])).status_code == 404
