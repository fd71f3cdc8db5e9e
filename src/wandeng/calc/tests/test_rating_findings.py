"""What parks an account, what only holds it, and what each finding says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from wandeng.calc.rating.frames import BasicMethod, FindingCode, Kind, LossMethod, Measure, Rated
from wandeng.calc.rating.shard import rate
from wandeng.calc.tests.rating_cases import Row, book, kwh, point, price, read, shard, term
from wandeng.kernel.periods import FAR_FUTURE

MID = date(2026, 6, 16)


def findings(rated: Rated) -> list[tuple[int, str]]:
    return [(row["usage_point_id"], row["code"]) for row in rated.findings.to_pylist()]


BLOCKING: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (FindingCode.MISSING_READING, {"total_end": None}, {}),
    (FindingCode.MISSING_READING, {"peak_start": 1}, {}),
    (FindingCode.MISSING_READING, {"to_on": date(2026, 6, 30)}, {}),
    (FindingCode.MISSING_READING, {}, {"pf_standard": 90}),
    (FindingCode.MULTIPLIER_MISSING, {"multiplier": None}, {}),
    (FindingCode.NEGATIVE, {"total_start": 20_000, "modulus_ckwh": None}, {}),
    (FindingCode.PERIODS_EXCEED_TOTAL, {"peak_start": 0, "peak_end": 10_001}, {}),
    (FindingCode.PARENT_MISSING, {"deducts_from_point": 99}, {}),
    (FindingCode.OVERFLOW, {"multiplier": 2**30}, {}),
    (FindingCode.NO_TERMS, {}, {"valid_to": date(2026, 6, 20)}),
    (FindingCode.NO_TERMS, {}, {"structure_id": None}),
    (FindingCode.NO_TERMS, {}, {"basic_method": BasicMethod.CAPACITY}),
    (FindingCode.DEMAND_MISSING, {}, {"basic_method": BasicMethod.ACTUAL_DEMAND}),
    (FindingCode.NO_RULE_IN_FORCE, {}, {"structure_id": 1}),
    (FindingCode.NO_RULE_IN_FORCE, {}, {"structure_id": 2}),
    (FindingCode.NO_RULE_IN_FORCE, {}, {"free_ckwh": 100}),
    (FindingCode.NO_RULE_IN_FORCE, {"export_start": 0, "export_end": 5}, {}),
]


@pytest.mark.parametrize("code, wrong_read, wrong_term", BLOCKING)
def test_what_cannot_be_priced_is_parked_and_the_others_go_on(code: str, wrong_read: Row, wrong_term: Row) -> None:
    prices = book(
        price("0.5"),
        price("0.5", structure_id=2, valid_to=date(2026, 6, 29)),
        *[price("20", kind=kind, measure=measure, item=2, structure_id=0)
          for kind, measure in ((Kind.CAPACITY, Measure.CAPACITY), (Kind.DEMAND, Measure.DEMAND))],
        price("0", kind=Kind.POWER_FACTOR, measure=Measure.PF_BASE, item=9),
    )  # fmt: skip
    rated = rate(
        shard(
            [point(1, 1), point(1, 2), point(2, 3)],
            [term(1, 1) | wrong_term, term(1, 2), term(2, 3)],
            [read(1, 1, end={"total": 100}) | wrong_read, read(1, 2, end={"total": 7}), read(2, 3, end={"total": 9})],
        ),
        prices,
    )
    assert (1, code) in findings(rated)
    for table in (rated.heads, rated.lines, rated.measured):
        assert set(table["account_id"].to_pylist()) == {2}


@pytest.mark.parametrize("wrong", [{"months": None}, {"tier_months": 0}, {"tier_base_ckwh": None}])
def test_a_point_that_does_not_know_its_place_on_the_tiers_is_parked(wrong: Row) -> None:
    rated = rate(shard([point() | wrong], [term()], [read(end={"total": 100})]), book(price("0.5")))
    assert findings(rated) == [(1, FindingCode.NO_TERMS)]
    assert rated.heads.num_rows == 0


def test_no_rule_in_force_names_the_first_day_without_one() -> None:
    gap = date(2026, 6, 29)
    rated = rate(shard([point()], [term()], [read(end={"total": 1})]), book(price("0.5", valid_to=gap)))
    assert rated.findings.to_pylist() == [
        {"account_id": 1, "usage_point_id": 1, "code": "NO_RULE_IN_FORCE", "found": 0, "limit": None, "on": gap}
    ]


def test_a_price_that_begins_on_the_last_day_of_the_old_one_leaves_no_gap() -> None:
    prices = book(price("0.5", valid_to=MID), price("0.6", valid_from=MID, valid_to=FAR_FUTURE))
    assert findings(rate(shard([point()], [term()], [read(end={"total": 1})]), prices)) == []


@pytest.mark.parametrize(
    "energy, columns, code",
    [
        (0, {"previous_ckwh": kwh(100)}, FindingCode.ZERO),
        (0, {"previous_ckwh": 0}, None),
        (1000, {"previous_ckwh": kwh(200)}, None),  # exactly five times
        (1001, {"previous_ckwh": kwh(200)}, FindingCode.JUMP),
        (500, {"previous_ckwh": kwh(1)}, None),  # 499 more than before: below the floor of 500
        (501, {"previous_ckwh": kwh(1)}, FindingCode.JUMP),
        (7200, {"contract_capacity_ckva": kwh(10)}, None),  # 10 kVA × 24 h × 30 d
        (7200.01, {"contract_capacity_ckva": kwh(10)}, FindingCode.OVER_CAPACITY),
    ],
)
def test_unlikely_figures_are_priced_and_wait_for_a_person(energy: float, columns: Row, code: str | None) -> None:
    def rated(**more: Any) -> Rated:
        return rate(shard([point(**columns, **more)], [term()], [read(end={"total": energy})]), book(price("0.5")))

    assert findings(rated()) == ([(1, code)] if code else [])
    assert rated().heads.num_rows == 1
    assert findings(rated(accepted=True)) == []


STILL = {"total": 1000, "reactive": 0, "reactive_export": 0}


@pytest.mark.parametrize(
    "registers, terms, code",
    [
        (STILL, {"pf_standard": 90}, FindingCode.NO_REACTIVE),
        (STILL, {"pf_standard": 90, "loss_method": LossMethod.AGREED, "loss_reactive_ckvarh": kwh(50)},
         FindingCode.NO_REACTIVE),  # what a transformer is said to lose does not move the register
        (STILL, {}, None),
        (STILL | {"reactive": 0.01}, {"pf_standard": 90}, None),
        (STILL | {"reactive_export": 7}, {"pf_standard": 90}, None),
        (STILL | {"total": 0}, {"pf_standard": 90}, None),
    ],
)  # fmt: skip
def test_a_reactive_register_that_stood_still_waits_for_a_person(registers: Row, terms: Row, code: str | None) -> None:
    def rated(**more: Any) -> Rated:
        prices = book(price("0.5"), price("0", kind=Kind.POWER_FACTOR, measure=Measure.PF_BASE, item=9))
        return rate(shard([point(**more)], [term(**terms)], [read(end=registers)]), prices)

    assert findings(rated()) == ([(1, code)] if code else [])
    assert [row["found"] for row in rated().findings.to_pylist()] == ([kwh(1000)] if code else [])
    assert rated().heads.num_rows == 1
    assert findings(rated(accepted=True)) == []


def test_a_product_that_would_wrap_is_a_finding() -> None:
    # 10^10 kWh × 10^7 yuan/kWh = 10^12 × 10^15 units, beyond 2^62.
    rated = rate(
        shard([point()], [term()], [read(end={"total": 6 * 10**6}, multiplier=16_000)]), book(price("9999999"))
    )
    assert findings(rated) == [(1, FindingCode.OVERFLOW)]
    assert rated.heads.num_rows == 0
