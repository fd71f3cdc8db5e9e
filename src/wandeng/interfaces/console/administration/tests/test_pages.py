"""Every page of administration as its people see it: shown, refused, done."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import Announcement, ParameterValue, Person, Post, Unit
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.tests.make import png
from wandeng.domains.organization.types import Attempt, Role
from wandeng.infra.effective.roots import default_root
from wandeng.infra.models import Delivery, Event, Job, Operation
from wandeng.interfaces.console import context
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _county(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.county()
    make.staff()
    for code, role in (("a1", Role.ADMINISTRATOR), ("a2", Role.ADMINISTRATOR), ("t1", Role.AUDIT_ADMINISTRATOR)):
        actions.add_person(code=code, name=f"管理{code}", unit_code="BS", actor=SYSTEM, at=make.AT)
        actions.appoint(person_code=code, unit_code="BS", role=role, from_on=make.SINCE, actor=SYSTEM, at=make.AT)


def client(code: str = "a1") -> Client:
    known = Client()
    known.force_login(Person.objects.get(code=code))
    return known


def url(name: str, *args: object) -> str:
    return reverse(f"console:administration-{name}", args=args)


def things() -> dict[str, int]:
    """One of everything that has a page of its own."""
    job = Job.objects.create(
        kind="bill_run.check", dedup_key="k", state="PARKED", run_at=make.AT, created_at=make.AT, last_error="boom"
    )
    event = Event.objects.create(name="bill.published", key="1", body="{}", occurred_at=make.AT)
    Delivery.objects.create(event=event, subscriber="s", state="PARKED", next_at=make.AT)
    notice = actions.draft_announcement(
        title="演练", body="周五。", unit_code="BS", visible_from=make.SINCE, visible_to=make.SINCE + timedelta(days=900),
        actor=SYSTEM, at=make.AT,
    )  # fmt: skip
    actions.record_login(Attempt("a1", "10.0.0.1"), outcome="WRONG", at=make.AT)
    return {
        "job": job.pk,
        "notice": notice,
        "operation": Operation.objects.order_by("id").values_list("pk", flat=True)[0],
    }


def pages() -> list[str]:
    made = things()
    plain = ["units", "unit-new", "people", "person-new", "posts", "appoint", "roles", "dictionaries", "parameters",
             "calendar", "rules", "announcements", "announcement-new", "jobs", "deliveries", "sessions", "logins",
             "operations", "reveals", "brand", "monitor"]  # fmt: skip
    return [url(name) for name in plain] + [
        url("unit", "BS"), url("unit-close", "BS"), url("person", "reader-w"), url("dictionary", "reveal-reason"),
        url("parameter", "session.idle_minutes"), url("rule", "national/late_fee/" + _late_fee()),
        url("announcement", made["notice"]), url("job", made["job"]), url("operation", made["operation"]),
    ]  # fmt: skip


def _late_fee() -> str:
    return sorted((default_root() / "national" / "late_fee").glob("*.toml"))[0].name


def test_every_page_opens_with_few_queries_and_nothing_unfilled() -> None:
    who = client()
    for address in pages():
        with CaptureQueriesContext(connection) as asked:
            answer = who.get(address)
        assert answer.status_code == 200, address
        text = answer.content.decode()
        assert "None" not in re.sub(r"<script.*?</script>", "", text, flags=re.S), address
        assert len(asked) <= MOST_QUERIES, (address, len(asked), [q["sql"][:90] for q in asked])


def test_a_unit_is_closed_when_it_is_empty_and_says_before_what_is_in_the_way() -> None:
    who = client()
    actions.create_unit(code="BS-N", name="城北所", kind="OFFICE", parent_code="BS", actor=SYSTEM, at=make.AT)
    told = who.get(url("unit-close", "BS")).content.decode()
    assert "在用账号" in told
    assert "下级单位" in told
    sent = {"on": timezone.localdate().isoformat(), "reason": "并入城西"}
    assert who.post(url("unit-close", "BS"), sent).status_code == 422
    assert who.post(url("unit-close", "BS-N"), sent | {"reason": ""}).status_code == 422
    assert who.post(url("unit-close", "BS-N"), sent).status_code == 302
    page = who.get(url("unit", "BS-N")).content.decode()
    assert "起关闭" in page
    assert "新建下级" not in page
    assert "BS-N" not in who.get(url("person-new")).content.decode()
    assert who.post(url("unit-close", "BS-N"), sent).status_code == 422
    assert client("clerk-e").get(url("unit-close", "BS-E")).status_code == 403


def test_a_clerk_sees_none_of_it_and_an_audit_administrator_the_trail_only() -> None:
    clerk, trail = client("clerk-e"), client("t1")
    assert clerk.get(url("people")).status_code == 403
    assert clerk.post(url("person-new"), {"code": "x"}).status_code == 403
    for name in ("operations", "logins", "reveals", "roles", "parameters"):
        assert trail.get(url(name)).status_code == 200
    assert trail.post(url("parameter", "session.idle_minutes"), {}).status_code == 403
    assert trail.get(url("jobs")).status_code == 403


def test_a_person_is_added_appointed_given_a_password_and_let_in() -> None:
    who = client()
    assert who.post(url("person-new"), {"code": "n1", "name": "新人", "unit": "BS-W"}).status_code == 302
    wanted = {"person": "n1", "role": "METER_READER", "unit": "BS-W", "from_on": "2026-01-01"}
    assert who.post(url("appoint"), wanted).status_code == 302
    page = who.post(url("person-password", "n1")).content.decode()
    password = re.search(r"<code[^>]*>([a-z0-9-]{19})</code>", page)
    assert password is not None
    assert Person.objects.get(code="n1").check_password(password[1])
    assert password[1] not in who.get(url("person", "n1")).content.decode()
    entered = Client().post(reverse("console:login"), {"username": "n1", "password": password[1]})
    assert entered.status_code == 302


def test_a_role_that_does_not_go_with_another_is_refused_on_the_form_with_its_sentence() -> None:
    wanted = {"person": "clerk-e", "role": "BILLING_REVIEWER", "unit": "BS", "from_on": "2026-01-01"}
    answer = client().post(url("appoint"), wanted)
    assert answer.status_code == 422
    assert "不得兼任" in answer.content.decode()
    assert not Post.objects.filter(role="BILLING_REVIEWER").exists()


def test_an_account_is_switched_off_only_for_a_reason_and_a_post_ended_only_for_one() -> None:
    who = client()
    who.post(url("person-switch", "reader-w"), {"on": "0", "reason": ""})
    assert Person.objects.get(code="reader-w").is_active
    who.post(url("person-switch", "reader-w"), {"on": "0", "reason": "离职"})
    assert not Person.objects.get(code="reader-w").is_active
    facts = {"role": "COUNTY_MANAGER", "unit": "BS", "on": "2026-02-01"}
    assert who.post(url("dismiss", "head"), facts).status_code == 422
    assert who.post(url("dismiss", "head"), facts | {"reason": "调岗"}).status_code == 302
    assert Post.objects.get(person__code="head").valid_to.isoformat() == "2026-02-01"


def test_who_is_switched_off_is_out_with_the_next_request() -> None:
    reader = client("reader-w")
    assert reader.get(reverse("console:home")).status_code == 200
    client().post(url("person-switch", "reader-w"), {"on": "0", "reason": "离职"})
    assert reader.get(reverse("console:home")).status_code == 302


def test_a_parameter_is_proposed_by_one_and_approved_by_another() -> None:
    one, two, today = client("a1"), client("a2"), timezone.localdate()
    answer = one.post(
        url("parameter", "reveal.per_hour"), {"value": "50", "valid_from": today.isoformat(), "reason": "旺季"}
    )
    assert answer.status_code == 302
    made = ParameterValue.objects.get()
    approve = url("parameter-approve", "reveal.per_hour", made.pk)
    assert "第二" not in one.post(approve, follow=True).content.decode()
    assert ParameterValue.objects.get().state == "DRAFT"
    two.post(approve)
    assert queries.parameter_int("reveal.per_hour", today) == 50
    assert one.post(url("parameter", "reveal.per_hour"), {"value": "999", "valid_from": today.isoformat(), "reason": "x"}).status_code == 422  # fmt: skip


def test_a_notice_is_written_published_and_recalled() -> None:
    who, today = client(), timezone.localdate()
    facts = {"title": "演练", "body": "周五", "unit": "BS", "visible_from": today.isoformat(),
             "visible_to": (today + timedelta(days=3)).isoformat(), "roles": ["METER_READER"]}  # fmt: skip
    address = who.post(url("announcement-new"), facts)["Location"]
    who.post(address + "publish/")
    assert Announcement.objects.get().state == "PUBLISHED"
    assert who.post(address + "recall/", {"reason": ""}).status_code == 422
    who.post(address + "recall/", {"reason": "日期不对"})
    assert Announcement.objects.get().state == "RECALLED"


def test_a_parked_job_is_retried_and_cancelled_and_the_list_retries_many() -> None:
    who, made = client(), things()
    who.post(url("job-retry", made["job"]), {"reason": "原因已排除"})
    assert Job.objects.get().state == "QUEUED"
    who.post(url("job-cancel", made["job"]), {"reason": ""})
    assert Job.objects.get().state == "QUEUED"
    who.post(url("job-cancel", made["job"]), {"reason": "重复"})
    assert Job.objects.get().state == "CANCELLED"
    who.post(url("jobs"), {"bulk": "retry", "keys": [str(made["job"])]})
    assert Job.objects.get().state == "QUEUED"
    assert who.post(url("deliveries"), {"bulk": "retry", "keys": [str(Delivery.objects.get().pk)]}).status_code == 302
    assert Delivery.objects.get().state == "PENDING"


def test_a_session_is_listed_without_its_key_and_ended() -> None:
    reader, who = client("reader-w"), client()
    reader.get(reverse("console:home"))
    page = who.get(url("sessions")).content.decode()
    assert all(session.session_key not in page for session in Session.objects.all())
    handle = re.search(r"sessions/([0-9a-f]{20})/end/", page)
    assert handle is not None
    who.post(url("session-end", handle[1]), {"reason": "离岗"})
    assert reader.get(reverse("console:home")).status_code == 302
    assert Operation.objects.filter(action="session.end", subject_code="reader-w").exists()


def test_the_name_the_logo_and_the_colours_are_on_every_page_and_the_login() -> None:
    who = client()
    colours = {"brand": "#0b5cad", "on-brand": "#ffffff", "brand-ink": "#0b5cad", "brand-ink-dark": "#7ab8ff", "brand-soft": "#e6effa"}  # fmt: skip
    sent = {"title": "白水供电", "logo": SimpleUploadedFile("logo.png", png())} | colours
    assert who.post(url("brand"), sent).status_code == 302
    page = Client().get(reverse("console:login")).content.decode()
    assert "白水供电" in page
    logo = re.search(r'src="(/console/brand/[0-9a-f]+\.png)"', page)
    assert logo is not None
    assert Client().get(logo[1])["Content-Type"] == "image/png"
    assert "--wd-brand:#0b5cad;" in Client().get(reverse("console:brand-css")).content.decode()
    refused = who.post(url("brand"), {"title": "x"} | colours | {"brand": "#ffee00"})
    assert refused.status_code == 422
    assert "对比度" in refused.content.decode()


def test_units_are_founded_and_renamed_and_one_outside_the_scope_does_not_exist() -> None:
    who = client()
    made = who.post(url("unit-new"), {"code": "BS-N", "name": "城北供电所", "kind": "OFFICE", "parent": "BS"})
    assert made.status_code == 302
    assert who.post(url("unit", "BS-N"), {"name": "城北所"}).status_code == 302
    assert Unit.objects.get(code="BS-N").name == "城北所"
    actions.add_person(code="w1", name="西管", unit_code="BS-W", actor=SYSTEM, at=make.AT)
    actions.appoint(
        person_code="w1", unit_code="BS-W", role=Role.ADMINISTRATOR, from_on=make.SINCE, actor=SYSTEM, at=make.AT
    )
    west = client("w1")
    assert west.get(url("unit", "BS-N")).status_code == 404
    assert west.get(url("person", "clerk-e")).status_code == 404
    assert west.post(url("person-password", "clerk-e")).status_code == 404
    assert west.post(url("unit", "BS-N"), {"name": "x"}).status_code == 404


def test_logs_are_filtered_and_exported() -> None:
    who = client()
    things()
    page = who.get(url("operations"), {"action": "post.appoint"}).content.decode()
    assert "任命" in page
    assert "起草公告" not in page.split("<table")[1]
    csv = b"".join(who.get(url("operations"), {"format": "csv", "actor": "system"}).streaming_content).decode()
    assert csv.startswith("\ufeff")
    assert "任命" in csv
    assert "10.0.0.1" in who.get(url("logins"), {"outcome": "WRONG"}).content.decode()


def test_a_word_of_the_utilitys_own_is_offered_when_a_number_is_to_be_shown() -> None:
    context._reasons.cache_clear()
    who = client()
    sent = {"code": "VISIT", "label": "上门服务", "place": "0", "is_offered": "on"}
    assert who.post(url("dictionary", "reveal-reason"), sent).status_code == 302
    context._reasons.cache_clear()
    assert '<option value="上门服务">' in who.get(url("units")).content.decode()
    assert who.post(url("dictionary", "reveal-reason"), sent | {"code": "VERIFY"}).status_code == 422
