"""A meter that stays while the account behind it changes; and what was drawn at most."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.kits import bill_world as world

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.models import MeterInstallation, Reading
from wandeng.domains.metering.types import Registers
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 16, 2, 0, tzinfo=UTC)
CLERK = Actor("clerk", unit_path="c01/", roles=frozenset({"CELL_MANAGER"}))
SEP1, SEP16 = date(2026, 9, 1), date(2026, 9, 16)


@pytest.fixture(autouse=True)
def _two_accounts() -> None:
    world.found()
    world.add_account("1", total={SEP1: 100}, multiplier=30)
    other = world.add_account("2", total={})
    MeterInstallation.objects.filter(pk=other.installation_id).delete()


def hand(kwh: int = 180, on: date = SEP16, to: str = "P2") -> None:
    actions.hand_over_meter(usage_point="P1", to_usage_point=to, reading=Registers(kwh * 100), on=on, actor=CLERK, at=AT,
                            reason="过户")  # fmt: skip


def test_one_reading_ends_one_place_and_begins_the_other() -> None:
    hand()
    old, new = MeterInstallation.objects.order_by("installed_on", "id")
    assert (old.removed_on, new.installed_on, new.meter_id, new.multiplier, new.route_id) == (
        SEP16, SEP16, old.meter_id, 30, old.route_id,
    )  # fmt: skip
    assert new.meter.state == "INSTALLED"
    shown = Reading.objects.filter(read_on=SEP16).order_by("installation_id")
    assert [(one.installation_id, one.total_ckwh, one.source) for one in shown] == [
        (old.pk, 180_00, "REMOVAL"), (new.pk, 180_00, "INSTALLATION"),
    ]  # fmt: skip
    with pytest.raises(NotFound, match="no meter hangs"):
        hand()


def test_a_reading_below_the_last_or_of_a_day_to_come_hands_nothing_over() -> None:
    with pytest.raises(InvalidInput, match="cannot come down"):
        hand(90)
    with pytest.raises(InvalidInput, match="yet to come"):
        hand(on=date(2026, 9, 17))
    with pytest.raises(InvalidInput, match="as early as"):
        hand(on=world.OPENED)
    with pytest.raises(Conflict, match="hangs at P1 already"):
        hand(to="P1")
    assert MeterInstallation.objects.get().removed_on is None


def test_the_highest_demand_is_that_behind_the_multiplier() -> None:
    row = MeterInstallation.objects.get()
    for day, demand in ((date(2026, 7, 1), 90_000), (SEP16, 51_234)):
        Reading.objects.create(id=9_000 + day.month, installation=row, read_on=day, total_ckwh=1, demand_e4=demand,
                               source="HEAD_END", received_at=AT, actor="x")  # fmt: skip
    # 5.1234 kW × 30 = 153.70 kW (153.702 rounded); July lies before.
    assert queries.highest_demand([row.usage_point_id], since=date(2026, 8, 1)) == {row.usage_point_id: 153_70}
    assert queries.route_behind("T-c01") == "R-c01"
    assert queries.meter_at("P1").multiplier == 30
    assert queries.meter_at("P2") is None
    assert (queries.state_of_meter("M1"), queries.state_of_meter("M-none")) == ("INSTALLED", "")
