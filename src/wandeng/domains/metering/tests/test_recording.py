from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.domains.metering import actions
from wandeng.domains.metering.frames import validation
from wandeng.domains.metering.models import Reading
from wandeng.domains.metering.tests import make
from wandeng.domains.metering.types import REGISTERS, HoldReason
from wandeng.infra.models import Delivery, Event
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db(transaction=True)
D1, D2, D3, D4 = date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)


@pytest.fixture
def _town() -> None:
    make.town()


def codes(recorded: actions.batches.RecordedReadings) -> list[tuple[int, str]]:
    return [(row["row"], row["code"]) for row in recorded.refused.to_pylist()]


@pytest.mark.usefixtures("_town")
def test_sound_readings_are_accepted_and_told_in_one_event() -> None:
    Delivery.objects.all().delete()
    Event.objects.all().delete()
    recorded = make.record(("M1", D1, 100), ("M1", D2, 200), ("M2", D2, 50))
    assert (recorded.accepted, recorded.held, recorded.unchanged, recorded.refused.num_rows) == (3, 0, 0, 0)
    ids = list(Reading.objects.filter(read_on__gt=make.HUNG_ON).order_by("pk").values_list("pk", flat=True))
    (event,) = Event.objects.all()
    assert event.name == "metering.ReadingsAccepted"
    assert json.loads(event.body) == {
        "first_id": ids[0], "last_id": ids[-1], "count": 3, "from_on": "2025-10-01", "to_on": "2025-11-01",
    }  # fmt: skip
    row = make.reading("M1", D2)
    assert (row.source, row.actor, row.received_at, row.is_current) == ("HEAD_END", "system", make.AT, True)


@pytest.mark.usefixtures("_town")
def test_the_same_batch_twice_changes_nothing() -> None:
    rows = [("M1", D1, 100), ("M1", D2, 90), ("M4", D1, 10, {"demand_e4": 5})]
    first = make.record(*rows)
    again = make.record(*rows)
    assert (first.accepted, first.held, first.unchanged) == (2, 1, 0)
    assert (again.accepted, again.held, again.unchanged, again.refused.num_rows) == (0, 0, 3, 0)
    assert Reading.objects.filter(read_on__gt=make.HUNG_ON).count() == 3


@pytest.mark.usefixtures("_town")
def test_a_later_different_value_is_refused_and_the_first_stands() -> None:
    make.record(("M1", D1, 100))
    again = make.record(("M1", D1, 101), ("M2", D1, 7))
    assert codes(again) == [(1, "DIFFERS")]
    assert again.refused.to_pylist()[0]["stored_ckwh"] == 10_000
    assert again.accepted == 1
    assert make.shown("M1") == [(D1, 100, "ACCEPTED", "")]


@pytest.mark.usefixtures("_town")
def test_a_register_that_differs_is_a_different_reading_though_the_total_agrees() -> None:
    make.record(("M3", D1, 100, {"peak_ckwh": 4_000, "valley_ckwh": 3_000}))
    again = make.record(("M3", D1, 100, {"peak_ckwh": 4_100, "valley_ckwh": 3_000}))
    assert codes(again) == [(1, "DIFFERS")]


@pytest.mark.usefixtures("_town")
def test_rows_without_sense_are_refused_and_the_others_go_on() -> None:
    recorded = make.record(
        ("nobody's", D1, 1),
        ("M1", date(2024, 12, 31), 1),
        ("M1", D1, 1),
        ("M1", D1, 2),
        ("M2", D1, -1),
    )
    assert codes(recorded) == [(1, "UNKNOWN_INSTALLATION"), (2, "NOT_HUNG"), (4, "TWICE"), (5, "NEGATIVE")]
    assert recorded.accepted == 1


