from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from wandeng.domains.metering import actions
from wandeng.domains.metering.tests import make
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def estimate(on: date, unit: str = "BS/BS-W/", **how: Any) -> dict[str, tuple[int | None, int]]:
    """Total and how many in a row, by meter."""
    made = actions.estimate_missing(
        unit_path=unit, read_on=on, method=how.pop("method", "average"), actor=SYSTEM, at=make.AT, **how
    )
    assets = {make.installation(asset): asset for _, asset, *_ in make.METERS}
    return {assets[row["installation_id"]]: (row["total_ckwh"], row["consecutive"]) for row in made.to_pylist()}


def test_an_average_carries_the_last_reading_on_at_the_rate_of_the_last_months() -> None:
    make.record(
        ("M1", date(2025, 8, 1), 700), ("M1", date(2025, 11, 1), 1_000), ("M1", date(2026, 2, 1), 1_184),
        ("M3", date(2026, 2, 1), 10, {"peak_ckwh": 500, "valley_ckwh": 100}),
    )  # fmt: skip
    made = estimate(date(2026, 3, 1))
    # M1: from 1 December back only the reading of 1 February: no pair, so no rate in three months
    assert made["M1"] == (None, 1)
    made = estimate(date(2026, 3, 1), months=6)
    # six months back to 1 September: 1 000 on 1 November → 1 184 on 1 February is 184 kWh in 92 days = 2 a day;
    # 28 days from 1 February: 1 184 + 56 = 1 240
    assert made["M1"] == (124_000, 1)
    row = make.reading("M1", date(2026, 3, 1))
    assert (row.source, row.state, row.demand_e4) == ("ESTIMATE", "ACCEPTED", None)


def test_every_register_is_carried_by_itself_and_halves_go_up() -> None:
    make.record(
        ("M3", date(2026, 1, 1), 100, {"peak_ckwh": 4_000, "valley_ckwh": 0}),
        ("M3", date(2026, 2, 1), 131, {"peak_ckwh": 4_031, "valley_ckwh": 0}),
    )
    estimate(date(2026, 3, 4))
    row = make.reading("M3", date(2026, 3, 4))
    # 31 days: total 1 kWh a day, peak 0.31/31 = 0.01 a day; 31 days more
    assert (row.total_ckwh, row.peak_ckwh, row.valley_ckwh, row.sharp_ckwh) == (16_200, 4_062, 0, None)


def test_an_estimate_rolls_over_where_the_meter_would() -> None:
    make.record(("M1", date(2026, 1, 1), 999_938), ("M1", date(2026, 2, 1), 999_969))
    assert estimate(date(2026, 3, 5))["M1"] == (100, 1)  # 999 969 + 32 = 1 000 001 on six digits


def test_estimates_in_a_row_are_counted_and_never_taken_for_true_readings() -> None:
    make.record(("M1", date(2025, 10, 1), 100), ("M1", date(2025, 11, 1), 131))
    assert estimate(date(2025, 12, 1))["M1"] == (16_100, 1)  # 1 a day × 30
    assert estimate(date(2026, 1, 1))["M1"] == (19_200, 2)  # from the estimate, at the true rate
    assert estimate(date(2026, 1, 1)).get("M1") is None  # nothing is missing any more
    make.record(("M1", date(2026, 2, 1), 250))
    make.record(("M1", date(2026, 2, 11), 260))
    assert estimate(date(2026, 2, 21), months=1)["M1"][1] == 1


def test_last_year_repeats_what_the_same_days_took() -> None:
    make.record(
        ("M1", date(2025, 2, 1), 1_000), ("M1", date(2025, 3, 1), 1_100), ("M1", date(2026, 2, 1), 5_000),
        ("M2", date(2025, 3, 1), 100), ("M2", date(2026, 2, 1), 200),
    )  # fmt: skip
    held = make.reading("M1", date(2026, 2, 1))
    if held.state == "HELD":
        actions.release_reading(reading_id=held.pk, actor=SYSTEM, at=make.AT, reason="核实")
    made = estimate(date(2026, 3, 1), method="last_year")
    assert made["M1"] == (510_000, 1)  # 5 000 + 100
    assert made["M2"] == (None, 1)  # no reading on 1 February 2025


def test_only_the_unit_is_estimated_and_only_days_that_have_come() -> None:
    make.record(("M6", date(2026, 1, 1), 10), ("M6", date(2026, 2, 1), 20))
    assert "M6" not in estimate(date(2026, 3, 1))
    # 10 kWh in 31 days: 28 days more are 9.03
    assert estimate(date(2026, 3, 1), unit="BS/BS-E/")["M6"] == (2_903, 1)
    with pytest.raises(InvalidInput):
        estimate(date(2026, 3, 6))
    with pytest.raises(InvalidInput):
        estimate(date(2026, 3, 1), months=0)
    with pytest.raises(NotFound):
        actions.estimate_missing(
            unit_path="BS/BS-E/", read_on=date(2026, 3, 1), method="average", actor=make.READER, at=make.AT
        )


def test_a_held_reading_is_not_missing() -> None:
    make.record(("M1", date(2026, 1, 1), 100), ("M1", date(2026, 2, 1), 131), ("M1", date(2026, 3, 1), 90))
    assert "M1" not in estimate(date(2026, 3, 1))
