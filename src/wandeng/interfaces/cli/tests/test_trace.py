"""``wandeng trace`` over the small town of the network tests, as people and as programs see it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import typer
from typer.testing import CliRunner

from wandeng.domains.network import actions
from wandeng.domains.network.tests import make
from wandeng.interfaces.cli import trace
from wandeng.kernel.errors import InvalidInput, NotFound, Refused

pytestmark = pytest.mark.django_db(transaction=True)

app = typer.Typer()
app.command("trace")(trace.trace)


@pytest.fixture(autouse=True)
def _town(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    make.town()


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, Refused):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def operate(code: str, is_open: bool) -> None:
    at = make.AT - timedelta(days=1)
    actions.record_switching(switch=make.switch(code), is_open=is_open, at=at, actor=make.DISPATCHER, reason="检修")


def test_people_see_areas_by_code_with_counts_and_important_users_marked() -> None:
    operate("K22", True)
    shown = run("K12")
    assert "K12 西线分段开关" in shown
    assert "stands closed 闭合 in the current state 当前方式; what if it opened 断开" in shown
    assert "Lost 停电" in shown
    [row] = [line for line in shown.splitlines() if "T2" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "T2",
        "河西村",
        "F1",
        "公变",
        "315",
        "2",
        "★一级 1004 县人民医院",
    ]
    assert "Regained" not in shown
    lost = run("K11", "--state", "normal")
    assert lost.index("T1") < lost.index("T2")
    assert "★" not in lost


def test_programs_get_every_account_and_no_names() -> None:
    answer = json.loads(run("K11", "--state", "normal", "--open", "--json"))
    assert answer["what_if"] == "open"
    assert answer["state"] == "normal"
    assert answer["lost"]["transformers"] == 2
    assert answer["lost"]["customers"] == 3
    assert [area["transformer"] for area in answer["lost"]["areas"]] == ["T1", "T2"]
    assert answer["lost"]["areas"][0]["capacity_kva"] == "315"
    assert [a["account_number"] for a in answer["lost"]["accounts"]] == ["1001", "1002", "1003"]
    assert answer["regained"]["accounts"] == answer["moved"]["accounts"] == []
    assert "张三" not in json.dumps(answer, ensure_ascii=False)


def test_a_tie_between_live_feeders_costs_nobody_and_says_parallel() -> None:
    shown = run("K9", "--close")
    assert "nobody loses supply" in shown
    assert "sources in parallel 并列: F1, F2" in shown


def test_a_tie_brings_back_what_the_log_says_is_lost() -> None:
    operate("K12", True)
    shown = run("K9")
    assert "Regained 复电" in shown
    assert "T2" in shown


def test_an_unknown_switch_and_two_directions_at_once_are_refused_in_a_sentence() -> None:
    with pytest.raises(NotFound, match=r"there is no switch K1; did you mean K11, K12\?"):
        run("K1")
    with pytest.raises(InvalidInput, match="choose one of --open and --close"):
        run("K9", "--open", "--close")
    with pytest.raises(actions.AlreadyInPosition, match="already stands open"):
        run("K9", "--open")
