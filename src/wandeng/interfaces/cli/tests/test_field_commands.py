from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from wandeng.domains.metering.models import Reading, RereadOrder
from wandeng.domains.metering.tests import make
from wandeng.domains.network.models import SwitchOperation
from wandeng.domains.network.tests import make as network_make
from wandeng.interfaces.cli import readings, rereads, switching
from wandeng.kernel.errors import InvalidInput, Refused

pytestmark = pytest.mark.django_db(transaction=True)
D1, D2, D3 = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture(autouse=True)
def _town() -> None:
    """M1 used 100 kWh in December and, they say, 11,000 in January."""
    make.town()
    network_make.mark_written()
    make.record(("M1", D1, 1000), ("M1", D2, 1100), ("M1", D3, 12_100))


def run(app: typer.Typer, *words: str) -> str:
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def run_json(app: typer.Typer, *words: str) -> Any:
    return json.loads(run(app, *words, "--json"))


def held() -> str:
    return str(make.reading("M1", D3).pk)


def test_an_order_goes_from_the_held_reading_to_what_the_meter_showed() -> None:
    assert "nothing is to be read again" in run(rereads.rereads, "list")
    order = run_json(rereads.rereads, "order", held(), "--due", "2099-01-01", "-r", "像是多抄了一位")["order"]
    (row,) = run_json(rereads.rereads, "list")
    assert (row["asset_number"], row["state"], row["due_on"]) == ("M1", "ORDERED", "2099-01-01")
    run(rereads.rereads, "take", str(order))
    run(rereads.rereads, "give-back", str(order), "-r", "没人")
    run(rereads.rereads, "complete", str(order), "--total", "1210", "-r", "复抄")
    assert make.reading("M1", D3).total_ckwh == 121_000
    assert run_json(rereads.rereads, "list") == []
    assert "M1" in run(rereads.rereads, "list", "--all")


def test_an_order_is_cancelled_for_a_reason() -> None:
    order = str(run_json(rereads.rereads, "order", held())["order"])
    with pytest.raises(InvalidInput):
        run(rereads.rereads, "cancel", order)
    run(rereads.rereads, "cancel", order, "-r", "改估抄")
    assert RereadOrder.objects.get().state == "CANCELLED"


def test_a_held_reading_is_estimated_by_command() -> None:
    made = run_json(readings.app, "estimate-instead", held(), "-r", "门锁")
    assert made["total_ckwh"] == 120_000  # 1,100 kWh and another 100 in as many days
    assert Reading.objects.get(installation=make.installation("M1"), source="ESTIMATE").total_ckwh == 120_000


def test_a_reading_is_typed_and_routes_tell_their_progress() -> None:
    assert "held: JUMP" in run(rereads.routes, "enter", "M1", "12200", "--on", "2026-02-01", "-r", "看错")
    assert "ACCEPTED" in run(rereads.routes, "enter", "M1", "1210", "--on", "2026-02-01", "-r", "看错")
    rows = {row["code"]: row for row in run_json(rereads.routes, "list", "-m", "2026-01")}
    assert (rows["R1"]["read_count"], rows["R1"]["held_count"]) == (1, 0)
    assert "R25" in run(rereads.routes, "list")
    with pytest.raises(InvalidInput, match="hangs nowhere"):
        run(rereads.routes, "enter", "M20", "1")


def test_a_switching_is_recorded_by_command() -> None:
    app = typer.Typer()
    app.command()(switching.switch)
    assert "stands open" in run(app, "K12", "--open", "--at", "2026-03-05T09:30", "-r", "检修")
    row = SwitchOperation.objects.get()
    assert (row.is_open, row.at.isoformat(), row.reason) == (True, "2026-03-05T01:30:00+00:00", "检修")
    for words in (("K12",), ("K12", "--open", "--close"), ("K12", "--open"), ("K12", "--close", "--at", "soon")):
        with pytest.raises(Refused):
            run(app, *words)
