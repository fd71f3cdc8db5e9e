"""``wandeng case``: a fault from the first call to the call-back, and what steers it, in words and as JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wandeng.domains.cases import checks
from wandeng.domains.cases.models import Case, CasePaper, RepairIncident
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.interfaces.cli import demo_cases, demo_crews, terminal
from wandeng.interfaces.cli.main import app
from wandeng.kernel.errors import InvalidInput, Refused

FIELDS = [part for code, value in make.FAULT.items() for part in ("-f", f"{code}={value}")]


@pytest.fixture
def at(db: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Minutes since the first call; every command takes one."""
    make.county()
    minutes = [0]

    def now() -> object:
        minutes[0] += 1
        return make.NOW + timedelta(minutes=minutes[0])

    monkeypatch.setattr(terminal, "now", now)
    monkeypatch.setattr(terminal, "today", lambda: make.NOW.date())
    return minutes


def run(*words: str) -> str:
    answer = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


def opened(*more: str) -> str:
    told = run("case", "open", "fault_repair", "-a", make.ACCOUNT, *FIELDS, "--as", "call_clerk", "--json", *more)
    return str(json.loads(told)["number"])


def test_a_fault_from_the_first_call_to_the_call_back(at: list[int], tmp_path: Path) -> None:
    number = opened()
    photo = tmp_path / "pole.jpg"
    photo.write_bytes(b"\xff\xd8\xffpole")
    assert "ACCEPT" in run("case", "finish", number, "DISPATCH", "--to", "cell_manager", "--as", "dispatcher")
    assert number in run("case", "queue", "--mine", "--as", "cell_manager")
    run("case", "press", number, "--note", "催", "--as", "call_clerk")
    run("case", "finish", number, "ACCEPT", "--as", "cell_manager")
    run("case", "finish", number, "ARRIVE", "-f", "EXPECTED=2026-10-12T13:00:00+08:00", "--place", "112.5,26.25",
        "--key", "k", "--as", "cell_manager")  # fmt: skip
    restored = [part for code, value in make.REPAIRED.items() for part in ("-f", f"{code}={value}")]
    run("case", "finish", number, "RESTORE", *restored, "--place", "112.5,26.25", "--photo", str(photo), "--result",
        "REPAIRED", "--as", "cell_manager")  # fmt: skip
    assert Case.objects.get(number=number).state == "FINISHED"
    assert set(CasePaper.objects.filter(kind="PLACE").values_list("longitude_e6", "latitude_e6")) == {
        (112_500_000, 26_250_000)
    }
    assert "未接通" in run("case", "callback", number, "--as", "call_clerk")
    run("case", "callback", number, "--score", "5", "--as", "call_clerk")
    shown = run("case", "show", number, "--as", "call_clerk")
    assert ("CLOSED" in shown, "CALLED_BACK" in shown, make.FAULT["PHONE"] in shown) == (True, True, False)
    run("case", "reopen", number, "-r", "又停电", "--as", "call_clerk")
    assert json.loads(run("case", "show", number, "--json"))["rounds"] == 2


def test_what_steers_a_case(at: list[int]) -> None:
    first, second = opened(), opened()
    run("case", "supervise", first, "-r", "多次来电", "--as", "county_manager")
    run("case", "note", first, "已联系", "--as", "call_clerk")
    made = json.loads(run("case", "split", first, "fault_repair", *FIELDS, "--as", "call_clerk", "--json"))["number"]
    run("case", "merge", second, first, "-r", "同一处", "--as", "call_clerk")
    run("case", "withdraw", made, "-r", "已自行恢复", "--as", "call_clerk")
    run("case", "assign", first, "cell_manager", "--as", "dispatcher")
    run("case", "finish", first, "DISPATCH", "--as", "dispatcher")
    run("case", "return", first, "DISPATCH", "-r", "不是本所", "--as", "dispatcher")
    states = dict(Case.objects.values_list("number", "state"))
    assert states == {first: "OPEN", second: "MERGED", made: "WITHDRAWN"}
    rows = json.loads(run("case", "list", "--state", "OPEN", "--json"))
    assert [(row["number"], row["returned"]) for row in rows] == [(first, 1)]
    at[0] = 500
    assert first in run("case", "list", "--late")


def test_kinds_and_one_kind_with_every_promise(at: list[int]) -> None:
    assert "故障抢修" in run("case", "kinds")
    kind = run("case", "kind", "fault_repair", "--territory", "hunan")
    assert "45 MINUTE" in kind
    assert "95598" in kind


@pytest.mark.parametrize("words", [["-f", "PLACE"], ["--at", "gestern"]])
def test_what_cannot_be_read_is_refused(at: list[int], words: list[str]) -> None:
    with pytest.raises(InvalidInput):
        opened(*words)
    assert not Case.objects.exists()


@pytest.mark.parametrize("place", ["112", "east,26", ""])
def test_a_place_is_two_numbers(at: list[int], place: str) -> None:
    number = opened()
    run("case", "finish", number, "DISPATCH", "--as", "dispatcher")
    run("case", "finish", number, "ACCEPT", "--as", "cell_manager")
    with pytest.raises(Refused):
        run("case", "finish", number, "ARRIVE", "--place", place, "--as", "cell_manager")


def test_events_come_as_lines_and_what_is_refused_is_named_by_its_line(at: list[int], tmp_path: Path) -> None:
    moments = [make.after(minute).isoformat() for minute in (1, 2, 3)]
    told = [
        {"kind": "OPENED", "ref": "A", "at": moments[0], "actor": "call_clerk", "process": "fault_repair",
         "channel": "PHONE_95598", "account_number": make.ACCOUNT, "answers": make.FAULT},
        {"kind": "FINISHED", "ref": "A", "at": moments[1], "actor": "cell_manager", "step": "DISPATCH"},
        {"kind": "FINISHED", "ref": "A", "at": moments[2], "actor": "dispatcher", "step": "DISPATCH"},
    ]  # fmt: skip
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in told), "utf-8")
    answer = json.loads(run("case", "events", str(file), "--json"))
    assert (answer["done"], [(one["line"], one["code"]) for one in answer["refused"]]) == (2, [(2, "NOT_ALLOWED")])
    assert Case.objects.get(number=answer["opened"]["A"]).step == "ACCEPT"
    file.write_text('{"kind": "OPENED"}', "utf-8")
    with pytest.raises(InvalidInput):
        run("case", "events", str(file))


def test_a_demonstration_has_cases_of_many_kinds_and_a_storm_night_and_makes_them_once(at: list[int]) -> None:
    now = make.NOW + timedelta(days=25)
    states = demo_cases.leave_cases(now, 1_800, seed=7)
    assert states["OPEN"] > 3
    assert states["CLOSED"] > 10
    assert states.total() >= 30 + demo_cases.STORM_CALLS // 2
    assert Case.objects.values("process").distinct().count() >= 5
    assert RepairIncident.objects.exists()
    assert checks.faults(Charter.current()) == []
    assert demo_cases.leave_cases(now, 1_800, seed=7) == states


def test_a_demonstration_has_a_crew_at_work_on_the_fault_of_the_storm(at: list[int]) -> None:
    now = make.NOW + timedelta(days=25)
    demo_cases.leave_cases(now, 1_800, seed=7)
    crews = demo_crews.leave_crews(now)
    assert crews >= 1
    assert RepairIncident.objects.get(jobs__crew__code="Q1").expected_at == now + demo_crews.REPAIR
    assert checks.faults(Charter.current()) == []
    assert demo_crews.leave_crews(now) == crews
