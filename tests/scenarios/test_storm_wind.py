"""A night of wind: meters gasp before anybody rings, a switch is judged, confirmed and told of; the tie feeds what it can, a
generator goes to whoever cannot wait, areas come back one after the other, and the count of the year knows all of it."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from tests.kits import storm_world as storm

from wandeng.calc.probable_device import Device
from wandeng.domains.cases.models import RepairIncident
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.emergency.actions import estimates, faults, generators, storms
from wandeng.domains.emergency.models import RestorationEstimate
from wandeng.domains.emergency.queries import announcing, board, probable
from wandeng.domains.emergency.queries import estimates as expected
from wandeng.domains.emergency.types import Confidence, EstimateSource, Told
from wandeng.domains.network.models import PowerTransformer
from wandeng.domains.reliability import queries as reliability
from wandeng.flows import storms as flow
from wandeng.flows.storms import SupplyGiven
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound

SCOPE = Scope("c01/")


def terminals(at: datetime, *codes: str, off: bool = True) -> list[SupplyGiven]:
    return [SupplyGiven(f"{code}-{off}-{at:%H%M%S}", Told.TERMINAL, code, off, at) for code in codes]


def tell(charter: Charter, events: list[SupplyGiven], at: datetime) -> tuple[int, int]:
    found = flow.take_in(source="HES", events_=events, actor=make.actor("DISPATCHER"), at=at, charter=charter)
    return found.written, found.known


@pytest.mark.timeout(300)
def test_a_night_of_wind(transactional_db: None) -> None:
    charter = storm.build()
    dispatcher = make.actor("DISPATCHER")
    storms.begin(unit_code="c01", reason="台风红色预警", actor=dispatcher, at=storm.NIGHT, library=charter.rules)
    told = announcing.announcement("c01/")
    assert told is not None
    assert "恶劣天气" in told.text

    # In a storm one call makes an incident of its transformer.
    storm.call(charter, "A1-01", at=storm.after(1))
    assert list(RepairIncident.objects.values_list("level", "transformer__code")) == [("TRANSFORMER", "TA1")]

    # The terminals behind the section switch of line B gasp; the upper ones are lit. Told twice, late and mixed: the same.
    dark = terminals(storm.after(2), "TB4", "TB5", "TB6")
    lit = terminals(storm.after(2), "TB1", "TB2", "TB3", off=False)
    assert tell(charter, [*dark[1:], *lit], storm.after(3)) == (5, 0)
    assert tell(charter, [*lit, *dark], storm.after(6)) == (1, 5)
    found = probable.judgement(SCOPE, now=storm.after(8), library=charter.rules)
    first = found.devices[0]
    assert (first.kind, first.device_code, first.confidence) == (Device.SWITCH, "KB2", Confidence.HIGH)
    assert (first.areas, first.dark, first.lit_beside, first.customers) == (3, 3, 3, 36)
    assert [one.device_code for one in found.devices[1:]] == ["TA1"]

    number = faults.confirm(kind=Device.SWITCH, code="KB2", actor=dispatcher, at=storm.after(9), charter=charter)
    shown = reliability.interruption(SCOPE, f"GZ{number}")
    assert (shown.off_at, shown.areas, shown.customers, shown.belongs_to) == (
        storm.after(2), 3, 36, f"cases.incident:{number}",
    )  # fmt: skip
    with pytest.raises(NotFound):
        faults.confirm(kind=Device.SWITCH, code="KB1", actor=dispatcher, at=storm.after(9), charter=charter)

    # Nobody has said anything and the county has no history: nobody can say.
    rows = expected.by_area(now=storm.after(10), library=charter.rules)
    behind = set(PowerTransformer.objects.filter(code__in=["TB4", "TB5", "TB6"]).values_list("pk", flat=True))
    mine = rows.filter(pl.col("event") == f"cases.incident:{number}")
    assert set(mine["area"].to_list()) == behind
    assert mine["until"].null_count() == 3
    estimates.say(incident=number, expected_at=storm.after(120), actor=dispatcher, at=storm.after(11), charter=charter)
    estimates.say(incident=number, expected_at=storm.after(180), source=EstimateSource.CREW, reason="杆已断",
                  actor=dispatcher, at=storm.after(30), charter=charter)  # fmt: skip
    history = expected.history(SCOPE, number, now=storm.after(31))
    assert [(one.expected_at, one.source) for one in history] == [
        (storm.after(120), EstimateSource.DISPATCHER), (storm.after(180), EstimateSource.CREW),
    ]  # fmt: skip
    rows = expected.by_area(behind, now=storm.after(31), library=charter.rules)
    assert set(rows["source"].to_list()) == {"CREW"}

    generator_goes(charter)

    # Two areas come back through meters' own word, the third by hand.
    tell(charter, terminals(storm.after(60), "TB4", "TB5", off=False), storm.after(64))
    steps = {one.transformer_code: one.on_at for one in reliability.interruption(SCOPE, f"GZ{number}").steps}
    assert steps == {"TB4": storm.after(60), "TB5": storm.after(60), "TB6": None}
    left = expected.by_area(behind, now=storm.after(65), library=charter.rules)
    assert left["area"].to_list() == [PowerTransformer.objects.get(code="TB6").pk]
    faults.restore(incident=number, areas=None, on_at=storm.after(90), actor=dispatcher, at=storm.after(91))
    assert reliability.interruption(SCOPE, f"GZ{number}").on_at == storm.after(90)
    now = probable.judgement(SCOPE, now=storm.after(95), library=charter.rules)
    assert [one.device_code for one in now.devices] == ["TA1"]

    seen = board.board(SCOPE, since=storm.NIGHT, now=storm.after(100))
    assert [(one.customers_off, one.restored, one.standing_off) for one in seen.waves] == [
        (36, 0, 36), (0, 0, 36), (0, 0, 36), (0, 0, 36), (0, 24, 12), (0, 0, 12), (0, 12, 0),
    ]  # fmt: skip
    assert (seen.calls, seen.restored, seen.customers_off) == (1, 36, 0)

    assert RestorationEstimate.objects.count() == 2
    wind_drops(charter, dispatcher)


def wind_drops(charter: Charter, dispatcher: Actor) -> None:
    """The storm is over: one call is one call again."""
    storms.end(unit_code="c01", reason="风停", actor=dispatcher, at=storm.after(100))
    assert announcing.announcement("c01/") is None
    storm.call(charter, "C1-01", at=storm.after(101))
    assert not RepairIncident.objects.filter(transformer__code="TC1").exists()


def generator_goes(charter: Charter) -> None:
    """Somebody who cannot wait for long is behind the switch."""
    dispatcher = make.actor("DISPATCHER")
    account = CustomerAccount.objects.get(account_number="B4-01")
    CustomerAccount.objects.filter(pk=account.pk).update(importance="SECOND")
    generators.note(code="FD1", name="1号发电车", unit_code="c01", capacity_ckva=40_000, longitude_e6=112_100_000,
                    latitude_e6=26_030_000, actor=dispatcher, at=storm.after(31))  # fmt: skip
    generators.note_backup(account_number="B4-01", minutes=60, need_ckva=500, actor=dispatcher, at=storm.after(31))
    (need,) = flow.needs(SCOPE, now=storm.after(32), library=charter.rules)
    # Off since minute 2: half of its hour is gone. The generator is 1.1 km away: three minutes.
    assert (need.account_number, need.minutes_left, need.nearest) == ("B4-01", 30, (("FD1", 3),))
    generators.send(code="FD1", account_number="B4-01", need_ckva=500, actor=dispatcher, at=storm.after(33))
    assert flow.needs(SCOPE, now=storm.after(34), library=charter.rules)[0].generator == "FD1"
