from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from wandeng.domains.metering.models import MeterInstallation, Reading, RereadOrder
from wandeng.domains.metering.tests import make
from wandeng.interfaces.console.metering import charts
from wandeng.interfaces.console.network.tests.world import client_of, people, text

pytestmark = pytest.mark.django_db(transaction=True)
D1, D2, D3 = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture(autouse=True)
def _town(settings: object) -> None:
    """M1 used 100 kWh in December and, they say, 11,000 in January."""
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    people()
    make.record(
        ("M1", D1, 1000), ("M1", D2, 1100), ("M1", D3, 12_100), ("M3", D2, 5, {"peak_ckwh": 1, "valley_ckwh": 1})
    )


@pytest.fixture
def reader() -> Client:
    return client_of("reader")


def held() -> int:
    return make.reading("M1", D3).pk


def enter(client: Client, asset: str, day: date, **typed: str) -> str:
    installation = make.installation(asset)
    data = {"route": "R1", "month": "2026-01", **typed}
    answer = client.post(f"/console/metering/sheets/{installation}/{day}/", data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("routes/", "R25"),
        ("routes/?month=2026-01", "抄表段"),
        ("routes/R1/?month=2026-01", "data-entry"),
        ("routes/R1/?month=2026-01&left=missing", "M3"),
        ("routes/R1/", "抄表日"),
        ("held/", "电量突增"),
        ("rereads/", "没有复抄工单"),
        ("meters/", "M1"),
        ("stock/", "M20"),
        ("meters/M1/", "历次电量"),
        ("meters/M1/curve/", "这个月没有曲线"),
        ("meters/M20/", "从未装用"),
        ("meters/M1/exchange/", "先预览"),
    ],
)
def test_every_page_shows_what_it_is_for(reader: Client, address: str, shown: str) -> None:
    assert shown in text(reader, f"/console/metering/{address}")


def test_meters_of_another_unit_are_not_there(reader: Client) -> None:
    for address in ("meters/M6/", "meters/M6/curve/", "meters/M6/exchange/", "routes/R2M/"):
        assert reader.get(f"/console/metering/{address}").status_code == 404
    answer = reader.post(f"/console/metering/sheets/{make.installation('M6')}/{D3}/", {"total_ckwh": "1"})
    assert answer.status_code == 404


def test_who_only_reads_is_offered_nothing_to_write() -> None:
    auditor = client_of("auditor")
    assert "hx-post" not in text(auditor, "/console/metering/routes/R1/?month=2026-01")
    assert "decide" not in text(auditor, f"/console/metering/held/{held()}/")
    assert auditor.post(f"/console/metering/held/{held()}/release/", {"reason": "x"}).status_code == 403
    assert client_of("dispatch").get("/console/metering/routes/").status_code == 403


def test_a_typed_value_is_stored_at_once_and_counted(reader: Client) -> None:
    page = enter(reader, "M9", D3, total_ckwh="12.5")
    assert "已存" in page
    assert "已抄 2 / 6" in page
    assert Reading.objects.get(installation=make.installation("M9"), read_on=D3).total_ckwh == 1_250


def test_a_doubtful_value_is_stored_with_its_reason_and_mended_by_typing_again(reader: Client) -> None:
    assert "电量突增" in text(reader, "/console/metering/routes/R1/?month=2026-01")
    assert "已更正" in enter(reader, "M1", D3, total_ckwh="1,210.00")
    assert make.reading("M1", D3).total_ckwh == 121_000


@pytest.mark.parametrize("typed", ["abc", "-5", "1.234"])
def test_what_is_no_reading_is_refused_and_nothing_is_lost(reader: Client, typed: str) -> None:
    before = make.reading("M1", D3).pk
    assert 'role="alert"' in enter(reader, "M1", D3, total_ckwh=typed)
    assert make.reading("M1", D3).pk == before


def test_a_meter_of_several_registers_waits_for_the_last_of_them(reader: Client) -> None:
    assert "还差：峰、谷" in enter(reader, "M3", D3, total_ckwh="60")
    assert not Reading.objects.filter(installation=make.installation("M3"), read_on=D3).exists()
    enter(reader, "M3", D3, total_ckwh="60", peak_ckwh="20", valley_ckwh="10")
    assert make.reading("M3", D3).peak_ckwh == 2_000


def test_an_emptied_field_says_what_to_do(reader: Client) -> None:
    assert "不能清空" in enter(reader, "M1", D3, total_ckwh="")


