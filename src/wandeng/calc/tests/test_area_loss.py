"""A day's losses of areas: the arithmetic beside that of one area, each reason and each hint."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc import line_loss
from wandeng.calc.area_loss import AREAS, POINTS, LossBands, area_losses, relation

BANDS = LossBands(700, 1000, -100, 9500, 500, 24, ratios_e4=(5000, 20_000), ratio_tolerance_e4=800)


def _point(kind: str, energy: int | None, **other: Any) -> dict[str, Any]:
    row = {"transformer_id": 1, "usage_point_id": 10, "kind": kind, "is_new": False, "is_gone": False,
           "energy_ckwh": energy, "export_ckwh": None, "is_timed": True, "has_ratio": True}  # fmt: skip
    return row | other


def _day(*points: dict[str, Any], capacity: int = 40_000, before: int | None = None) -> dict[str, Any]:
    areas = pl.DataFrame([{"transformer_id": 1, "capacity_ckva": capacity, "relation_before": before}], schema=AREAS)
    (row,) = area_losses(areas, pl.DataFrame(list(points), schema=POINTS), BANDS).to_dicts()
    return row


@pytest.mark.parametrize(
    ("sold", "status", "rate"),
    [
        (9500, "NORMAL", 500),
        (9300, "NORMAL", 700),  # 7 % is still normal
        (9299, "HIGH", 701),
        (8999, "VERY_HIGH", 1001),
        (10100, "NORMAL", -100),
        (10101, "NEGATIVE", -101),
    ],
)
def test_a_rate_falls_into_its_band(sold: int, status: str, rate: int) -> None:
    row = _day(_point("SUPPLY", 10_000), _point("LOAD", sold))
    assert (row["status"], row["rate_e4"], row["reason"]) == (status, rate, "")


def test_what_is_fed_in_behind_the_supply_meter_is_supply() -> None:
    # 100 kWh in, 20 back to the grid, 30 from roofs, 105 sold: 110 supplied, 5 lost.
    row = _day(
        _point("SUPPLY", 10_000, export_ckwh=2_000),
        _point("FEED_IN", 0, export_ckwh=3_000, usage_point_id=11),
        _point("LOAD", 10_500),
    )
    assert (row["supplied_ckwh"], row["fed_ckwh"], row["loss_ckwh"]) == (11_000, 3_000, 500)
    assert row["hints"] == "FEED_IN"


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([_point("LOAD", 1)], "NO_SUPPLY_METER"),
        ([_point("SUPPLY", 1)], "NO_CUSTOMER"),
        ([_point("SUPPLY", None, has_ratio=False), _point("LOAD", 1)], "RATIO_UNKNOWN"),
        ([_point("SUPPLY", None), _point("LOAD", 1)], "SUPPLY_UNREAD"),
        ([_point("SUPPLY", 100), _point("LOAD", 95), _point("FEED_IN", 0)], "FEED_IN_UNREAD"),
        ([_point("SUPPLY", 100), *[_point("LOAD", 5)] * 18, *[_point("LOAD", None)]], "COLLECTION_LOW"),  # 18 of 19
        ([_point("SUPPLY", 100, is_timed=False), _point("LOAD", 95)], "TIMES_NOT_ALIGNED"),
        ([_point("SUPPLY", 100), _point("LOAD", 90), _point("LOAD", 5, is_timed=False)], "TIMES_NOT_ALIGNED"),
        ([_point("SUPPLY", 960_001), _point("LOAD", 95)], "OVER_CAPACITY"),  # 400 kVA × 24 h
        ([_point("SUPPLY", 0), _point("LOAD", 0)], "NOTHING_SUPPLIED"),
    ],
)
def test_what_cannot_be_computed_says_why(points: list[dict[str, Any]], reason: str) -> None:
    row = _day(*points)
    assert (row["status"], row["reason"]) == ("NOT_COMPUTABLE", reason)
    assert row["rate_e4"] is None
    assert row["loss_ckwh"] is None


def test_a_point_that_came_from_another_area_makes_the_day_incomparable() -> None:
    load, other = _point("LOAD", 95, usage_point_id=10), _point("LOAD", 0, usage_point_id=11)
    alone = pl.select(relation(pl.Series([10]))).item()
    supply = _point("SUPPLY", 100, usage_point_id=1)
    assert _day(supply, load, before=alone)["reason"] == ""
    assert _day(supply, load, other, before=alone)["reason"] == "RELATION_CHANGED"


def test_a_point_connected_or_taken_away_this_day_is_no_change_of_the_relation() -> None:
    supply, load = _point("SUPPLY", 100, usage_point_id=1), _point("LOAD", 95)
    was = pl.select(relation(pl.Series([10, 12]))).item()
    gone = _point("LOAD", None, usage_point_id=12, is_gone=True)
    new = _point("LOAD", 1, usage_point_id=13, is_new=True)
    row = _day(supply, load, gone, new, before=was)
    assert row["reason"] == ""
    assert row["points"] == 2
    assert row["relation"] == pl.select(relation(pl.Series([13, 10]))).item()


def test_a_loss_of_half_of_what_is_supplied_looks_like_a_current_transformer() -> None:
    assert _day(_point("SUPPLY", 10_000), _point("LOAD", 4_800))["hints"] == "RATIO_SUSPECT"
    assert _day(_point("SUPPLY", 10_000), _point("LOAD", 8_000))["hints"] == ""


def test_missing_meters_within_the_rule_are_told_beside_the_rate() -> None:
    row = _day(_point("SUPPLY", 100), *[_point("LOAD", 5)] * 19, _point("LOAD", None))
    assert (row["status"], row["points"], row["read"], row["hints"]) == ("NORMAL", 20, 19, "METERS_MISSING")


def test_an_area_without_any_point_has_a_row() -> None:
    row = _day(_point("LOAD", 1, transformer_id=2))
    assert (row["reason"], row["points"]) == ("NO_SUPPLY_METER", 0)


@given(st.integers(1, 10**9), st.integers(0, 10**8), st.integers(0, 10**8), st.lists(st.integers(0, 10**8), min_size=1))
def test_the_columns_say_what_the_arithmetic_of_one_area_says(
    through: int, back: int, fed: int, used: list[int]
) -> None:
    supply = _point("SUPPLY", through + back, export_ckwh=back)
    row = area_losses(
        pl.DataFrame([{"transformer_id": 1, "capacity_ckva": 0, "relation_before": None}], schema=AREAS),
        pl.DataFrame(
            [supply, _point("FEED_IN", 0, export_ckwh=fed), *[_point("LOAD", one) for one in used]], schema=POINTS
        ),
        replace(BANDS),
    ).to_dicts()[0]
    loss = line_loss.area_loss(Fraction(through + back), Fraction(back), Fraction(fed), [Fraction(one) for one in used])
    assert row["loss_ckwh"] == loss.lost
    assert abs(Fraction(row["rate_e4"]) - loss.rate * 10_000) <= Fraction(1, 2)
