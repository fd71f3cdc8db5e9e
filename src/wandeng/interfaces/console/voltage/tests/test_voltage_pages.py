"""The pages, the commands and the numbers of voltage, and who may what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.network.tests import make
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.voltage.models import VoltagePoint, VoltageRemedy
from wandeng.flows.imports import intake
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)
TODAY = date.today()  # noqa: DTZ011  (pages show the month of the day on which they are asked)
POINTS = (
    "监测点编号,监测点名称,单位,监测点类别,地区,标称电压,台区编码,计量点编号,投运日期\n"
    "D/1,末端,BS-W,D类,农村,220,T1,P1,2025-01-01\nA1,母线,BS-W,A类,城市,10000,,,2025-01-01\n"
)
TIMES = ",".join(f"{i // 4:02d}:{i % 4 * 15:02d}" for i in range(96))
PAGES = ("", "points/", "days/", "remedies/", "points/D/1/", "points/A1/")


def person(code: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=NOW)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=NOW
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


def bring(folder: Path) -> None:
    """Two points, and three days of the low end that end yesterday."""
    make.town()
    volts = [195 + slot % 9 / 10 for slot in range(8)] + [225 + slot % 7 / 10 for slot in range(88)]
    days = "".join(
        f"D/1,{TODAY - timedelta(days=back)},{','.join(f'{one:.1f}' for one in volts)}\n" for back in (1, 2, 3)
    )
    for kind, text in (("voltage-points", POINTS), ("voltage-readings", f"监测点编号,日期,{TIMES}\n{days}")):
        path = folder / "file.csv"
        path.write_text(text, encoding="utf-8")
        assert not intake.take_in(kind, path, actor=SYSTEM, clock=lambda: NOW).counts.parked


def test_voltage_on_pages(settings: object, django_assert_max_num_queries: object, tmp_path: Path) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    bring(tmp_path)
    dispatcher, east = person("dispatch", "BS", Role.DISPATCHER), person("east", "BS-E", Role.DISPATCHER)
    reader = person("reader", "BS", Role.METER_READER)
    for path in PAGES:
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            assert dispatcher.get(f"/console/voltage/{path}").status_code == 200, path
    month = f"{TODAY - timedelta(days=1):%Y-%m}"
    # 120 of 1,440 minutes are low: 91.667 % in range.
    assert "91.667%" in dispatcher.get(f"/console/voltage/?month={month}").content.decode()
    assert dispatcher.get("/console/voltage/points/D/1/?day=never").status_code == 422
    assert east.get("/console/voltage/points/D/1/").status_code == 404
    low = dispatcher.get("/console/voltage/days/?what=LOW").content.decode()
    assert low.count("D/1") >= 3
    assert "没有符合条件的监测日" in dispatcher.get("/console/voltage/days/?what=DATA").content.decode()
    where = "/console/voltage/points/D/1/open/"
    assert reader.post(where, {"defect": "LOW"}).status_code == 403
    assert east.post(where, {"defect": "LOW"}).status_code == 404
    assert dispatcher.post(where, {"defect": "LOW"}).status_code == 302
    assert dispatcher.post(where, {"defect": "LOW"}).status_code == 422
    row = VoltageRemedy.objects.get()
    assert (row.days, row.minutes, row.extreme_dv) == (3, 360, 1950)
    act = f"/console/voltage/remedies/{row.pk}"
    assert dispatcher.post(f"{act}/melt/", {}).status_code == 404
    assert east.post(f"{act}/assign/", {"handler": "reader", "due_on": TODAY}).status_code == 404
    assert dispatcher.post(f"{act}/assign/", {"handler": "nobody", "due_on": TODAY}).status_code == 422
    assert dispatcher.post(f"{act}/assign/", {"handler": "reader", "due_on": TODAY}).status_code == 302
    assert "治理完成" in dispatcher.get("/console/voltage/points/D/1/").content.decode()
    assert "治理完成" not in reader.get("/console/voltage/points/D/1/").content.decode()
    done = {"cause": "TAP", "measure": "调整分接头", "done_on": TODAY}
    assert dispatcher.post(f"{act}/finish/", done | {"measure": " "}).status_code == 422
    assert dispatcher.post(f"{act}/finish/", done).status_code == 302
    assert "调整分接头" in dispatcher.get("/console/voltage/points/D/1/").content.decode()
    assert dispatcher.post(f"{act}/drop/", {"reason": "x"}).status_code == 422  # it is done already
    in_english.latin()
    VoltagePoint.objects.update(name="End")
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]  # type: ignore[attr-defined]
    dispatcher.cookies["wd_language"] = "en"
    VoltageRemedy.objects.update(measure="Tap changed")
    for path in PAGES:
        told = dispatcher.get(f"/console/voltage/{path}").content.decode()
        assert [one for one in chinese_left.left(told) if one not in ("国家电网", "南方电网")] == [], path
