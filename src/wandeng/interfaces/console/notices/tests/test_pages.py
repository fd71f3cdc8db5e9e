"""The outbox, templates, letters and opt-outs as people see them: shown, decided, approved by two, within their units."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wandeng.domains.notices import actions
from wandeng.domains.notices.models import LetterBatch, NoticeRecipient, NoticeTemplateVersion, OptOut
from wandeng.domains.notices.tests import make
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries
from wandeng.domains.organization.types import Role
from wandeng.flows import notice_delivery
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 15
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False
    make.people()
    for code, unit, role in (
        ("hall-w", "BS-W", Role.HALL_CLERK),
        ("hall-e", "BS-E", Role.HALL_CLERK),
        ("boss", "BS", Role.COUNTY_MANAGER),
        ("chief", "BS", Role.COUNTY_MANAGER),
        ("reader", "BS-W", Role.METER_READER),
        ("sec", "BS", Role.SECURITY_ADMINISTRATOR),
    ):
        organization.add_person(code=code, name=f"人员{code}", unit_code=unit, actor=SYSTEM, at=NOW)
        organization.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=NOW
        )


def client(code: str) -> Client:
    known = Client()
    known.force_login(queries.login_user(code))
    return known


def url(name: str, *args: object) -> str:
    return reverse(f"console:notices-{name}", args=args)


def text_of(address: str, who: str = "hall-w", status: int = 200) -> str:
    known = client(who)
    with CaptureQueriesContext(connection) as asked:
        answer = known.get(address)
    assert answer.status_code == status, answer.content.decode()[:1000]
    assert len(asked) <= MOST_QUERIES, "\n".join(one["sql"][:160] for one in asked.captured_queries)
    return answer.content.decode()


def deliver() -> None:
    notice_delivery.deliver_all(clock=lambda: NOW)


def failed() -> NoticeRecipient:
    """One that reaches nobody: its only number is wrong."""
    row = make.paid("1003", key="f", at=NOW)
    deliver()
    row.refresh_from_db()
    return row


def test_the_outbox_shows_what_left_and_is_filtered() -> None:
    make.paid("1001", key="a", at=NOW)
    make.paid("1002", key="b", at=NOW)
    deliver()
    page = text_of(url("list"))
    assert page.count("已送达") >= 2
    assert "收费通知" in page
    assert "1002" not in text_of(url("list") + "?q=1001").partition("<table")[2]
    assert "没有符合条件的通知" in text_of(url("list") + "?state=FAILED")
    for query in ("template=payment_received", "channel=SMS", "purpose=PAYMENT", "key=a", "since=2026-01-01"):
        assert "1001" in text_of(url("list") + f"?{query}")


def test_one_notice_shows_its_text_its_attempt_and_its_steps() -> None:
    row = make.paid("1001", at=NOW)
    deliver()
    page = text_of(url("detail", row.pk))
    for part in (
        "户号1001于9月15日 10:00交费128.50元（现金）已入账",
        "138****1001",
        "recorded",
        "交给网关",
        f"{row.pk}-SMS-1",
    ):
        assert part in page
    assert "13800001001" not in page


def test_to_an_unverified_number_the_page_shows_what_really_was_said() -> None:
    row = make.paid("1002", at=NOW)
    deliver()
    page = text_of(url("detail", row.pk))
    assert "号码未核实：发出的是不含姓名、地址和金额的文字" in page
    assert "交费128.50元" not in page


def test_what_failed_is_sent_again_for_a_reason() -> None:
    row = failed()
    assert "没有可用的号码或地址" in text_of(url("detail", row.pk))
    assert client("hall-w").post(url("again", row.pk), {"reason": ""}).status_code == 422
    assert client("hall-w").post(url("again", row.pk), {"reason": "换了号码"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.round) == ("WAITING", 2)
    assert client("hall-w").post(url("cancel", row.pk), {"reason": "客户已知"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "CANCELLED"


def test_an_unknown_one_is_settled_by_a_person() -> None:
    row = make.paid("1001", at=NOW)
    NoticeRecipient.objects.filter(pk=row.pk).update(state="UNKNOWN", due_at=None)
    assert "网关没有说明这条是否发出" in text_of(url("detail", row.pk))
    answer = client("hall-w").post(url("settle", row.pk), {"reached": "1", "reason": "客户来电确认"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "DELIVERED"
    assert client("hall-w").post(url("settle", row.pk), {"reached": "0", "reason": "x"}).status_code == 409


def test_many_are_sent_again_at_once() -> None:
    row = failed()
    answer = client("hall-w").post(url("list"), {"bulk": "again", "keys": [row.pk], "reason": "号码已更正"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "WAITING"


def test_what_lies_elsewhere_is_not_there_and_who_lacks_the_role_may_not() -> None:
    row = failed()
    assert client("hall-e").get(url("detail", row.pk)).status_code == 404
    assert client("hall-e").post(url("again", row.pk), {"reason": "x"}).status_code == 404
    assert client("reader").post(url("again", row.pk), {"reason": "x"}).status_code == 403
    assert client("sec").get(url("list")).status_code == 403
    assert "1003" not in text_of(url("list"), "hall-e")


def test_templates_are_shown_with_examples_and_their_slots() -> None:
    page = text_of(url("templates"), "boss")
    assert "收费通知" in page
    assert "复电工单通知" in page
    page = text_of(url("template", "arrears_reminder_2"), "boss")
    for part in ("系统默认", "张三您好，户号0100000001欠电费256.80元", "信函", "供电企业可依照", "条短信", "{owed}"):
        assert part in page


def draft(who: str, **more: str) -> Any:
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    form = {
        "valid_from": tomorrow,
        "reason": "改短",
        "text_SMS": "已交{amount}元。{utility}",
        "reduced_SMS": "请拨{hotline}。",
    }
    return client(who).post(url("template-draft", "payment_received"), form | more)


def test_a_text_is_drafted_looked_at_and_approved_by_a_second_person() -> None:
    assert "户号{account_number}于{at}交费" in text_of(url("template-draft", "payment_received"), "boss")
    looked = draft("boss", look="1")
    assert "已交128.50元。万灯供电公司" in looked.content.decode()
    assert NoticeTemplateVersion.objects.filter(template__code="payment_received").count() == 1
    assert draft("boss").status_code == 302
    version = NoticeTemplateVersion.objects.get(state="DRAFT")
    approve = url("template-approve", "payment_received", version.pk)
    assert client("boss").post(approve, {}).status_code == 403
    assert client("hall-w").post(approve, {}).status_code == 403
    assert "审批" in text_of(url("template", "payment_received"), "chief")
    assert client("chief").post(approve, {}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.approved_by) == ("APPROVED", "chief")
    assert (
        client("chief").post(url("template-withdraw", "payment_received", version.pk), {"reason": "错字"}).status_code
        == 302
    )


def test_a_text_that_names_a_person_to_an_unverified_number_is_refused_on_the_form() -> None:
    answer = draft("boss", reduced_SMS="{name}您好")
    assert answer.status_code == 422
    assert not NoticeTemplateVersion.objects.filter(state="DRAFT").exists()


def test_an_opt_out_is_written_down_shown_and_taken_back() -> None:
    assert "没有退订" in text_of(url("opt-outs"))
    form = {"account_number": "1001", "purpose": "BILL", "source": "HALL", "reason": "嫌多"}
    assert client("hall-w").post(url("opt-out"), form).status_code == 302
    assert client("hall-w").post(url("opt-out"), form).status_code == 422
    assert client("hall-e").post(url("opt-out"), form | {"purpose": "PAYMENT"}).status_code == 422
    assert "嫌多" not in text_of(url("opt-outs"), "hall-e")
    part = reverse("console:customers-part", args=["1001", "messages"])
    assert "恢复接收" in text_of(part)
    assert client("hall-w").post(url("opt-in", "1001", "BILL")).status_code == 302
    assert OptOut.objects.get().ended_by == "hall-w"


def test_the_page_of_a_customer_shows_what_they_were_told() -> None:
    row = make.paid("1001", at=NOW)
    deliver()
    page = text_of(reverse("console:customers-part", args=["1001", "messages"]))
    assert url("detail", row.pk) in page
    assert "已送达" in page
    assert "通知" in text_of(reverse("console:customers-detail", args=["1001"]) + "?tab=messages")


def test_letters_that_wait_become_a_batch_and_a_pdf() -> None:
    slots = {"owed": "256.80", "days": "33", "late_fee": "3.20"}
    notice = actions.send(
        key="l", template="arrears_reminder_2", account=make.account_id("1003"), slots=slots, at=NOW, actor=SYSTEM
    )
    NoticeRecipient.objects.filter(notice=notice).update(channel="LETTER")
    assert "有 1 封信函待打印" in text_of(url("letters"))
    assert client("reader").post(url("letters-print")).status_code == 403
    assert client("hall-w").post(url("letters-print")).status_code == 302
    batch = LetterBatch.objects.get()
    assert (batch.letters, NoticeRecipient.objects.get(notice=notice).state) == (1, "SENT")
    first, again = (client("hall-w").get(url("letters-file", batch.pk)).content for _ in range(2))
    assert first[:5] == b"%PDF-"
    assert first == again
    assert client("hall-e").get(url("letters-file", batch.pk)).status_code == 404
    assert client("hall-w").post(url("letters-print")).status_code == 302
    assert LetterBatch.objects.count() == 1


def test_nobody_is_told_of_bills_that_are_not_published() -> None:
    assert "通知电费" in text_of(url("announce"), "boss")
    answer = client("boss").post(url("announce"), {"unit": "BS", "month": "2026-09"})
    assert answer.status_code == 302
    assert client("boss").post(url("announce"), {"unit": "BS", "month": "soon"}).status_code == 422
    assert not NoticeRecipient.objects.exists()
