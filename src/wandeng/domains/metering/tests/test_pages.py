from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wandeng.domains.metering import actions, frames, queries
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.metering.queries import accounts
from wandeng.domains.metering.tests import make
from wandeng.domains.metering.types import Registers
from wandeng.domains.organization import queries as organization
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
D1, D2, D3 = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)
COUNTY, WEST, EAST = Scope("BS/"), Scope("BS/BS-W/"), Scope("BS/BS-E/")


@pytest.fixture(autouse=True)
def _read() -> None:
    make.town()
    make.record(("M1", D1, 1000), ("M1", D2, 1100), ("M4", D1, 10), ("M4", D2, 12))


def exchange() -> None:
    actions.exchange_meter(
        usage_point="P4", removed_reading=Registers(1_500), new_meter="M20", new_multiplier=40,
        start_reading=Registers(300), on=D3, actor=SYSTEM, at=make.AT,
    )  # fmt: skip


def test_a_meter_is_shown_with_its_places_and_the_energy_of_its_readings() -> None:
    exchange()
    old, new = queries.meter_view(COUNTY, "M4"), queries.meter_view(COUNTY, "M20")
    assert (old.state, old.hangs) == ("REMOVED", None)
    assert new.hangs is not None
    assert (new.hangs.usage_point, new.hangs.account_number, new.hangs.multiplier) == ("P4", "1004", 40)
    assert (new.hangs.route_code, new.hangs.installed_on) == ("R1", D3)
    shown = queries.meter_readings(COUNTY, "M4")
    # × 20: from 12 to 15 kWh 60, from 10 to 12 40, from 0 to 10 200; the first reading closes nothing.
    assert [(row.read_on, row.energy_ckwh) for row in shown] == [
        (D3, 6_000), (D2, 4_000), (D1, 20_000), (make.HUNG_ON, None),
    ]  # fmt: skip


def test_a_meter_elsewhere_is_not_found_and_one_in_stock_is_anybodys() -> None:
    with pytest.raises(NotFound):
        queries.meter_view(EAST, "M1")
    assert queries.meter_readings(EAST, "M1") == ()
    assert queries.meter_view(EAST, "M20").installations == ()
    with pytest.raises(NotFound):
        queries.meter_view(COUNTY, "nothing")


def test_lists_of_meters_tell_hanging_ones_by_scope_and_the_stock_to_all() -> None:
    exchange()
    assert [row["asset_number"] for row in queries.meters_rows(EAST).order_by("asset_number")] == ["M20", "M6", "M7"]
    assert queries.meters_rows(WEST).filter(account_number="1001").get()["asset_number"] == "M1"
    assert "M4" in [row["asset_number"] for row in queries.stock_rows()]


def test_an_exchange_is_previewed_with_its_energy_and_its_doubts() -> None:
    preview = queries.exchange_preview(
        COUNTY, usage_point="P4", removed=Registers(1_500), new_meter="M20", new_multiplier=20, on=D3
    )
    # (15 − 12) kWh × 20
    assert (preview.old_meter, preview.last_on, preview.energy_ckwh, preview.doubts) == ("M4", D2, 6_000, ())
    doubtful = queries.exchange_preview(
        COUNTY, usage_point="P4", removed=Registers(1_100), new_meter="M1", new_multiplier=40, on=D3
    )
    assert doubtful.doubts == ("LOWER_THAN_LAST", "NOT_IN_STOCK", "MULTIPLIER_CHANGES")
    late = queries.exchange_preview(
        COUNTY, usage_point="P4", removed=Registers(1_100), new_meter="none", new_multiplier=20, on=D1
    )
    assert late.doubts == ("READ_LATER", "UNKNOWN_METER")
    with pytest.raises(NotFound):
        queries.exchange_preview(
            WEST, usage_point="P4", removed=Registers(1), new_meter="M20", new_multiplier=20, on=D3
        )


def test_a_curve_is_told_by_day_with_its_gaps() -> None:
    rows = pl.DataFrame(
        {
            "installation_id": [make.installation("M1")] * 3,
            "day": [D2] * 3,
            "point": [0, 1, 95],
            "active_wh": [50, 60, 70],
        },
        schema_overrides={"point": pl.Int16, "active_wh": pl.Int32},
    )
    unit = organization.unit_id("BS-W")
    with ColumnStore() as store:
        frames.append_intervals(store, rows.to_arrow(), unit_id=unit, month=Month(2026, 1), at=make.AT)
    assert queries.curve_days(WEST, "M1", Month(2026, 1)) == (D2,)
    assert queries.curve_month(WEST, "M1", on=date(2026, 3, 31)) == Month(2026, 1)
    assert queries.curve_month(WEST, "M1", on=date(2026, 4, 1)) is None
    assert queries.curve_month(WEST, "M3", on=date(2026, 3, 31)) is None
    curve = queries.curve(WEST, "M1", D2)
    assert (len(curve), curve[:3], curve[95]) == (96, (50, 60, None), 70)
    assert queries.curve(EAST, "M1", D2) == ()
    assert queries.curve(WEST, "M1", D3) == ()
    (account, multiplier) = MeterInstallation.objects.filter(meter__asset_number="M1").values_list(
        "usage_point__account__account_number", "multiplier"
    )[0]  # fmt: skip
    used = accounts.curve_use(WEST, account, from_on=D1, to_on=D3)
    assert [(one.on, one.energy_ckwh, one.points) for one in used.days] == [(D2, 18 * multiplier, 3)]
    assert [(one.hour, one.energy_ckwh, one.points) for one in used.hours] == [
        (0, 11 * multiplier, 2), (23, 7 * multiplier, 1),
    ]  # fmt: skip
    assert accounts.curve_use(EAST, account, from_on=D1, to_on=D3) == accounts.CurveUse((), ())
    assert accounts.curve_use(WEST, account, from_on=D3, to_on=date(2026, 3, 1)).hours == ()


def test_pages_cost_few_queries() -> None:
    library = RuleLibrary.load(default_root())
    asked = [
        lambda: queries.sheet(WEST, "R1", Month(2026, 1), start=0, count=50, library=library),
        lambda: queries.meter_view(WEST, "M1"),
        lambda: queries.reader_day(COUNTY, on=D3),
        lambda: list(queries.routes_rows(COUNTY, Month(2026, 1))),
    ]
    for ask in asked:
        with CaptureQueriesContext(connection) as captured:
            ask()
        assert len(captured) <= 10