@pytest.mark.usefixtures("_town")
def test_a_batch_of_unknown_meters_only_and_an_empty_one_store_nothing() -> None:
    assert codes(make.record(("nobody's", D1, 1))) == [(1, "UNKNOWN_INSTALLATION")]
    nothing = make.batch(("M1", D1, 1)).with_columns(installation_id=pl.lit(None, pl.Int64))
    recorded = actions.record_readings(
        batch=nothing.to_arrow(), source="MANUAL", limits=make.LIMITS, actor=SYSTEM, at=make.AT
    )
    assert codes(recorded) == [(1, "UNKNOWN_INSTALLATION")]
    empty = actions.record_readings(
        batch=nothing.clear().to_arrow(), source="MANUAL", limits=make.LIMITS, actor=SYSTEM, at=make.AT
    )
    assert (empty.accepted, empty.refused.num_rows) == (0, 0)


@pytest.mark.usefixtures("_town")
def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(InvalidInput):
        actions.record_readings(
            batch=make.batch(("M1", D1, 1)).to_arrow(), source="ESTIMATE", limits=make.LIMITS, actor=SYSTEM, at=make.AT
        )


@pytest.mark.usefixtures("_town")
def test_suspicious_readings_wait_with_their_reason() -> None:
    # M1 takes 100 kWh a month; M2 lies below its last; M3 forgets its periods; M6 claims a day to come
    make.record(
        ("M1", D1, 100), ("M1", D2, 200), ("M2", D2, 50), ("M3", D1, 90, {"peak_ckwh": 1_000, "valley_ckwh": 0})
    )
    make.record(
        ("M1", D3, 1_000),  # 800 kWh in 30 days against 100 in 31: × 8.27 and 703 above what was to be expected
        ("M2", D3, 49),
        ("M3", D2, 100),
        ("M6", date(2026, 3, 6), 5),
        ("M7", D1, 10, {"export_ckwh": 10_000 * 100 * 100}),
    )
    assert make.shown("M1")[-1] == (D3, 1_000, "HELD", HoldReason.JUMP)
    assert make.shown("M2")[-1] == (D3, 49, "HELD", HoldReason.LOWER_THAN_LAST)
    assert make.shown("M3")[-1] == (D2, 100, "HELD", HoldReason.PERIOD_MISSING)
    assert make.shown("M6")[-1] == (date(2026, 3, 6), 5, "HELD", HoldReason.FUTURE_DATE)
    assert make.shown("M7")[-1] == (D1, 10, "HELD", HoldReason.OVER_MODULUS)


@pytest.mark.usefixtures("_town")
def test_periods_that_advance_more_than_the_total_wait() -> None:
    make.record(("M3", D1, 100, {"peak_ckwh": 5_000, "valley_ckwh": 5_000}))
    make.record(("M3", D2, 150, {"peak_ckwh": 8_000, "valley_ckwh": 7_001}))  # 30.00 + 20.01 > 50
    make.record(("M3", D3, 160, {"peak_ckwh": 8_000, "valley_ckwh": 8_000}))  # 30 + 30 = 60 since D1
    assert [row[2:] for row in make.shown("M3")] == [
        ("ACCEPTED", ""),
        ("HELD", HoldReason.PERIODS_EXCEED_TOTAL),
        ("ACCEPTED", ""),
    ]


@pytest.mark.usefixtures("_town")
def test_a_reading_older_than_the_last_accepted_one_waits() -> None:
    make.record(("M1", D2, 200))
    make.record(("M1", D1, 100))
    assert make.shown("M1")[-1] == (D1, 100, "HELD", HoldReason.BEFORE_LAST)


@pytest.mark.usefixtures("_town")
def test_a_meter_that_rolls_over_is_believed_when_the_energy_is() -> None:
    # a six-digit meter: 999 950 → 30 is 80 kWh, as every month; M2 would have had to take 999 900
    make.record(("M1", D1, 999_870), ("M1", D2, 999_950), ("M2", D1, 100), ("M2", D2, 200))
    make.record(("M1", D3, 30), ("M2", D3, 100))
    assert make.shown("M1")[-1] == (D3, 30, "ACCEPTED", "")
    assert make.shown("M2")[-1] == (D3, 100, "HELD", HoldReason.LOWER_THAN_LAST)


