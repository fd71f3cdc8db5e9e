"""A small town comes in from files: what the files say is what the tables hold, and twice is once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db.models import Model

from wandeng.domains.customers.models import Contact, CustomerAccount, CustomerAgreement
from wandeng.domains.customers.types import PHONE_COLUMN
from wandeng.domains.metering import frames as metering
from wandeng.domains.metering.models import MeterInstallation, Reading, ReadingRoute
from wandeng.domains.network.models import LineSegment, PowerTransformer, SwitchOperation, UsagePoint
from wandeng.domains.organization.models import Post, Unit
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.flows.imports.tests import make
from wandeng.infra import pii
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import landing
from wandeng.infra.models import ImportBatch

pytestmark = pytest.mark.django_db(transaction=True)


def _all(model: type[Model], *names: str) -> list[tuple[object, ...]]:
    return sorted(model._default_manager.values_list(*names))


def test_the_town_stands_as_its_files_say(tmp_path: Path) -> None:
    outcomes = make.town(tmp_path)
    assert all(outcome.is_clean for outcome in outcomes.values())
    assert {kind: outcome.counts.created for kind, outcome in outcomes.items()} == {
        "organizations": 6,
        "network": 9,
        "customers": 3,
        "meters": 3,
        "price-assignments": 3,
        "readings": 4,
        "curves": 2,
        "switch-operations": 2,
    }
    assert _all(Unit, "path", "kind", "territory", "parent__code")[-1] == (
        "43/430426/43042602/",
        "OFFICE",
        "hunan",
        "430426",
    )
    assert _all(Post, "person__code", "role", "valid_from", "valid_to") == [
        ("P001", "BILLING_CLERK", date(2026, 1, 1), date(9999, 1, 1))
    ]
    assert _all(LineSegment, "code", "node_a__code", "node_b__code", "length_m") == [("L1", "N2", "N3", 1200)]
    assert _all(PowerTransformer, "code", "unit__code", "node__code", "capacity_ckva", "ownership") == [
        ("T1", "43042601", "N2", 31500, "PUBLIC"),
        ("T2", "43042602", "N3", 80000, "CUSTOMER"),
    ]
    assert _all(CustomerAccount, "account_number", "customer__code", "customer__kind", "opened_on")[2] == (
        "1000000003",
        "1000000003",
        "ORGANIZATION",
        date(2010, 1, 1),
    )
    assert _all(CustomerAgreement, "number", "state", "valid_from", "valid_to", "signed_on") == [
        ("HT1", "SIGNED", date(2015, 6, 1), date(9999, 1, 1), date(2015, 5, 28)),
        ("HT3", "DRAFT", date(2010, 1, 1), date(9999, 1, 1), None),
    ]
    # 1,800.50 kVA in hundredths; 220 V and 10 kV by their national codes.
    assert _all(UsagePoint, "code", "voltage_code", "contract_capacity_ckva", "connected_on", "metered_side")[1:] == [
        ("D2", "AC02202", 800, date(2016, 6, 1), "LOW"),
        ("D3", "AC00101", 180050, date(2010, 1, 1), "LOW"),
    ]


def test_meters_readings_prices_and_switchings_stand_as_their_files_say(tmp_path: Path) -> None:
    make.town(tmp_path)
    # 100/5 × 10000/100 = 20 × 100.
    assert _all(MeterInstallation, "meter__asset_number", "multiplier", "route__code", "source") == [
        ("A1", 1, "R1", "REGISTER"),
        ("A2", 1, "R1", "REGISTER"),
        ("A3", 2000, "R2", "REGISTER"),
    ]
    assert _all(ReadingRoute, "code", "name", "unit__code") == [
        ("R1", "新华村", "43042601"),
        ("R2", "专变", "43042602"),
    ]
    assert _all(Reading, "installation__meter__asset_number", "read_on", "total_ckwh", "source") == [
        ("A1", date(2020, 3, 1), 0, "INSTALLATION"),
        ("A1", date(2026, 1, 1), 10025, "HEAD_END"),
        ("A1", date(2026, 2, 1), 20050, "HEAD_END"),
        ("A2", date(2020, 3, 1), 1250, "INSTALLATION"),
        ("A2", date(2026, 1, 1), 30000, "HEAD_END"),
        ("A3", date(2020, 3, 1), 10000, "INSTALLATION"),
        ("A3", date(2026, 1, 1), 400050, "HEAD_END"),
    ]
    assert Reading.objects.get(total_ckwh=400050).demand_e4 == 4321
    assert _all(PriceAssignment, "usage_point__code", "valid_from", "basic_method", "pf_standard")[1:] == [
        ("D3", date(2020, 3, 1), 1, 90),
        ("D3", date(2026, 1, 1), 3, 90),
    ]
    assert [at.isoformat() for (at,) in _all(SwitchOperation, "at")] == [
        "2026-01-31T00:15:00+00:00",
        "2026-01-31T09:40:30+00:00",
    ]
    with ColumnStore() as store:
        curves = metering.intervals(store, from_on=date(2026, 1, 31), to_on=date(2026, 2, 2)).collect()
    # Two days of 96 quarter hours of 125 Wh.
    assert (curves.height, curves["active_wh"].sum()) == (192, 24_000)


def test_phones_are_sealed_in_their_normal_form(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network", "customers")
    rows = Contact.objects.order_by("account__account_number")
    assert [pii.open_sealed(row.phone_sealed, column=PHONE_COLUMN) for row in rows] == [
        "13912345678",
        "13823456789",
        "07463212345",
    ]
    assert list(rows.values_list("phone_index", flat=True))[1:2] == pii.index_many(["13823456789"], column=PHONE_COLUMN)
    assert all(row.is_primary and row.verification == "UNVERIFIED" for row in rows)


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    first = make.town(tmp_path)
    batches = ImportBatch.objects.count()
    for kind, before in first.items():
        same = make.take_in(tmp_path, kind, make.TOWN[kind])
        assert (same.already, same.batch) == (True, before.batch)
    assert ImportBatch.objects.count() == batches
    for kind, before in first.items():
        again = make.take_in(tmp_path, kind, make.TOWN[kind], again=True)
        assert vars(again.counts) == {"created": 0, "changed": 0, "unchanged": before.counts.total, "parked": 0}


def test_a_changed_row_updates_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network", "customers")
    sealed = set(Contact.objects.values_list("phone_sealed", flat=True))
    outcome = make.take_in(tmp_path, "customers", make.CUSTOMERS.replace("白水镇2号", "白水镇22号"))
    assert vars(outcome.counts) == {"created": 0, "changed": 1, "unchanged": 2, "parked": 0}
    assert CustomerAccount.objects.get(account_number="1000000002").address == "白水镇22号"
    assert set(Contact.objects.values_list("phone_sealed", flat=True)) == sealed


def test_gb18030_and_a_workbook_bring_the_same_town(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    path = tmp_path / "gb.csv"
    path.write_bytes(make.CUSTOMERS.encode("gb18030"))
    outcome = make.take_in_file("customers", path)
    assert (outcome.about, outcome.counts.created) == ("GB18030, ','", 3)
    assert make.take_in(tmp_path, "customers", make.CUSTOMERS).counts.unchanged == 3


def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network", "customers")
    bad = make.CUSTOMERS.replace("白水镇2号", "别处").replace("D3,T2", "D3,T9") + make.CUSTOMERS.splitlines()[
        1
    ].replace("1000000001", "1000000004").replace("HT1", "HT4").replace("D1", "D4").replace("13912345678", "139")
    before = {model: _all(model, "pk") for model in (CustomerAccount, UsagePoint, Contact, ImportBatch)}
    rehearsed = make.take_in(tmp_path, "customers", bad, dry_run=True)
    assert before == {model: _all(model, "pk") for model in before}
    done = make.take_in(tmp_path, "customers", bad)
    assert vars(rehearsed.counts) == vars(done.counts) == {"created": 1, "changed": 1, "unchanged": 1, "parked": 1}
    assert rehearsed.findings == done.findings
    assert (rehearsed.batch, rehearsed.parts, done.parts) == (None, {"contacts": 1}, {"contacts": 1})


ACCOUNTS = "customers_customeraccount"


def _forget_statistics() -> None:
    """What a test before this one left."""
    with ColumnStore() as store:
        if store.is_sqlite and store.scalar("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"):
            store.execute("DELETE FROM sqlite_stat1")


def _statistics() -> int:
    """How often the table was looked through (PostgreSQL, which also does so by itself, and counts that apart), or how many
    statistics of it there are (SQLite)."""
    with ColumnStore() as store:
        if not store.is_sqlite:
            return int(store.scalar("SELECT analyze_count FROM pg_stat_user_tables WHERE relname = ?", (ACCOUNTS,)))
        if not store.scalar("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"):
            return 0
        return int(store.scalar("SELECT count(*) FROM sqlite_stat1 WHERE tbl = ?", (ACCOUNTS,)))


def test_a_large_import_leaves_statistics_behind_a_small_one_or_a_dry_run_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _forget_statistics()
    make.town(tmp_path, "organizations", "network")
    before = _statistics()
    make.take_in(tmp_path, "customers", make.CUSTOMERS)
    assert _statistics() == before
    more = make.CUSTOMERS.replace("100000000", "200000000").replace("HT", "HU").replace(",D", ",E")
    monkeypatch.setattr(landing, "BULK_ROWS", 3)
    make.take_in(tmp_path, "customers", more, dry_run=True)
    assert _statistics() == before
    make.take_in(tmp_path, "customers", more)
    assert _statistics() > before
