"""``wandeng connection`` from scheme to price, as people type it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from wandeng.domains.cases.types import Charter
from wandeng.domains.connections.models import ConnectionProject, SupplySource
from wandeng.domains.connections.tests import make
from wandeng.interfaces.cli.connection import app
from wandeng.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    answer = CliRunner().invoke(app, list(arguments))
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.fixture
def number() -> str:
    make.county()
    return make.opened(Charter.current(), make.HOME)


def test_a_scheme_is_drafted_chosen_and_priced(number: str) -> None:
    assert [row["code"] for row in json.loads(run("surveyors", number, "--json"))] == ["cell_manager"]
    run("appoint", number, "--surveyor", "cell_manager", "--manager", "county_manager")
    assert json.loads(run("draft", number, "--at", "112.0,26.0", "--json"))["candidates"] == 3
    run("choose", number, "1")
    run("terms", number, "--price", "demo.residential")
    row = ConnectionProject.objects.get()
    assert (row.surveyor, row.manager, row.price_code) == ("cell_manager", "county_manager", "demo.residential")
    shown = json.loads(run("show", number, "--json"))
    assert shown["sources"][0]["transformer_code"] == SupplySource.objects.get().transformer.code
    assert [row["number"] for row in json.loads(run("board", "--json"))] == [number]
    assert json.loads(run("needs", "--json")) == []


@pytest.mark.parametrize("place", ["112", "112;26", "east,north"])
def test_a_place_is_two_numbers(number: str, place: str) -> None:
    with pytest.raises(InvalidInput, match="longitude,latitude"):
        run("draft", number, "--at", place)


def test_a_source_is_written_in_three_parts() -> None:
    make.county()
    number = make.opened(Charter.current(), make.FACTORY, process="high_voltage_connection")
    with pytest.raises(InvalidInput, match="FEEDER:KVA:BOUNDARY"):
        run("sources", number, "--source", "F-c01:1000")
    run("sources", number, "--source", "F-c01:1000:01号杆", "--source", "F-2:1000:12号杆:standby")
    assert list(SupplySource.objects.order_by("place").values_list("feeder__code", "is_interlocked")) == [
        ("F-c01", False), ("F-2", True),
    ]  # fmt: skip
