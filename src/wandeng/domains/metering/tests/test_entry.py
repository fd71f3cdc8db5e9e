from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.actions.entry import NotBelieved
from wandeng.domains.metering.models import Reading
from wandeng.domains.metering.tests import make
from wandeng.domains.metering.types import Entered, Registers
from wandeng.domains.network.models import UsagePoint
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.models import Delivery, Event, Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
D1, D2, D3 = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)
LIBRARY = RuleLibrary.load(default_root())
WEST = Scope("BS/BS-W/")


@pytest.fixture(autouse=True)
def _read_before() -> None:
    """M1 used 100 kWh in December."""
    make.town()
    make.record(("M1", D1, 1000), ("M1", D2, 1100), ("M3", D2, 500, {"peak_ckwh": 20_000, "valley_ckwh": 10_000}))
    Delivery.objects.all().delete()
    Event.objects.all().delete()


def enter(asset: str, total_ckwh: int, *, on: date = D3, reason: str = "录入更正", **others: int) -> Entered:
    return actions.enter_reading(
        installation_id=make.installation(asset),
        read_on=on,
        registers=Registers(total_ckwh, **others),
        library=LIBRARY,
        actor=make.READER,
        at=make.AT,
        reason=reason,
    )


def events() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("name", flat=True))


def test_a_sound_value_is_accepted_and_told() -> None:
    entered = enter("M1", 121_000)
    assert (entered.state, entered.hold_reason, entered.superseded) == ("ACCEPTED", "", None)
    row = make.reading("M1", D3)
    assert (row.total_ckwh, row.source, row.actor, row.received_at) == (121_000, "MANUAL", "reader-w", make.AT)
    assert events() == ["metering.ReadingsAccepted"]


def test_the_same_value_again_writes_nothing() -> None:
    first = enter("M1", 121_000)
    again = enter("M1", 121_000)
    assert (again.reading_id, again.unchanged) == (first.reading_id, True)
    assert Reading.objects.filter(read_on=D3).count() == 1


def test_a_slip_is_held_and_typing_again_takes_its_place() -> None:
    slip = enter("M1", 1_210_000)  # 11,000 kWh in a month of 100
    assert (slip.state, slip.hold_reason) == ("HELD", "JUMP")
    mended = enter("M1", 121_000)
    assert (mended.state, mended.superseded) == ("ACCEPTED", slip.reading_id)
    assert events() == ["metering.ReadingsAccepted"]
    old = Reading.objects.get(pk=slip.reading_id)
    assert (old.is_current, old.total_ckwh) == (False, 1_210_000)
    log = Operation.objects.get(action="reading.correct")
    assert (log.reason, log.unit_path) == ("录入更正", "BS/BS-W/")


def test_an_accepted_value_can_be_mended_by_a_sound_one_and_billing_hears_of_it() -> None:
    enter("M1", 121_000)
    enter("M1", 120_500)
    assert events() == ["metering.ReadingsAccepted", "metering.ReadingCorrected"]
    assert make.reading("M1", D3).total_ckwh == 120_500


def test_a_doubtful_value_never_takes_the_place_of_an_accepted_one() -> None:
    enter("M1", 121_000)
    with pytest.raises(NotBelieved, match="JUMP"):
        enter("M1", 1_210_000)
    assert make.reading("M1", D3).total_ckwh == 121_000


@pytest.mark.parametrize(
    ("total_ckwh", "reason"),
    [
        (109_900, "LOWER_THAN_LAST"),  # 1,099 after 1,100 kWh, far from any roll-over
        (110_000, "ZERO"),  # nothing in January after 100 kWh in December
        (1_500_000, "JUMP"),
    ],
)
def test_what_is_hard_to_believe_waits_with_its_reason(total_ckwh: int, reason: str) -> None:
    assert enter("M1", total_ckwh).hold_reason == reason


def test_more_than_the_contract_capacity_can_give_is_said_so() -> None:
    # 8 kVA × 24 h × 31 d = 5,952 kWh; 6,000 kWh cannot be, 5,900 is a jump only.
    UsagePoint.objects.filter(code="P1").update(contract_capacity_ckva=800)
    assert enter("M1", 110_000 + 600_000).hold_reason == "OVER_CAPACITY"
    assert enter("M1", 110_000 + 590_000).hold_reason == "JUMP"


def test_a_register_that_is_missing_waits() -> None:
    assert enter("M3", 60_000).hold_reason == "PERIOD_MISSING"
    assert enter("M3", 60_000, peak_ckwh=24_000, valley_ckwh=13_000).state == "ACCEPTED"


def test_a_meter_of_another_unit_a_wrong_day_and_too_many_digits_are_refused() -> None:
    with pytest.raises(NotFound):
        enter("M6", 100)
    with pytest.raises(InvalidInput, match="does not hang"):
        enter("M1", 100, on=make.HUNG_ON - timedelta(days=1))
    with pytest.raises(InvalidInput, match="digits"):
        enter("M1", 10**8)


