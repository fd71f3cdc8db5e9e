"""One bill: explained, printed, compared, corrected."""

from __future__ import annotations

import pytest

from wandeng.domains.billing.models import Bill, BillRun
from wandeng.interfaces.console.bills.tests import world
from wandeng.interfaces.console.bills.tests.world import client_of, posted, text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _county(settings, tmp_path) -> None:
    settings.HOME = tmp_path
    world.steps.finish(world.county())


def bill(account: str = "1001", month: world.Month = world.SEPTEMBER) -> Bill:
    return Bill.objects.get(account__account_number=account, month_index=month.index, revision=0)


def test_a_bill_is_explained_to_the_counter_with_its_sources() -> None:
    page = text(client_of("hall"), f"bills/{bill().pk}/")
    for said in ("(1250.00 − 1000.00) × 1 = 250.00 kWh", "50.00 kWh × 0.638 = 31.90", "壹佰肆拾玖元伍角", "第二档"):
        assert said in page
    assert "/console/prices/rules/demo/residential/2025-01-01.toml" in page
    assert "/correct/" not in page
    assert "/correct/rebill/" in text(client_of("clerk"), f"bills/{bill().pk}/")


def test_a_bill_is_printed() -> None:
    answer = client_of("hall").get(f"/console/bills/{bill().pk}/pdf/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")


def test_two_months_are_compared_and_the_causes_named() -> None:
    later, earlier = bill(), bill(month=world.AUGUST)
    page = text(client_of("hall"), f"bills/{later.pk}/compare/")
    for said in ("用电多少", "计费天数", "阶梯与峰谷分布", "+¥61.65", "−¥2.85", "+¥61.30"):
        assert said in page
    assert "+¥61.30" in text(client_of("hall"), f"bills/{earlier.pk}/compare/?with={later.pk}")
    stranger = bill("1002")
    assert client_of("hall").get(f"/console/bills/{later.pk}/compare/?with={stranger.pk}").status_code == 404
    assert client_of("hall").get(f"/console/bills/{later.pk}/compare/?with=x").status_code == 422


def test_a_rebill_is_looked_at_then_made_and_waits_for_the_second_person() -> None:
    clerk, wrong = client_of("clerk"), bill()
    world.world.correct_reading(1, world.OCT1, 1240)
    address = f"bills/{wrong.pk}/correct/rebill/"
    assert "先看结果" in text(clerk, address)
    looked = clerk.post(f"/console/{address}", {"reason": "抄错", "do": "preview"}).content.decode()
    # 240 kWh: 117.60 + 40 × 0.638 = 143.12 instead of 149.50.
    assert "¥143.12" in looked
    assert "−¥6.38" in looked
    assert BillRun.objects.filter(kind="CORRECTION").count() == 0
    there = posted(clerk, address, reason="抄错", do="commit")
    run = BillRun.objects.get(kind="CORRECTION")
    assert there == f"/console/bills/runs/{run.pk}/"
    assert "抄错" in text(clerk, f"bills/runs/{run.pk}/")
    assert "更正经过" in text(clerk, f"bills/{Bill.objects.get(kind='REBILL').pk}/")
    again = clerk.post(f"/console/bills/{wrong.pk}/correct/cancel/", {"reason": "又一次", "do": "commit"})
    assert again.status_code == 422
    assert "正在更正户号 1001" in again.content.decode()


def test_an_adjustment_names_its_case_and_document() -> None:
    clerk, address = client_of("clerk"), f"/console/bills/{bill().pk}/correct/adjust/"
    told = {"case": "out_of_tolerance", "direction": "refund", "document": "退补-17", "reason": "表计超差"}
    assert "不能都填或都不填" in clerk.post(address, told | {"do": "preview"}).content.decode()
    looked = clerk.post(address, told | {"energy": "25", "do": "preview"}).content.decode()
    assert "−¥14.95" in looked  # 20 × 0.588 + 5 × 0.638, to be refunded
    assert clerk.post(address, told | {"energy": "25", "do": "commit"}).status_code == 302
    assert Bill.objects.get(kind="ADJUSTMENT").amount_fen == -14_95


def test_a_cancellation_shows_what_is_given_back_and_unknown_corrections_are_none() -> None:
    clerk, address = client_of("clerk"), f"/console/bills/{bill().pk}/correct/cancel/"
    assert "−¥149.50" in clerk.post(address, {"reason": "错户", "do": "preview"}).content.decode()
    assert clerk.get(f"/console/bills/{bill().pk}/correct/forget/").status_code == 404
    assert clerk.post(address, {"reason": "", "do": "commit"}).status_code == 422
