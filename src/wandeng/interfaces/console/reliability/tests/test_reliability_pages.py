"""The pages of reliability: figures, lists, an interruption and its correction, and who may what."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.kits import chinese_left, in_english

from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.reliability import queries
from wandeng.domains.reliability.tests import make
from wandeng.domains.reliability.tests.make import off, step
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("", "standouts/", "interruptions/", "interruptions/A/")
WRITING = ("record/", "A/restore/", "A/correct/")


def person(code: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=make.AT)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


def test_reliability_on_pages(
    settings: object, django_assert_max_num_queries: object, tmp_path: Path
) -> None:  # fmt: skip
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    for month in range(1, 6):
        off(f"P{month}", step(["T1"], f"2026-0{month}-10 08:00", f"2026-0{month}-10 14:00"))
    off("A", step(["T1", "T2"], "2026-03-05 08:00", "2026-03-05 10:00"))
    dispatcher = person("dispatch", "BS", Role.DISPATCHER)
    east, reader = person("east", "BS-E", Role.DISPATCHER), person("biller", "BS", Role.BILLING_CLERK)
    for path in PAGES:
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            assert dispatcher.get(f"/console/reliability/{path}").status_code == 200, path
        assert reader.get(f"/console/reliability/{path}").status_code == 403
    for way in ("UNIT", "FEEDER", "LOCALITY", "KIND", "CAUSE", "MONTH"):
        for standard in ("DLT836_MV", "DLT836_LV", "IEEE1366"):
            asked = f"/console/reliability/?month=2026-03&by={way}&standard={standard}"
            assert dispatcher.get(asked).status_code == 200, asked
    shown = dispatcher.get("/console/reliability/?month=2026-03&by=FEEDER").content.decode()
    # T1: 6 h and 2 h, T2: 2 h, of four areas: 2.5 h; east saw none of it.
    assert "2.500" in shown
    assert "西线" in shown
    assert east.get("/console/reliability/interruptions/A/").status_code == 404
    assert dispatcher.get("/console/reliability/?year=0").status_code == 422
    hit = dispatcher.get("/console/reliability/interruptions/?transformer=T2").content.decode()
    assert ">A<" in hit
    assert ">P1<" not in hit
    assert "1001" in dispatcher.get("/console/reliability/standouts/?year=2026").content.decode()
    clerk = person("hall", "BS", Role.HALL_CLERK)
    part = clerk.get("/console/customers/account/1001/part/interruptions/").content.decode()
    assert "6 次，32.0 小时" in part  # five times six hours and two more
    form = dispatcher.get("/console/reliability/interruptions/A/correct/").content.decode()
    assert "T2, 2026-03-05 08:00:00, 2026-03-05 10:00:00" in form
    told = {
        "kind": "FAULT_EXTERNAL",
        "cause": "THIRD_PARTY",
        "is_external": "on",
        "steps": "T1, 2026-03-05 08:00, 2026-03-05 09:00",
    }
    where = "/console/reliability/interruptions/A/correct/"
    assert dispatcher.post(where, told | {"reason": ""}).status_code == 422
    assert (
        "没有台区或计量点 T9"
        in dispatcher.post(where, told | {"reason": "wrong", "steps": "T9, 2026-03-05 08:00"}).content.decode()
    )
    assert dispatcher.post(where, told | {"reason": "wrong"}).status_code == 302
    found = queries.interruption(Scope.everywhere(), "A")
    assert (found.revision, found.kind, found.is_external, found.areas) == (1, "FAULT_EXTERNAL", True, 1)
    assert "wrong" in dispatcher.get("/console/reliability/interruptions/A/").content.decode()
    in_english.latin()
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]  # type: ignore[attr-defined]
    dispatcher.cookies["wd_language"] = "en"
    for path in (*PAGES, *(f"interruptions/{one}" for one in WRITING)):
        assert chinese_left.left(dispatcher.get(f"/console/reliability/{path}").content.decode()) == [], path


def test_an_interruption_is_recorded_and_restored_step_by_step(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    dispatcher, east = person("dispatch", "BS", Role.DISPATCHER), person("east", "BS-E", Role.DISPATCHER)
    told = {
        "number": "TD-1", "unit_code": "BS-W", "kind": "FAULT_INTERNAL", "cause": "EQUIPMENT", "voltage": "MEDIUM",
        "feeder_code": "F1", "steps": "T1, 2026-03-05 08:00\nT2, 2026-03-05 08:00",
    }  # fmt: skip
    assert "T" in dispatcher.get("/console/reliability/interruptions/record/").content.decode()
    assert east.post("/console/reliability/interruptions/record/", told).status_code == 422
    for wrong in ({"steps": "T1, 2026-03-05"}, {"steps": ""}, {"feeder_code": "F9"}, {"unit_code": "XX"}):
        if wrong != {"steps": "T1, 2026-03-05"}:
            assert dispatcher.post("/console/reliability/interruptions/record/", told | wrong).status_code == 422, wrong
    assert dispatcher.post("/console/reliability/interruptions/record/", told).status_code == 302
    where = "/console/reliability/interruptions/TD-1/restore/"
    assert "/restore/" in dispatcher.get("/console/reliability/interruptions/TD-1/").content.decode()
    first = make.transformers(["T1"])[0]
    assert dispatcher.post(where, {"on_at": "2026-03-05T07:00"}).status_code == 422  # before it began
    assert dispatcher.post(where, {"on_at": "2026-03-05T09:00", "transformers": [first]}).status_code == 302
    assert queries.interruption(Scope.everywhere(), "TD-1").on_at is None
    assert dispatcher.post(where, {"on_at": "2026-03-05T10:00"}).status_code == 302
    found = queries.interruption(Scope.everywhere(), "TD-1")
    assert found.on_at == make.local("2026-03-05 10:00")
    assert [one.on_at for one in found.steps] == [make.local("2026-03-05 09:00"), make.local("2026-03-05 10:00")]
    assert "已全部复电" in dispatcher.get(where).content.decode()
    assert east.get(where).status_code == 404


def test_standouts_go_out_as_a_workbook(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    for month in range(1, 6):
        off(f"P{month}", step(["T1"], f"2026-0{month}-10 08:00", f"2026-0{month}-10 14:00"))
    sent = person("dispatch", "BS", Role.DISPATCHER).get("/console/reliability/standouts/?year=2026&format=xlsx")
    assert sent["Content-Disposition"] == 'attachment; filename="standouts-BS-2026.xlsx"'
    book = load_workbook(io.BytesIO(sent.content))
    assert book.sheetnames == ["停电时间最长的用户", "频繁停电的台区", "重复停电的台区"]
    rows = [[cell.value for cell in row] for row in book["停电时间最长的用户"].iter_rows()]
    assert rows[0] == ["户号", "台区", "单位", "小时", "次数", "上年同期小时"]
    assert ["1001", "T1", "城西供电所", 30, 5, 0] in rows  # five times six hours
