"""Knowledge as people see it: found while typing, read, written by one and approved by another, beside a form, standards."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wandeng.domains.customers.tests import make as customers
from wandeng.domains.knowledge import actions
from wandeng.domains.knowledge.models import Article, ArticleOpinion, ArticleVersion, Standard
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries
from wandeng.domains.organization.models import Unit
from wandeng.domains.organization.types import Role
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15
NOW = datetime.now(UTC)
TODAY = NOW.astimezone(BILLING_ZONE).date()
TEXT = {
    "title": "抄表日怎么定",
    "text": "# 规定\n- **固定**的抄表日",
    "valid_from": TODAY.isoformat(),
    "reason": "新写",
}


@pytest.fixture(autouse=True)
def _people(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False
    customers.accounts()
    for code, unit, role in (
        ("hall-w", "BS-W", Role.HALL_CLERK),
        ("boss", "BS", Role.COUNTY_MANAGER),
        ("chief", "BS", Role.COUNTY_MANAGER),
        ("head-w", "BS-W", Role.COUNTY_MANAGER),
        ("reader", "BS-W", Role.METER_READER),
        ("admin", "BS", Role.ADMINISTRATOR),
    ):
        organization.add_person(code=code, name=f"人员{code}", unit_code=unit, actor=SYSTEM, at=NOW)
        organization.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=NOW
        )


@pytest.fixture
def _installed() -> None:
    actions.install(actor=SYSTEM, at=NOW)


def client(code: str) -> Client:
    known = Client()
    known.force_login(queries.login_user(code))
    return known


def url(name: str, *args: object) -> str:
    return reverse(f"console:knowledge-{name}", args=args)


def text_of(address: str, who: str = "hall-w", status: int = 200, *, part: bool = False) -> str:
    known = client(who)
    with CaptureQueriesContext(connection) as asked:
        answer = known.get(address, headers={"HX-Request": "true"} if part else {})
    assert answer.status_code == status, answer.content.decode()[:1000]
    assert len(asked) <= MOST_QUERIES, "\n".join(one["sql"][:160] for one in asked.captured_queries)
    return answer.content.decode()


def test_an_empty_installation_says_what_to_do() -> None:
    assert "由管理员安装系统自带的知识" in text_of(url("search"))
    assert "安装系统自带的知识" in text_of(url("search"), "admin")
    assert client("hall-w").post(url("install")).status_code == 403
    assert client("admin").post(url("install")).status_code == 302
    assert Article.objects.count() >= 25


@pytest.mark.usefixtures("_installed")
def test_results_follow_what_is_typed() -> None:
    for asked in ("阶梯电价", "jtdj", "jietidianjia"):
        page = text_of(url("search") + f"?q={asked}", part=True)
        assert "居民阶梯电价怎么算" in page
        assert "<html" not in page
    assert "没有找到" in text_of(url("search") + "?q=没有这样的词", part=True)
    assert "报修：家里没电了" not in text_of(url("search") + "?q=停电&kind=SHEET", part=True)


@pytest.mark.usefixtures("_installed")
def test_an_article_is_drawn_with_its_sources() -> None:
    page = text_of(url("article", "residential-tiers"))
    for part in (
        "<h3>三档计价</h3>",
        "<strong>不少于 0.05 元</strong>",
        "发改价格〔2011〕2617号",
        "业务咨询",
        "第 1 版",
    ):
        assert part in page
    text_of(url("article", "nothing"), status=404)
    text_of(url("article", "residential-tiers") + "?version=9", status=404)


def test_written_by_one_approved_by_another() -> None:
    writer = client("boss")
    look = writer.post(url("new"), TEXT | {"kind": "ARTICLE", "code": "reading-day", "look": "1"}).content.decode()
    assert "<h3>规定</h3>" in look
    assert not Article.objects.exists()
    assert writer.post(url("new"), TEXT | {"kind": "ARTICLE", "code": "reading-day"}).status_code == 302
    version = ArticleVersion.objects.get().pk
    assert "reading-day" in text_of(url("approvals"))
    assert writer.post(url("approve", version)).status_code == 403
    assert client("head-w").post(url("approve", version)).status_code == 403
    assert client("chief").post(url("approve", version)).status_code == 302
    assert "抄表日怎么定" in text_of(url("search") + "?q=cbr", part=True)


def test_what_a_person_writes_is_never_markup() -> None:
    evil = "# <script>alert(1)</script>\n- **<img src=x onerror=alert(1)>**\n| <b>a</b> |\n> <i>x</i>"
    page = (
        client("boss")
        .post(url("new"), TEXT | {"text": evil, "kind": "ARTICLE", "code": "evil", "look": "1"})
        .content.decode()
    )
    shown = page.partition("样子")[2]
    for tag in ("<script>alert", "<img", "<b>a", "<i>x"):
        assert tag not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.usefixtures("_installed")
def test_a_new_version_shows_what_changed() -> None:
    writer, code = client("hall-w"), "meter-doubt"
    page = writer.get(url("draft", code)).content.decode()
    assert "enquiry METERING" in page
    given = TEXT | {"belongs": "enquiry METERING\ncomplaint - HANDLE", "reason": "写清楚", "keywords": "校表，计量"}
    assert writer.post(url("draft", code), given | {"belongs": "enquiry NOTHING"}).status_code == 422
    assert writer.post(url("draft", code), given).status_code == 302
    version = ArticleVersion.objects.get(article__code=code, number=2)
    assert sorted(version.places.values_list("process", "case_class", "step")) == [
        ("complaint", "", "HANDLE"),
        ("enquiry", "METERING", ""),
    ]
    changes = text_of(url("changes", code) + "?after=2")
    assert "<ins>- **固定**的抄表日</ins>" in changes
    assert "<del>" in changes
    assert writer.post(url("withdraw", version.pk), {"reason": "写错"}).status_code == 302
    assert client("boss").post(url("withdraw", version.pk), {"reason": "写错"}).status_code == 409


@pytest.mark.usefixtures("_installed")
def test_opinions_go_to_the_owner_and_are_answered() -> None:
    code = "late-fee"
    Article.objects.filter(code=code).update(owner="hall-w")
    assert client("reader").post(url("say", code), {"helpful": "0"}).status_code == 422
    assert client("reader").post(url("say", code), {"helpful": "0", "remark": "没说农排"}).status_code == 302
    assert "没说农排" in text_of(url("opinions") + "?open=true")
    assert "1 条意见待答复" in text_of(url("search"))
    opinion = ArticleOpinion.objects.get().pk
    assert client("reader").post(url("answer", opinion), {"reason": "x"}).status_code == 403
    assert client("hall-w").post(url("answer", opinion), {"reason": "已补", "article": code}).status_code == 302
    assert "已补" in text_of(url("article", code))
    assert client("reader").post(url("used", code)).status_code == 302
    assert client("reader").post(url("used", code), headers={"HX-Request": "true"}).status_code == 204


@pytest.mark.usefixtures("_installed")
def test_beside_a_form_stands_what_belongs_there() -> None:
    page = text_of(url("beside") + "?process=complaint&class=BUSINESS&class=PRICE&step=HANDLE", part=True)
    for part in ("受理投诉", "投诉处理要点与四不放过", "居民阶梯电价怎么算", 'data-shortcut="fd"'):
        assert part in page
    assert "低压新装一次告知单" not in page
    asked_at_intake = text_of(url("beside") + "?process=complaint&first_and_second=BUSINESS/PRICE", part=True)
    assert "居民阶梯电价怎么算" in asked_at_intake
    other = text_of(url("beside") + "?process=nothing&class=X", part=True)
    assert "受理投诉" not in other
    assert 'data-shortcut="fd"' not in other


@pytest.mark.usefixtures("_installed")
def test_a_retired_article_is_read_but_not_found() -> None:
    assert client("hall-w").post(url("retire", "two-part-tariff"), {"reason": "x"}).status_code == 403
    assert client("boss").post(url("retire", "two-part-tariff"), {"reason": "并入"}).status_code == 302
    assert "停用。" in text_of(url("article", "two-part-tariff"))
    assert "two-part-tariff" not in text_of(url("search") + "?q=两部制", part=True)


def test_a_standard_is_reviewed_by_its_unit() -> None:
    unit = Unit.objects.get(code="BS-W")
    Standard.objects.create(
        id=1, code="Q/BS-1", title="业扩管理标准", kind="MANAGEMENT", unit=unit, status="IN_FORCE", review_on=TODAY
    )
    assert "Q/BS-1" in text_of(url("standards") + "?due=true")
    assert "1 项标准到期待复审" in text_of(url("search"))
    assert "记录复审" in text_of(url("standard", "Q/BS-1"), "head-w")
    assert "记录复审" not in text_of(url("standard", "Q/BS-1"), "hall-w")
    review = url("review", "Q/BS-1")
    assert client("head-w").post(review, {"outcome": "KEPT"}).status_code == 422
    later = (TODAY + timedelta(days=900)).isoformat()
    assert client("head-w").post(review, {"outcome": "KEPT", "next_on": later}).status_code == 302
    assert "Q/BS-1" not in text_of(url("standards") + "?due=true").partition("<table")[2]
    text_of(url("standard", "Q/X"), status=404)


@pytest.mark.usefixtures("_installed")
def test_lists_show_and_filter() -> None:
    page = text_of(url("list") + "?kind=SHEET")
    assert "低压新装一次告知单" in page
    assert "时间" in text_of(url("opinions"))
    assert "客户来电：因欠费被停电" not in page
