from __future__ import annotations

import pytest

from wandeng.domains.billing import gate
from wandeng.domains.billing.rules import GateLimits
from wandeng.domains.billing.types import Supply, Totals

LIMITS = GateLimits(
    moved_share_e4=50, supply_loss_share_e4=1000, supply_gain_share_e4=100, bill_limit_fen=100_00, lines_limit=30,
    path="national/bill_checks/x.toml",
)  # fmt: skip


def codes(run: Totals, supply: Supply | None = None) -> list[str]:
    return [finding.code for finding in gate.findings(run, LIMITS, supply) if finding.halts]


@pytest.mark.parametrize(("moved", "found"), [(5, []), (6, ["MOVED_SHARE"])])
def test_more_than_half_a_percent_of_moved_accounts_halts(moved: int, found: list[str]) -> None:
    assert codes(Totals(accounts=1000, moved=moved)) == found


@pytest.mark.parametrize(("largest", "found"), [(100_00, []), (100_01, ["BILL_LIMIT"])])
def test_a_bill_above_the_limit_halts(largest: int, found: list[str]) -> None:
    assert codes(Totals(largest_fen=largest)) == found


@pytest.mark.parametrize(("lines", "found"), [(30, []), (31, ["LINES_LIMIT"])])
def test_a_bill_with_too_many_lines_halts(lines: int, found: list[str]) -> None:
    assert codes(Totals(most_lines=lines)) == found


@pytest.mark.parametrize(
    ("billed", "found"), [(9_000, []), (8_999, ["SUPPLY_LOSS"]), (10_100, []), (10_101, ["SUPPLY_GAIN"])]
)
def test_energy_outside_the_band_around_the_master_meters_halts(billed: int, found: list[str]) -> None:
    # 10 % may be lost on the way, 1 % more than supplied may be an error of the meters.
    assert codes(Totals(), Supply(10_000, billed, areas=3, areas_unknown=0)) == found


def test_areas_that_cannot_be_compared_are_told_and_do_not_halt() -> None:
    found = gate.findings(Totals(), LIMITS, Supply(0, 0, areas=3, areas_unknown=3))
    assert [(one.code, one.found, one.halts) for one in found] == [("SUPPLY_UNKNOWN", "3 of 3 areas", False)]


def test_an_empty_run_passes() -> None:
    assert codes(Totals()) == []


def test_totals_add_up_item_by_item_and_keep_the_extremes() -> None:
    one = Totals(accounts=2, amount_fen=5, largest_fen=4, most_lines=1, revenue={"A": 1}, codes={"ZERO": 1})
    two = Totals(accounts=3, amount_fen=-2, largest_fen=9, most_lines=7, revenue={"A": 2, "B": 1}, codes={"JUMP": 2})
    assert one + two == Totals(
        accounts=5, amount_fen=3, largest_fen=9, most_lines=7, revenue={"A": 3, "B": 1}, codes={"JUMP": 2, "ZERO": 1}
    )
