"""Readings that are not in although their day is over, over all routes at once."""

from __future__ import annotations

from datetime import date

import pytest

from wandeng.domains.metering import queries
from wandeng.domains.metering.tests import make
from wandeng.infra.scope import Scope

pytestmark = pytest.mark.django_db(transaction=True)
COUNTY, WEST, EAST = Scope("BS/"), Scope("BS/BS-W/"), Scope("BS/BS-E/")
JAN1 = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _read() -> None:
    make.town()
    make.record(("M1", JAN1, 1100), ("M2", date(2025, 12, 25), 50))


def late(scope: Scope, on: date) -> dict[str, date]:
    return {row["asset_number"]: row["read_on"] for row in queries.late_rows(scope, on=on)}


def test_each_route_has_its_own_newest_day_and_what_was_read_then_is_not_late() -> None:
    # R1 is read on the 1st, R25 on the 25th, R2M (east) every two months: on 1 January for November and December.
    west, east = late(WEST, date(2026, 1, 10)), late(EAST, date(2026, 1, 10))
    assert west == dict.fromkeys(["M3", "M8", "M9"], JAN1)
    assert east == dict.fromkeys(["M4", "M6", "M7"], JAN1)
    assert late(COUNTY, date(2026, 1, 26))["M2"] == date(2026, 1, 25)


def test_a_reading_is_not_late_on_its_day() -> None:
    assert "M1" not in late(COUNTY, date(2026, 1, 31))
    assert late(COUNTY, date(2026, 2, 1)).get("M1") is None
    assert late(COUNTY, date(2026, 2, 2))["M1"] == date(2026, 2, 1)


def test_a_meter_is_late_only_while_it_hangs() -> None:
    assert late(COUNTY, make.HUNG_ON) == {}