@pytest.mark.parametrize(
    ("verb", "more", "state"),
    [
        ("release", {}, "ACCEPTED"),
        ("refuse", {}, "REFUSED"),
        ("estimate", {"method": "average"}, "REFUSED"),
        ("reread", {"due_on": "2099-01-01"}, "HELD"),
        ("correct", {"total_ckwh": "1210"}, "HELD"),
    ],
)
def test_each_decision_is_carried_out(reader: Client, verb: str, more: dict[str, str], state: str) -> None:
    reading = held()
    answer = reader.post(f"/console/metering/held/{reading}/{verb}/", {"reason": "查过了", **more})
    assert answer.status_code == 302
    row = Reading.objects.get(pk=reading)
    assert (row.state, row.is_current) == (state, verb != "correct")
    assert RereadOrder.objects.filter(reading=reading).exists() == (verb == "reread")


def test_a_decision_without_a_reason_says_so_on_its_form(reader: Client) -> None:
    answer = reader.post(f"/console/metering/held/{held()}/release/", {"reason": ""})
    assert answer.status_code == 422
    assert 'id="release_reason"' in answer.content.decode()
    assert reader.post(f"/console/metering/held/{held()}/burn/", {"reason": "x"}).status_code == 404


def test_an_order_is_taken_and_completed(reader: Client) -> None:
    reader.post(f"/console/metering/held/{held()}/reread/", {"reason": "看看", "due_on": "2099-01-01"})
    order = RereadOrder.objects.get().pk
    address = f"/console/metering/rereads/{order}/"
    assert "领取" in text(reader, address)
    assert reader.post(address, {"verb": "take"}).status_code == 302
    assert "退还" in text(reader, address)
    assert reader.post(address, {"verb": "complete", "total_ckwh": "x", "reason": "y"}).status_code == 422
    assert reader.post(address, {"verb": "complete", "total_ckwh": "1210", "reason": "复抄"}).status_code == 302
    assert make.reading("M1", D3).total_ckwh == 121_000
    assert "已完成" in text(reader, address)


def test_chosen_readings_are_released_or_ordered_at_once(reader: Client) -> None:
    reading = held()
    answer = reader.post("/console/metering/held/", {"bulk": "reread", "keys": [reading], "reason": "批量"})
    assert answer.status_code == 302
    assert RereadOrder.objects.get().reading_id == reading
    reader.post("/console/metering/rereads/", {"bulk": "take", "keys": [RereadOrder.objects.get().pk]})
    assert RereadOrder.objects.get().taken_by == "reader"
    reader.post("/console/metering/held/", {"bulk": "release", "keys": [reading], "reason": "批量"})
    assert Reading.objects.get(pk=reading).state == "ACCEPTED"


def test_an_exchange_is_previewed_and_then_done(reader: Client) -> None:
    reader.post(f"/console/metering/held/{held()}/release/", {"reason": "真的"})
    data = {"on": "2026-03-01", "old_total_ckwh": "12200", "new_meter": "M20", "start": "7", "multiplier": "1",
            "reason": "轮换"}  # fmt: skip
    address = "/console/metering/meters/M1/exchange/"
    preview = reader.post(address, {**data, "step": "preview"}).content.decode()
    assert "100.00 kWh" in preview  # 12,200 − 12,100
    assert "没有疑点" in preview
    doubtful = reader.post(address, {**data, "old_total_ckwh": "12000", "step": "preview"}).content.decode()
    assert "示数小于上次" in doubtful
    assert MeterInstallation.objects.filter(usage_point__code="P1").count() == 1
    assert reader.post(address, {**data, "step": "do"}).status_code == 302
    assert MeterInstallation.objects.get(usage_point__code="P1", removed_on__isnull=True).meter.asset_number == "M20"
    assert "7.00" in text(reader, "/console/metering/meters/M20/")


def test_a_refused_exchange_says_why(reader: Client) -> None:
    data = {"on": "2099-01-01", "old_total_ckwh": "12200", "new_meter": "M20", "start": "0", "multiplier": "1",
            "reason": "轮换", "step": "do"}  # fmt: skip
    answer = reader.post("/console/metering/meters/M1/exchange/", data)
    assert answer.status_code == 422
    assert "尚未到来" in answer.content.decode() or "yet to come" in answer.content.decode()


def test_a_quarter_hour_of_250_wh_behind_a_multiplier_of_20_is_20_kw() -> None:
    # 0.25 kWh × 20 in a quarter of an hour: 5 kWh × 4 = 20 kW
    assert charts.load_kw(250, 20) == 20
    assert [charts.quarter(place) for place in (0, 1, 95)] == ["00:00", "00:15", "23:45"]
