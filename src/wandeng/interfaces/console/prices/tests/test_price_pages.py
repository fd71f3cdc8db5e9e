"""The price book, an account's terms and their change, and every trial calculation, on their pages."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.kits import bill_world as world

from wandeng.calc.trial.kinds import KINDS
from wandeng.calc.trial.validation import _nested
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.interfaces.console.bills.tests.world import appoint, client_of, text
from wandeng.interfaces.doorway.words import prices as words

pytestmark = pytest.mark.django_db
SEP1 = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _county() -> None:
    world.found()
    world.add_account("1001", total={SEP1: 0})
    appoint("hall", "HALL_CLERK")


def test_the_book_lists_codes_with_their_documents_and_who_is_priced_by_them() -> None:
    page = text(client_of("hall"), "prices/?on=2026-10-15")
    for said in ("demo.two_part.10kv", "2026-10-01", "待核实", "/console/prices/accounts/?code=demo.residential"):
        assert said in page
    only = text(client_of("hall"), "prices/?territory=hunan")
    assert "hunan.residential" in only
    assert "demo.two_part.10kv" not in only
    assert "当日没有价格" in text(client_of("hall"), "prices/?on=2027-03-01")
    assert client_of("hall").get("/console/prices/?territory=atlantis").status_code == 404
    assert client_of("hall").get("/console/prices/?on=gestern").status_code == 422


def test_a_code_shows_its_versions_what_changed_and_what_is_missing() -> None:
    clerk = client_of("clerk")
    page = text(clerk, "prices/codes/demo.two_part.10kv/?version=2026-10-01")
    for said in ("与 2026-09-01 起的版本相比", "2027年1月1日", "代理购电价格", "00:00–06:00", "2026-06-17", "名单完整"):
        assert said in page
    tiers = text(clerk, "prices/codes/hunan.residential/?version=2024-01-01")
    assert "只改分档" in tiers
    assert "0–200" in tiers
    assert clerk.get("/console/prices/codes/demo.moonlight/").status_code in (404, 409)
    assert clerk.get("/console/prices/codes/demo.residential/?version=1999-01-01").status_code == 404


def test_a_rule_file_is_shown_word_for_word_and_no_other_file() -> None:
    page = text(client_of("clerk"), "prices/rules/hunan/residential/2024-01-01.toml")
    for said in ("湖南居民阶梯电价", "over_kwh = 200", "待核实", "2012-07-01"):
        assert said in page
    for path in ("hunan/residential/1999-01-01.toml", "../pyproject.toml", "national/territory.toml"):
        assert client_of("clerk").get(f"/console/prices/rules/{path}").status_code == 404


def test_terms_change_after_a_look_and_for_a_reason() -> None:
    clerk = client_of("clerk")
    assert "变更" in text(clerk, "prices/terms/1001/")
    assert "变更</a>" not in text(client_of("hall"), "prices/terms/1001/")
    address = "/console/prices/terms/1001/P1001/change/"
    told = {"from_on": "2026-12-01", "price_code": world.COMMERCIAL, "basic_method": "0", "pf_standard": "0",
            "running_capacity_ckva": "8.5", "contract_demand_ckw": "0", "household_shift_ckwh": "0", "free_ckwh": "0",
            "loss_active_ckwh": "0", "reason": "改类"}  # fmt: skip
    looked = clerk.post(address, told | {"do": "preview"}).content.decode()
    assert "工商业用电" in looked
    assert "8.50" in looked
    assert PriceAssignment.objects.count() == 1
    assert clerk.post(address, told | {"do": "commit"}).status_code == 302
    assert list(PriceAssignment.objects.order_by("valid_from").values_list("price_code", "running_capacity_ckva")) == [
        (world.RESIDENTIAL, 0),
        (world.COMMERCIAL, 8_50),
    ]
    history = text(clerk, "prices/terms/1001/")
    assert history.index("2026-12-01") < history.index("2020-01-01")
    assert clerk.post(address, told | {"reason": "", "do": "commit"}).status_code == 422
    assert client_of("hall").post(address, told).status_code == 403
    assert clerk.get("/console/prices/terms/9999/").status_code == 404
    assert "demo.residential" in text(clerk, "prices/accounts/?account=1001&on=2026-10-01")


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_opens_with_a_sample_that_is_calculated(kind: str) -> None:
    page = text(client_of("hall"), f"prices/trial/{kind}/")
    assert "每一步" in page
    assert "还不能计算" not in page
    sample = KINDS[kind].sample
    as_json = client_of("hall").get(f"/console/prices/trial/{kind}/", {"view": "json", "case": sample}).content.decode()
    assert "每一步" in as_json


def test_a_bill_is_tried_by_price_month_and_energy() -> None:
    hall = client_of("hall")
    assert "居民生活用电 阶梯" in text(hall, "prices/trial/bill/")
    page = text(hall, "prices/trial/bill/?code=hunan.residential&month=2025-06&total=460")
    # 200 × 0.588 + 150 × 0.638 would be spring; June by reading month in July: 250 × 0.638 and 10 × 0.888.
    assert "285.98" in page
    assert "月份写作" in text(hall, "prices/trial/bill/?code=hunan.residential&month=juni&total=460")
    by_period = "prices/trial/bill/?code=demo.commercial.lv.tou&month=2026-10&total=100&peak=30&valley=20"
    assert "30 kWh" in text(hall, by_period)


def test_a_form_made_from_a_schema_reads_rows_choices_and_complaints() -> None:
    hall = client_of("hall")
    told = "customer_class=residential&paid_on=2024-01-18&bills.0.name=A&bills.0.amount=100&bills.0.due_on=2023-12-15"
    page = text(hall, f"prices/trial/late-fee/?{told}")
    assert 'name="bills.0.amount"' in page
    assert "每一步" in page
    assert 'name="bills.1.amount"' in text(hall, f"prices/trial/late-fee/?{told}&add=bills")
    wrong = text(hall, "prices/trial/late-fee/?customer_class=residential&bills.0.name=A&bills.0.amount=viel")
    assert "还不能计算" in wrong
    assert "请填写" in wrong
    assert 'aria-invalid="true"' in wrong
    assert 'name="capacity_kw"' in text(hall, "prices/trial/breach/?breach=unauthorized_source")
    assert "没有试算类型" not in text(hall, "prices/trial/")
    assert hall.get("/console/prices/trial/astrology/").status_code == 404


def test_what_is_sent_as_json_is_told_what_is_wrong_with_it() -> None:
    hall = client_of("hall")
    broken = hall.get("/console/prices/trial/theft/", {"view": "json", "case": "{"}).content.decode()
    assert "还不能计算" in broken
    future = json.dumps({"territory": "hunan", "from_on": "1990-06-01", "to_on": "1990-07-01",
                         "terms": [{"price": "hunan.residential"}],
                         "readings": [{"multiplier": 1, "total": {"start": "0", "end": "1"}}]})  # fmt: skip
    assert 'role="alert"' in hall.get("/console/prices/trial/bill/", {"view": "json", "case": future}).content.decode()


def test_every_key_and_choice_of_every_case_has_a_word() -> None:
    def walk(schema: object) -> set[str]:
        found: set[str] = set()
        for name, info in schema.model_fields.items():
            inner = _nested(info.annotation)
            found |= {name} | (walk(inner) if inner else set())
        return found

    keys = {key for kind in KINDS.values() for schema in kind.schemas.values() for key in walk(schema)}
    assert sorted(keys - set(words.CASE_KEYS)) == []
    tags = {tag for kind in KINDS.values() if kind.tag for tag in kind.schemas}
    assert sorted(tags - set(words.OPTIONS)) == []
    assert sorted(set(KINDS) - set(words.KIND_NOTES)) == []
