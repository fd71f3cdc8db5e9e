"""Reliability: published pairs, the IEEE 1366 sample circuit, and that the pairs are inverse."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc import reliability
from wandeng.calc.reliability import Interruption, Served
from wandeng.kernel.errors import InvalidInput


def percent(share: Fraction) -> Fraction:
    return round(share * 100, 3)


@pytest.mark.parametrize(
    "saidi_hours, from_on, to_on, hours, asai_percent",
    [
        ("7.83", date(2023, 1, 1), date(2024, 1, 1), 8760, "99.911"),  # WE-22, the nation in 2023
        ("3.58", date(2018, 1, 1), date(2018, 7, 1), 4344, "99.918"),  # WE-22, 52 cities, first half of 2018
        ("9.10", date(2022, 1, 1), date(2023, 1, 1), 8760, "99.896"),
        ("11.87", date(2020, 1, 1), date(2021, 1, 1), 8784, "99.865"),  # a leap year
    ],
)
def test_published_hours_give_the_published_reliability(saidi_hours, from_on, to_on, hours, asai_percent):
    assert reliability.period_hours(from_on, to_on) == hours
    assert percent(reliability.asai_from_saidi(Fraction(saidi_hours), hours)) == Fraction(asai_percent)


def test_the_pair_of_2021_agrees_within_the_rounding_of_its_hours():
    # published 99.872 % and 11.26 h: 11.26 gives 99.8715 (→ 99.871), 11.255 before its rounding gives 99.872
    assert percent(reliability.asai_from_saidi(Fraction("11.26"), 8760)) == Fraction("99.871")
    assert percent(reliability.asai_from_saidi(Fraction("11.255"), 8760)) == Fraction("99.872")


def test_the_hours_of_2022_over_its_frequency_are_the_average_duration():
    # 9.10 h / 2.61 times = 3.4866 h
    caidi = reliability.caidi(Fraction("9.10"), Fraction("2.61"))
    assert round(caidi, 4) == Fraction("3.4866")
    assert reliability.saifi_from_caidi(Fraction("9.10"), caidi) == Fraction("2.61")


EVENTS = [
    Interruption(Fraction(minutes), customers, Fraction(kva))
    for minutes, customers, kva in [
        ("8.17", 200, 800),
        ("71.3", 600, 1800),
        ("30.3", 25, 75),
        ("267.2", 90, 500),
        ("120", 700, 2100),
        ("10", 1500, 3000),
        ("40", 100, 200),
        ("0.5", 300, 600),
        ("1.0", 400, 800),
    ]
]


@pytest.mark.parametrize("sustained_minutes", [3, 5])
def test_the_ieee_1366_sample_circuit_gives_its_published_indices(sustained_minutes):
    served = Served(2_000, Fraction(4_000), 1_800)
    found = reliability.indices(EVENTS, served, 8760, Fraction(sustained_minutes))
    assert found.saifi == Fraction("1.6075")
    assert round(found.saidi_minutes, 2) == Fraction("86.11")
    assert round(found.caidi_minutes, 2) == Fraction("53.57")
    assert round(found.ctaidi_minutes, 2) == Fraction("95.68")
    assert round(found.caifi, 2) == Fraction("1.79")
    assert round(found.asai, 6) == Fraction("0.999836")
    assert found.asifi == Fraction("2.11875")
    assert round(found.asidi_minutes, 3) == Fraction("140.187")
    assert found.maifi == Fraction(700, 2_000)  # the two momentary events and nothing else


def test_an_unknown_base_gives_no_index_instead_of_a_wrong_one():
    found = reliability.indices([Interruption(Fraction(60), 10)], Served(100, Fraction(500)), 24, Fraction(3))
    assert (found.asifi, found.asidi_minutes, found.caifi, found.ctaidi_minutes) == (None, None, None, None)
    assert found.asai == 1 - Fraction(10, 100 * 24)
    quiet = reliability.indices([], Served(100), 24, Fraction(3))
    assert (quiet.saifi, quiet.caidi_minutes, quiet.asai) == (0, None, 1)


def test_rationing_counts_by_the_power_that_was_missing():
    assert reliability.rationing_equivalent(Fraction(8), Fraction(60), Fraction(80)) == 2  # 8 h × (1 − 60/80)
    with pytest.raises(InvalidInput):
        reliability.rationing_equivalent(Fraction(8), Fraction(90), Fraction(80))


@pytest.mark.parametrize(
    "call",
    [
        lambda: reliability.asai_from_saidi(Fraction(25), 24),
        lambda: reliability.saidi_from_asai(Fraction(101, 100), 24),
        lambda: reliability.asai_from_saidi(Fraction(0), 0),
        lambda: reliability.caidi(Fraction(1), Fraction(0)),
        lambda: reliability.saifi_from_caidi(Fraction(1), Fraction(0)),
        lambda: reliability.indices([], Served(0), 24, Fraction(3)),
        lambda: reliability.indices([Interruption(Fraction(9), 11)], Served(10), 24, Fraction(3)),
        lambda: reliability.indices([], Served(10, None, 11), 24, Fraction(3)),
    ],
)
def test_impossible_values_are_refused(call):
    with pytest.raises(InvalidInput):
        call()


@given(st.integers(1, 10_000), st.fractions(0, 1))
@settings(deadline=None, derandomize=True)
def test_reliability_and_hours_are_inverse(hours, share):
    saidi = share * hours
    assert reliability.saidi_from_asai(reliability.asai_from_saidi(saidi, hours), hours) == saidi
    assert reliability.asai_from_saidi(reliability.saidi_from_asai(share, hours), hours) == share