@pytest.mark.usefixtures("_town")
def test_a_small_consumer_may_multiply_its_energy_below_the_floor() -> None:
    make.record(("M1", D1, 10), ("M1", D2, 20))
    make.record(("M1", D3, 500))  # × 49.6, but only 470 above the 9.68 to be expected: under 500
    make.record(("M1", D4, 10_000))  # × 20 and far above
    assert [row[2] for row in make.shown("M1")] == ["ACCEPTED", "ACCEPTED", "ACCEPTED", "HELD"]


@pytest.mark.usefixtures("_town")
def test_the_floor_counts_kwh_behind_the_multiplier() -> None:
    # M4 is × 20: 40 on its face is 800 kWh
    make.record(("M4", D1, 1), ("M4", D2, 2))
    make.record(("M4", D3, 42))
    assert make.shown("M4")[-1] == (D3, 42, "HELD", HoldReason.JUMP)


@pytest.mark.usefixtures("_town")
def test_one_wrong_month_does_not_condemn_the_next() -> None:
    make.record(("M1", D1, 100), ("M1", D2, 200))
    make.record(("M1", D3, 90_000), ("M1", D4, 400))
    assert [row[2] for row in make.shown("M1")] == ["ACCEPTED", "ACCEPTED", "HELD", "ACCEPTED"]


@pytest.mark.usefixtures("_town")
def test_history_older_than_the_look_back_still_counts() -> None:
    make.record(("M1", date(2025, 2, 1), 5_000))
    make.record(("M1", D4, 4_000))
    assert make.shown("M1")[-1] == (D4, 4_000, "HELD", HoldReason.LOWER_THAN_LAST)


@pytest.mark.usefixtures("_town")
def test_what_a_person_refused_does_not_come_back_as_news_but_a_true_value_does() -> None:
    make.record(("M1", D1, 100), ("M1", D2, 90))
    held = make.reading("M1", D2)
    actions.refuse_reading(reading_id=held.pk, actor=make.READER, at=make.AT, reason="抄错")
    again = make.record(("M1", D2, 90))
    assert (again.held, again.unchanged) == (0, 1)
    assert make.record(("M1", D2, 190)).accepted == 1


Series = st.lists(st.integers(0, 999_999), min_size=1, max_size=8)


@pytest.mark.parametrize("width", [1, 3])
@settings(max_examples=100)
@given(data=st.data())
def test_a_batch_is_judged_as_its_days_one_after_the_other(width: int, data: st.DataObject) -> None:
    series = [data.draw(Series) for _ in range(width)]
    rows = [
        {"installation_id": meter, "read_on": date(2025, 1 + month, 1), "total_ckwh": total * 100}
        for meter, totals in enumerate(series)
        for month, total in enumerate(totals)
    ]
    empty = {name: pl.lit(None, pl.Int64) for name in (*REGISTERS[1:], "demand_e4")}
    batch = pl.DataFrame(rows).with_columns(**empty, digits=pl.lit(6, pl.Int16), multiplier=pl.lit(1, pl.Int64))
    last = pl.DataFrame(schema={name: pl.Date if name == "read_on" else pl.Int64 for name in validation.LAST_COLUMNS})
    whole = validation.judge(batch, last, limits=make.LIMITS, today=date(2026, 3, 5))
    assert whole.sort("installation_id", "read_on")["hold_reason"].to_list() == [
        reason for totals in series for reason in _by_hand(totals)
    ]


def _by_hand(totals: list[int]) -> list[str]:
    """The same rules, one number after the other, in plain integers."""
    reasons: list[str] = []
    last: tuple[date, int] | None = None
    rate: tuple[int, int] | None = None
    for month, kwh in enumerate(totals):
        on, total = date(2025, 1 + month, 1), kwh * 100
        if last is None:
            last, reason = (on, total), ""
        else:
            days, fell = (on - last[0]).days, total < last[1]
            advance = total - last[1] + (10**8 if fell else 0)
            jumped = rate is not None and (
                advance * rate[1] > 5 * rate[0] * days and advance * rate[1] - rate[0] * days >= 50_000 * rate[1]
            )
            reason = ""
            if fell and (rate is None or jumped):
                reason = HoldReason.LOWER_THAN_LAST
            elif jumped:
                reason = HoldReason.JUMP
            else:
                last, rate = (on, total), (advance, days)
        reasons.append(reason)
    return reasons
