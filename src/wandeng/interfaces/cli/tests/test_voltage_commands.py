"""``wandeng voltage`` over the small town: shares, points, the work list from readings to its end."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wandeng.domains.network.tests import make
from wandeng.domains.organization import actions as organization
from wandeng.domains.voltage.models import VoltageRemedy
from wandeng.flows.imports import intake
from wandeng.interfaces.cli import voltage
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)
TODAY = date.today()  # noqa: DTZ011  (commands tell the month of the day on which they are run)
POINTS = (
    "监测点编号,监测点名称,单位,监测点类别,地区,标称电压,台区编码,计量点编号,投运日期\n"
    "D/1,末端,BS-W,D类,农村,220,T1,P1,2025-01-01\nA1,母线,BS-W,A类,城市,10000,,,2025-01-01\n"
)
TIMES = ",".join(f"{i // 4:02d}:{i % 4 * 15:02d}" for i in range(96))


def bring(folder: Path) -> None:
    """Two points, and three days of the low end that end yesterday."""
    make.town()
    volts = [195 + slot % 9 / 10 for slot in range(8)] + [225 + slot % 7 / 10 for slot in range(88)]
    days = "".join(
        f"D/1,{TODAY - timedelta(days=back)},{','.join(f'{one:.1f}' for one in volts)}\n" for back in (1, 2, 3)
    )
    for kind, text in (("voltage-points", POINTS), ("voltage-readings", f"监测点编号,日期,{TIMES}\n{days}")):
        path = folder / "file.csv"
        path.write_text(text, encoding="utf-8")
        assert not intake.take_in(kind, path, actor=SYSTEM, clock=lambda: NOW).counts.parked


def test_voltage_as_commands(tmp_path: Path) -> None:
    bring(tmp_path)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(voltage.app, arguments, env={"COLUMNS": "250"})
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output

    month = f"{TODAY - timedelta(days=1):%Y-%m}"
    assert json.loads(run("show", "--unit", "BS", "--month", month, "--json"))["composite_e5"] == 91_667
    assert "91.667%" in run("show", "--unit", "BS", "--month", month)
    assert "195" in run("point", "D/1", "--month", month)
    assert [row["code"] for row in json.loads(run("list", "--json"))] == ["D/1", "A1"]
    assert json.loads(run("sweep", "--json")) == {"opened": 1, "verified": 0, "reopened": 0}
    (row,) = json.loads(run("remedies", "--json"))
    organization.add_person(code="fitter", name="某人", unit_code="BS-W", actor=SYSTEM, at=NOW)
    run("assign", str(row["id"]), "--to", "fitter", "--due", TODAY.isoformat())
    run("finish", str(row["id"]), "--cause", "TAP", "--measure", "调档")
    run("open", "A1", "--defect", "HIGH")
    run("drop", str(VoltageRemedy.objects.get(point__code="A1").pk), "--reason", "装置故障")
    assert {one["state"] for one in json.loads(run("remedies", "--json"))} == {"DONE", "DROPPED"}
