"""A resident reads a bill that was run and published: the page says in plain words what the ledger says, and nobody else's."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from tests.kits import bill_world as world

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import runs
from wandeng.domains.customers import actions as customers
from wandeng.domains.metering import frames
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.organization import queries as organization
from wandeng.domains.residents import actions as residents
from wandeng.domains.residents.tests import make
from wandeng.domains.residents.types import TooManyLooks
from wandeng.flows import bill_run
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import holding, middleware
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
JULY = Month(2026, 7)
MINE, OTHER, PHONE = "430000000001", "430000000002", "13800000001"
NOW = world.NOW + timedelta(hours=2)


def run(month: Month) -> int:
    view = bill_run.run(
        unit_code=world.UNIT, month=month, actor=world.MAKER, at=world.NOW, shop=bill_run.Workshop.default()
    )
    runs.approve(run=RunId(view.run_id), actor=world.CHECKER, at=world.NOW + timedelta(hours=1))
    bill_run.post(RunId(view.run_id), actor=world.MAKER, at=world.NOW)
    return view.run_id


def client_of(phone: str) -> Client:
    client = Client()
    client.cookies[holding.COOKIE] = make.holding(phone, MINE, at=NOW).token
    return client


def test_a_bill_is_told_in_plain_words_once_it_is_published(settings, monkeypatch) -> None:
    settings.SECURE_SSL_REDIRECT = False
    monkeypatch.setattr(middleware, "now", lambda: NOW)
    world.found()
    for number in (MINE, OTHER):
        world.add_account(number, total={date(2026, 6, 1): 700, date(2026, 7, 1): 1000, date(2026, 8, 1): 1460})
    customers.add_contact(account_number=MINE, phone=PHONE, is_primary=True, actor=SYSTEM, at=NOW)
    made = run(JULY)
    client = client_of(PHONE)
    mine, other = (queries.explain(Scope.everywhere(), account_number=one, month=JULY).bill_id for one in (MINE, OTHER))
    page = reverse("my:bill", args=[MINE, mine])
    assert client.get(page).status_code == 404, "not published yet"
    assert "还没有电费单" in client.get(reverse("my:bills", args=[MINE])).content.decode()
    bill_run.publish(RunId(made), actor=world.MAKER, at=world.NOW)

    told = client.get(page).content.decode()
    # 200 × 0.588 + 250 × 0.638 + 10 × 0.888 = 285.98, on 460 kWh.
    for expected in ("¥285.98", "460.00 kWh", "¥0.6217", "第 1 档", "200.00 kWh", "第 3 档", "10.00 kWh", "¥0.888"):
        assert expected in told, expected
    assert "¥285.98" in client.get(reverse("my:bills", args=[MINE])).content.decode()
    assert "¥285.98" in client.get(reverse("my:account", args=[MINE])).content.decode()
    assert "460.00 kWh" in client.get(reverse("my:usage", args=[MINE])).content.decode()
    document = client.get(reverse("my:bill-pdf", args=[MINE, mine]))
    assert document.content.startswith(b"%PDF")
    for foreign in ((MINE, other), (OTHER, other), (OTHER, mine), (MINE, 10**12)):
        assert client.get(reverse("my:bill", args=foreign)).status_code == 404, foreign
        assert client.get(reverse("my:bill-pdf", args=foreign)).status_code == 404, foreign
    for route in ("my:bills", "my:usage"):
        assert client.get(reverse(route, args=[OTHER])).status_code == 404, route
    taken_away(client, mine)


def taken_away(client: Client, bill: int) -> None:
    """The same bill as files and to a program."""
    with zipfile.ZipFile(io.BytesIO(client.get(reverse("my:data-all")).content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    assert set(files) == {"电费单.csv", "电费明细.csv", "缴费记录.csv", "月用电量.csv", "日用电量.csv", "办理进度.csv"}
    assert all(one.startswith(codecs.BOM_UTF8) for one in files.values())
    tables = {name: list(csv.DictReader(io.StringIO(one.decode("utf-8-sig")))) for name, one in files.items()}
    (told,) = tables["电费单.csv"]
    assert told == {
        "户号": MINE, "账单编号": str(bill), "月份": "2026-07", "自": "2026-07-01", "至": "2026-07-31", "电量（kWh）": "460.00",
        "金额（元）": "285.98", "缴费期限": told["缴费期限"],
    }  # fmt: skip
    assert sum(Decimal(one["金额（元）"]) for one in tables["电费明细.csv"]) == Decimal("285.98")
    assert tables["月用电量.csv"] == [
        {"户号": MINE, "月份": "2026-07", "电量（kWh）": "460.00", "金额（元）": "285.98"}
    ]
    one = client.get(reverse("my:data-file", args=["bills"]))
    assert (one.content, one["Content-Type"]) == (files["电费单.csv"], "text/csv; charset=utf-8")
    assert client.get(reverse("my:data-file", args=["people"])).status_code == 404

    page = client.post(reverse("my:data"), {"label": "家里", "days": "30"}).content.decode()
    secret = re.search(r"wm_[\w-]{43}", page)[0]
    assert secret not in client.get(reverse("my:data")).content.decode()
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    read = program.get(f"/api/v1/my/accounts/{MINE}/bills/{bill}").json()
    assert (read["bill"]["amount_fen"], [one["tier"] for one in read["tiers"]]) == (285_98, [1, 2, 3])
    assert sum(one["amount_fen"] for one in read["lines"]) == 285_98
    standing = program.get(f"/api/v1/my/accounts/{MINE}").json()
    assert standing["to_pay_fen"] - standing["late_fee_fen"] == standing["bill"]["amount_fen"] == 285_98
    ended = re.search(r"/my/data/tokens/\d+/end/", page)[0]
    assert client.post(ended).url == reverse("my:data")
    assert program.get("/api/v1/my/accounts").status_code == 401


def test_what_the_meter_told_lately_is_shown_by_hour(settings, monkeypatch) -> None:
    settings.SECURE_SSL_REDIRECT = False
    monkeypatch.setattr(middleware, "now", lambda: NOW)
    world.found()
    today = NOW.date()
    world.add_account(MINE, total={date(2026, 6, 1): 700})
    customers.add_contact(account_number=MINE, phone=PHONE, is_primary=True, actor=SYSTEM, at=NOW)
    hung = MeterInstallation.objects.get()
    told = [(hung.pk, today - timedelta(days=1), 95, 9_000), (hung.pk, today, 0, 100), (hung.pk, today, 3, 230)]
    rows = pl.DataFrame(
        told, {"installation_id": pl.Int64, "day": pl.Date, "point": pl.Int16, "active_wh": pl.Int32}, orient="row"
    )
    with ColumnStore() as store:
        unit = organization.unit_id(world.UNIT)
        frames.append_intervals(store, rows.to_arrow(), unit_id=unit, month=Month.of(today), at=NOW)
    page = client_of(PHONE).get(reverse("my:usage", args=[MINE])).content.decode()
    (hours, days) = page.split("每小时的数")[1].split("每天")
    assert "0:00–0:59" in hours
    assert "0.33 kWh" in hours
    assert "1:00–1:59" not in hours, "not told yet"
    assert "9.00 kWh" in days


def test_bills_are_looked_up_sixty_times_a_minute_at_most() -> None:
    for _look in range(60):
        residents.count_look(resident_id=1, at=NOW)
    with pytest.raises(TooManyLooks):
        residents.count_look(resident_id=1, at=NOW)
    residents.count_look(resident_id=2, at=NOW)
    residents.count_look(resident_id=1, at=NOW + timedelta(minutes=1))
