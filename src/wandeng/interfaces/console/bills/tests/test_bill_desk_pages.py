"""The bill desk from the first look to the published month, by two persons, on its pages."""

from __future__ import annotations

import pytest

from wandeng.domains.billing.models import Bill, BillRun
from wandeng.infra.models import Job
from wandeng.interfaces.console.bills.tests import world
from wandeng.interfaces.console.bills.tests.world import client_of, posted, text, work_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def run(settings, tmp_path) -> int:
    settings.HOME = tmp_path
    return world.county().run_id


def state(run: int) -> str:
    return BillRun.objects.get(pk=run).state


def test_the_lists_show_runs_exceptions_and_bills(run: int) -> None:
    clerk = client_of("clerk")
    runs = text(clerk, "bills/runs/?month=2026-09")
    assert f"/console/bills/runs/{run}/" in runs
    assert "已审核" in runs
    assert "1003" in text(clerk, f"bills/exceptions/?run={run}&state=PARKED")
    newest = text(clerk, "bills/")
    assert "2026-09" in newest
    assert "2026-08" not in newest.split('id="list"')[1]
    assert "1001" in text(clerk, "bills/?month=2026-08&least=80&unit=c01&state=PUBLISHED&customer_class=RESIDENTIAL")
    both = text(clerk, "bills/?account=1001")
    for number in Bill.objects.filter(account__account_number="1001").values_list("pk", flat=True):
        assert f"/console/bills/{number}/" in both
    assert "没有符合条件的账单" in text(clerk, "bills/?month=2020-01")
    assert "没有核算异常" in text(clerk, "bills/exceptions/?code=JUMP")


def test_a_run_shows_exceptions_first_and_why_its_maker_may_not_approve(run: int) -> None:
    page = text(client_of("clerk"), f"bills/runs/{run}/")
    assert page.index("异常户，按原因") < page.index("合计")
    assert "缺抄表示数" in page
    assert "do-approve" not in page
    world.appoint("clerk", "BILLING_REVIEWER")
    own = text(client_of("clerk"), f"bills/runs/{run}/")
    assert "您不能批准这一批" in own
    assert "do-approve" not in own
    assert client_of("clerk").post(f"/console/bills/runs/{run}/approve/").status_code == 403
    assert state(run) == "CHECKED"
    assert "do-approve" in text(client_of("reviewer"), f"bills/runs/{run}/")


def test_figures_hold_the_run_against_the_month_before(run: int) -> None:
    part = text(client_of("head"), f"bills/runs/{run}/figures/", htmx=True)
    assert "2026-08" in part
    assert "demo.residential" in part
    assert "+¥61.30" in part


def test_two_persons_take_a_month_from_parked_to_published(run: int) -> None:
    clerk, reviewer = client_of("clerk"), client_of("reviewer")
    world.world.add_readings(3, {world.OCT1: 1100})
    here = f"/console/bills/runs/{run}/"
    assert posted(clerk, f"bills/runs/{run}/accept/", code="MISSING_READING", reason="已补抄") == here
    assert "do-retake" in text(clerk, f"bills/runs/{run}/")
    assert posted(clerk, f"bills/runs/{run}/retake/") == here
    assert "排队中" in text(clerk, f"bills/runs/{run}/progress/", htmx=True)
    work_off()
    assert client_of("clerk").get(f"/console/bills/runs/{run}/progress/").headers["HX-Refresh"] == "true"
    assert posted(reviewer, f"bills/runs/{run}/approve/") == here
    assert posted(clerk, f"bills/runs/{run}/post/") == here
    work_off()
    assert posted(clerk, f"bills/runs/{run}/publish/") == here
    assert (state(run), Bill.objects.filter(shard__run_id=run).count()) == ("PUBLISHED", 3)
    assert "已发行" in text(clerk, f"bills/runs/{run}/")


def test_verifying_says_that_the_bytes_are_the_same(run: int) -> None:
    head = client_of("head")
    assert "还没有复算过" in text(head, f"bills/runs/{run}/")
    posted(head, f"bills/runs/{run}/verify/")
    work_off()
    assert "逐字节一致" in text(head, f"bills/runs/{run}/")


def test_a_month_is_looked_at_before_it_is_run() -> None:
    clerk = client_of("clerk")
    assert "先试算看一眼" in text(clerk, "bills/runs/new/")
    there = posted(clerk, "bills/runs/new/", unit="c01", month="2026-10", do="preview")
    assert there == "/console/bills/previews/c01/2026-10/"
    assert "hx-trigger" in text(clerk, "bills/previews/c01/2026-10/")
    work_off()
    assert "什么也没有写入" in text(clerk, "bills/previews/c01/2026-10/")
    assert not BillRun.objects.filter(month="2026-10").exists()
    opened = posted(clerk, "bills/runs/new/", unit="c01", month="2026-10", do="run")
    assert opened.startswith("/console/bills/runs/")
    assert Job.objects.filter(kind="bill_run.check").count() == 1


def test_a_form_that_cannot_be_understood_says_why() -> None:
    clerk = client_of("clerk")
    answer = clerk.post("/console/bills/runs/new/", {"unit": "c01", "month": "十月", "do": "run"})
    assert answer.status_code == 422
    assert "月份写作 2026-10" in answer.content.decode()
    assert posted(clerk, "bills/runs/new/", unit="c02", month="2026-10", do="run") == ""


def test_many_exceptions_are_accepted_with_one_reason(run: int) -> None:
    clerk = client_of("clerk")
    address = f"/console/bills/exceptions/?run={run}"
    assert clerk.post(address, {"bulk": "accept", "all": "1"}).status_code == 422
    assert clerk.post(address, {"bulk": "accept", "all": "1", "reason": "已处理"}).status_code == 302
    assert "已处理" in text(clerk, f"bills/exceptions/?run={run}&state=MENDED")
    assert client_of("head").post(address, {"bulk": "accept", "all": "1", "reason": "看看"}).status_code == 403


def test_a_draft_is_thrown_away_for_a_reason(run: int) -> None:
    clerk = client_of("clerk")
    assert clerk.post(f"/console/bills/runs/{run}/discard/", {"reason": ""}).status_code == 403
    posted(clerk, f"bills/runs/{run}/discard/", reason="错月")
    assert state(run) == "DISCARDED"
    page = text(clerk, f"bills/runs/{run}/")
    assert "错月" in page
    assert "do-discard" not in page


@pytest.mark.parametrize("step", ["accept", "retake", "override", "approve", "post", "publish", "discard", "verify"])
def test_nobody_else_takes_a_step(run: int, step: str) -> None:
    assert client_of("hall").post(f"/console/bills/runs/{run}/{step}/").status_code == 403
    answer = client_of("stranger").post(f"/console/bills/runs/{run}/{step}/", {"code": "ZERO", "reason": "试试"})
    assert answer.status_code in (403, 404)
    assert state(run) == "CHECKED"


def test_what_lies_elsewhere_is_not_there(run: int) -> None:
    stranger, bill = client_of("stranger"), Bill.objects.first()
    assert bill is not None
    for address in (f"runs/{run}/", f"runs/{run}/figures/", f"runs/{run}/progress/", f"{bill.pk}/", f"{bill.pk}/pdf/",
                    f"{bill.pk}/compare/", "previews/c01/2026-09/", f"{bill.pk}/correct/cancel/"):  # fmt: skip
        assert stranger.get(f"/console/bills/{address}").status_code == 404, address
    assert client_of("hall").get("/console/bills/runs/").status_code == 403
    assert client_of("hall").get(f"/console/bills/{bill.pk}/correct/cancel/").status_code == 403
