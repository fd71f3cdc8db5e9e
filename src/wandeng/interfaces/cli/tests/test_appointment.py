"""``wandeng appointment`` and ``wandeng vehicle``: from a place and a route to what was kept and served."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from wandeng.domains.appointments import checks
from wandeng.domains.appointments.models import RouteRun, ServiceSlot
from wandeng.domains.cases.tests import make
from wandeng.interfaces.cli.main import app
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).astimezone(BILLING_ZONE).date()


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()


def run(*words: str) -> dict:  # type: ignore[type-arg]
    done = CliRunner().invoke(app, [*words, "--as", "county_manager", "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)  # type: ignore[no-any-return]


def test_from_a_place_to_what_came_of_it() -> None:
    run(
        "appointment", "place", "add", "H1", "--name", "营业厅", "--kind", "HALL", "--unit", "c01", "--address", "路1号"
    )
    opened = run(
        "appointment", "place", "open", "H1", "00:00-24:00", "--days", "1234567", "--minutes", "60", "--holidays"
    )
    assert opened["slots"] == 14 * 24
    slots = [row.pk for row in ServiceSlot.objects.filter(on=TODAY + timedelta(days=1)).order_by("starts_at")]
    booked = run("appointment", "book", str(slots[0]), "--for", "METER", "--account", make.ACCOUNT)
    moved = run("appointment", "rebook", booked["number"], str(slots[1]), "-r", "改时间")
    ended = run("appointment", "cancel", moved["number"], "-r", "不来了")
    assert [booked["state"], moved["state"], ended["state"]] == ["BOOKED", "BOOKED", "CANCELLED"]
    found = run("appointment", "figures", "--from", TODAY.isoformat(), "--to", (TODAY + timedelta(days=9)).isoformat())
    assert [(one["rebooked"], one["cancelled"]) for one in found] == [(1, 1)]
    assert checks.faults() == []


def test_from_a_vehicle_to_a_run_that_is_over() -> None:
    run("vehicle", "add", "V1", "--name", "一号车", "--unit", "c01", "--keeper", "cell_manager")
    stops = ("--stop", "白水村,00:00-01:00,2,112.1,26.5,村委会", "--stop", "幸福小区，01:30-02:00，3")
    made = run(
        "vehicle",
        "route",
        "R1",
        "--name",
        "线",
        "--unit",
        "c01",
        "--vehicle",
        "V1",
        "--days",
        "1234567",
        "--holidays",
        *stops,
    )
    assert made["runs"] == 14
    number = RouteRun.objects.get(on=TODAY).number
    assert run("vehicle", "plan", "R1")["runs"] == 0
    run("vehicle", "add", "V2", "--name", "二号车", "--unit", "c01", "--keeper", "cell_manager")
    assert run("vehicle", "swap", number, "V2", "-r", "爆胎", "--delay", "20")["told"] == 0
    assert run("vehicle", "sheet", number)["swaps"][0]["took_over"] == "二号车"
    assert run("vehicle", "start", number)["state"] == "UNDER_WAY"
    run("vehicle", "arrive", number, "1")
    run("vehicle", "leave", number, "1", "--served", "PAYMENT=3")
    run("vehicle", "skip", number, "2", "-r", "道路施工")
    assert run("vehicle", "finish", number)["state"] == "DONE"
    assert [one["state"] for one in run("vehicle", "sheet", number)["stops"]] == ["SERVED", "SKIPPED"]


@pytest.mark.parametrize("stop", ["白水村", "白水村,9-10,2", "白水村,09:00-10:00,很多", "白水村,09:00-10:00,2,东,北"])
def test_a_stop_that_is_none_is_refused(stop: str) -> None:
    words = ["vehicle", "stops", "R1", "--stop", stop, "--as", "county_manager"]
    with pytest.raises(InvalidInput, match="written"):
        CliRunner().invoke(app, words, catch_exceptions=False)