def test_the_sheet_shows_meters_in_walk_order_with_what_is_to_be_expected() -> None:
    sheet = queries.sheet(WEST, "R1", Month(2026, 1), start=0, count=50, library=LIBRARY)
    assert sheet.route.read_on == D3
    assert [row.asset_number for row in sheet.rows] == ["M1", "M3", "M4", "M7", "M8", "M9"]
    first = sheet.rows[0]
    # 100 kWh in 31 days, and January has 31: 1,100 + 100 kWh.
    assert (first.asset_number, first.previous_on, first.expected_ckwh) == ("M1", D2, 120_000)
    # Held from five times as much, and at least 500 kWh above: 1,100 + 600 − 0.01 kWh is the last that is believed.
    assert first.most_ckwh == 110_000 + 59_999
    assert (first.reading, first.energy_ckwh) == (None, None)


def test_the_highest_face_on_the_sheet_is_the_last_that_is_believed() -> None:
    most = queries.sheet_row(WEST, make.installation("M1"), D3, library=LIBRARY).most_ckwh
    assert most is not None
    assert enter("M1", most + 1).hold_reason == "JUMP"
    assert enter("M1", most).state == "ACCEPTED"


def test_a_row_shows_what_stands_and_the_progress_grows() -> None:
    before = queries.progress(WEST, "R1", Month(2026, 1))
    enter("M1", 1_210_000)
    after = queries.progress(WEST, "R1", Month(2026, 1))
    assert (after.due, after.read, after.held) == (before.due, before.read + 1, before.held + 1)
    row = queries.sheet_row(WEST, make.installation("M1"), D3, library=LIBRARY)
    assert row.reading is not None
    assert (row.reading.state, row.reading.hold_reason, row.energy_ckwh) == ("HELD", "JUMP", 1_100_000)
    assert row.place == 0


def test_only_what_is_missing_is_shown_on_demand() -> None:
    enter("M1", 121_000)
    sheet = queries.sheet(WEST, "R1", Month(2026, 1), start=0, count=50, library=LIBRARY, only_missing=True)
    assert "M1" not in [row.asset_number for row in sheet.rows]
    assert sheet.count == sheet.progress.missing


def test_periods_are_registers_of_the_sheet() -> None:
    row = queries.sheet_row(WEST, make.installation("M3"), D3, library=LIBRARY)
    assert row.registers == ("total_ckwh", "peak_ckwh", "valley_ckwh")


def test_a_two_monthly_route_has_no_sheet_in_an_odd_month() -> None:
    east = Scope("BS/BS-E/")
    assert queries.sheet(east, "R2M", Month(2026, 1), start=0, count=50, library=LIBRARY).route.read_on is None
    assert queries.sheet(east, "R2M", Month(2026, 2), start=0, count=50, library=LIBRARY).route.read_on == date(
        2026, 3, 1
    )


def test_routes_are_listed_with_their_progress() -> None:
    enter("M1", 1_210_000)
    rows = {row["code"]: row for row in queries.routes_rows(Scope("BS/"), Month(2026, 1))}
    progress = queries.progress(WEST, "R1", Month(2026, 1))
    row = rows["R1"]
    assert (row["due_count"], row["read_count"], row["missing_count"], row["held_count"]) == (
        progress.due, progress.read, progress.missing, 1,
    )  # fmt: skip
    assert (row["read_on"], rows["R25"]["read_on"], rows["R2M"]["read_on"]) == (D3, date(2026, 1, 25), None)
    assert rows["R2M"]["due_count"] == 0
    assert set(rows) == {"R1", "R25", "R2M"}
    assert {row["code"] for row in queries.routes_rows(WEST, Month(2026, 1))} == {"R1", "R25"}


def test_a_readers_day_names_routes_whose_day_has_come_and_those_of_the_next_days() -> None:
    day = queries.reader_day(WEST, on=date(2026, 2, 23))
    assert [(due.route.code, due.route.read_on, due.progress.missing) for due in day.due] == [
        ("R1", D3, queries.progress(WEST, "R1", Month(2026, 1)).missing),
        ("R25", date(2026, 1, 25), 1),
    ]
    assert [(route.code, route.read_on) for route in day.soon] == [("R25", date(2026, 2, 25))]
    assert (day.held, day.rereads) == (0, 0)


def test_the_newest_month_to_read_is_the_one_whose_day_has_come() -> None:
    assert queries.last_month(1, 1, date(2026, 2, 1)) == Month(2026, 1)
    assert queries.last_month(25, 1, date(2026, 2, 24)) == Month(2026, 1)
    assert queries.last_month(1, 2, date(2026, 2, 28)) == Month(2025, 12)


def test_entry_works_at_the_time_it_is_told() -> None:
    later = datetime.combine(date(2026, 2, 2), make.AT.timetz())
    entered = actions.enter_reading(
        installation_id=make.installation("M1"), read_on=D3, registers=Registers(121_000), library=LIBRARY,
        actor=make.READER, at=later, reason="",
    )  # fmt: skip
    assert Reading.objects.get(pk=entered.reading_id).received_at == later
