from __future__ import annotations

import json
from datetime import date

import pytest

from wandeng.domains.metering import actions
from wandeng.domains.metering.actions.meters import Hanging
from wandeng.domains.metering.models import Meter, MeterInstallation
from wandeng.domains.metering.tests import make
from wandeng.domains.metering.types import Ratio, Registers
from wandeng.infra.models import Delivery, Event, StateChange
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
ON = date(2026, 2, 10)
EAST = Actor("reader-e", unit_path="BS/BS-E/", roles=frozenset({"METER_READER"}))


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()
    make.record(("M1", date(2026, 2, 1), 1_000))


def exchange(removed: int = 1_100, on: date = ON, new: str = "M20", actor: Actor = SYSTEM) -> int:
    return actions.exchange_meter(
        usage_point="P1", removed_reading=Registers(removed * 100), new_meter=new, new_multiplier=2000,
        new_ratio=Ratio(100, 5, 10_000, 100), start_reading=Registers(500), on=on, actor=actor, at=make.AT,
        reason="轮换",
    )  # fmt: skip


def test_an_exchange_ends_one_installation_and_begins_another_on_the_same_day() -> None:
    new = exchange()
    old = MeterInstallation.objects.get(meter__asset_number="M1")
    begun = MeterInstallation.objects.get(pk=new)
    assert (old.removed_on, begun.installed_on, begun.removed_on) == (ON, ON, None)
    assert (begun.multiplier, begun.pt_primary_v, begun.route.code) == (2000, 10_000, "R1")
    last, first = make.reading("M1", ON), make.reading("M20", ON)
    assert (last.total_ckwh, last.source, first.total_ckwh, first.source) == (110_000, "REMOVAL", 500, "INSTALLATION")
    assert [Meter.objects.get(asset_number=asset).state for asset in ("M1", "M20")] == ["REMOVED", "INSTALLED"]
    body = json.loads(Event.objects.get(name="metering.MeterExchanged").body)
    assert (body["removed_installation_id"], body["new_installation_id"], body["on"]) == (old.pk, new, "2026-02-10")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"removed": 999}, InvalidInput),  # below the last reading
        ({"on": date(2026, 3, 6)}, InvalidInput),  # to come
        ({"on": make.HUNG_ON}, InvalidInput),  # the day it was hung
        ({"on": date(2026, 1, 31)}, Conflict),  # it was read later
        ({"on": date(2026, 2, 1)}, Conflict),  # it showed another value that day
        ({"new": "M2"}, MoveRefused),  # hangs elsewhere
        ({"new": "nobody's"}, NotFound),
        ({"actor": EAST}, NotFound),
    ],
)
def test_an_exchange_that_cannot_be_true_leaves_everything_as_it_was(
    given: dict[str, object], refusal: type[Exception]
) -> None:
    Delivery.objects.all().delete()
    Event.objects.all().delete()
    with pytest.raises(refusal):
        exchange(**given)  # type: ignore[arg-type]
    assert MeterInstallation.objects.get(meter__asset_number="M1").removed_on is None
    assert Meter.objects.get(asset_number="M20").state == "IN_STOCK"
    assert not Event.objects.exists()


def test_a_reading_already_taken_on_the_day_serves_as_the_last_one() -> None:
    make.record(("M1", ON, 1_100))
    exchange()
    assert make.reading("M1", ON).source == "HEAD_END"


def test_a_meter_that_rolled_over_may_come_down_below_its_last_reading() -> None:
    make.record(("M1", date(2026, 2, 3), 999_990))
    held = make.reading("M1", date(2026, 2, 3))
    actions.release_reading(reading_id=held.pk, actor=SYSTEM, at=make.AT, reason="现场核实")
    exchange(removed=30)
    assert make.reading("M1", ON).total_ckwh == 3_000


def test_a_removed_meter_hangs_again_only_after_a_test_it_passed() -> None:
    actions.remove_meter(
        usage_point="P1", removed_reading=Registers(110_000), on=ON, actor=SYSTEM, at=make.AT, reason="拆表"
    )

    def hang() -> None:
        actions.install_meter(
            usage_point="P1", asset_number="M1", start_reading=Registers(110_000), on=date(2026, 3, 1),
            hanging=Hanging(1), actor=SYSTEM, at=make.AT,
        )  # fmt: skip

    with pytest.raises(MoveRefused):
        hang()
    for passed in (False, True):
        actions.record_test(
            asset_number="M1", tested_on=date(2026, 2, 20), error_e4=-250, passed=passed, actor=SYSTEM, at=make.AT
        )
        assert Meter.objects.get(asset_number="M1").state == ("IN_STOCK" if passed else "REMOVED")
    hang()
    tested = [json.loads(event.body) for event in Event.objects.filter(name="metering.MeterTested").order_by("pk")]
    assert [(body["error_e4"], body["passed"]) for body in tested] == [(-250, False), (-250, True)]
    moves = StateChange.objects.filter(
        subject_type="metering.Meter", subject_id=Meter.objects.get(asset_number="M1").pk
    )
    assert list(moves.order_by("pk").values_list("move", flat=True)) == ["install", "remove", "restock", "install"]


def test_a_point_has_one_meter_and_none_before_the_last_came_down() -> None:
    def hang(on: date) -> None:
        actions.install_meter(
            usage_point="P1", asset_number="M21", start_reading=Registers(0), on=on, hanging=Hanging(1),
            actor=SYSTEM, at=make.AT,
        )  # fmt: skip

    with pytest.raises(Conflict):
        hang(ON)
    actions.remove_meter(
        usage_point="P1", removed_reading=Registers(110_000), on=ON, actor=SYSTEM, at=make.AT, reason="拆表"
    )
    with pytest.raises(InvalidInput):
        hang(date(2026, 2, 9))
    hang(ON)


def test_a_hanging_meter_is_not_scrapped_and_one_in_stock_is() -> None:
    with pytest.raises(MoveRefused):
        actions.scrap_meter(asset_number="M1", actor=SYSTEM, at=make.AT, reason="x")
    actions.scrap_meter(asset_number="M21", actor=SYSTEM, at=make.AT, reason="损坏")
    assert Meter.objects.get(asset_number="M21").state == "SCRAPPED"


@pytest.mark.parametrize("ratio", [Ratio(100, 5), Ratio(100, None), Ratio(100, 7), Ratio(100, 5, 0, 100)])
def test_a_multiplier_that_its_transformers_do_not_make_is_refused(ratio: Ratio) -> None:
    with pytest.raises(InvalidInput):
        Hanging(2000, ratio)


def test_a_multiplier_is_the_product_of_both_ratios() -> None:
    assert Ratio(100, 5, 10_000, 100).multiplier == 2_000  # 20 × 100
    assert (Ratio(100, 5).multiplier, Ratio().multiplier) == (20, 1)


def test_registers_never_show_less_than_nothing() -> None:
    with pytest.raises(InvalidInput):
        Registers(1, peak_ckwh=-1)
