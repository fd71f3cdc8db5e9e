"""``wandeng ivr prompts`` and ``say`` over the menu that ships."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from wandeng.interfaces.cli import ivr
from wandeng.kernel import spoken
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.tests.test_spoken import tone


def run(*arguments: str) -> str:
    result = CliRunner().invoke(ivr.app, arguments, env={"COLUMNS": "200"})
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_what_is_missing_is_listed_and_a_bill_is_said(tmp_path: Path) -> None:
    where = ("--folder", str(tmp_path))
    every = json.loads(run("prompts", *where, "--json"))
    assert {one["standing"] for one in every} == {"MISSING"}
    assert {"welcome-0", "bill-1", "num-point"} <= {one["name"] for one in every}
    refused = CliRunner().invoke(ivr.app, ["say", "welcome", "--out", str(tmp_path / "out.wav"), *where])
    assert isinstance(refused.exception, InvalidInput)
    assert "welcome-0" in refused.exception.message
    for place, one in enumerate(every):
        (tmp_path / f"{one['name']}.wav").write_bytes(tone(800, value=place))
    (tmp_path / "welcome-0.wav").write_bytes(b"no sound")
    (broken,) = json.loads(run("prompts", *where, "--missing", "--json"))
    assert (broken["name"], broken["standing"]) == ("welcome-0", "BROKEN")
    assert "storm" in run("prompts", *where)
    slots = ("--slot", "month=2026年9月", "--slot", "amount=105.20", "--slot", "owed=0")
    run("say", "bill", *slots, "--out", str(tmp_path / "out.wav"), *where)
    # 二零二六 年 九 月 | 电费 | 一 百 零 五 点 二 | 元，现共欠 | 零 | 元: seventeen tenths of a second.
    assert spoken.lasts_ms("out", (tmp_path / "out.wav").read_bytes()) == 1_700
    for odd in (["storm"], ["nothing"], ["bill", "--slot", "month=2026年9月"]):
        result = CliRunner().invoke(ivr.app, ["say", *odd, "--out", str(tmp_path / "x.wav"), *where])
        assert result.exception is not None
        assert not (tmp_path / "x.wav").exists()


def test_espeak_says_what_nobody_recorded_and_a_called_customer_hears_it_whole(tmp_path: Path) -> None:
    where = ("--folder", str(tmp_path))
    for one in json.loads(run("prompts", *where, "--json")):
        # Recorded by people: only what this reminder needs is left to the machine.
        if not one["name"].startswith(("dunning_owed-", "num-")):
            (tmp_path / f"{one['name']}.wav").write_bytes(tone(800))
    lacking = json.loads(run("prompts", *where, "--missing", "--json"))
    assert json.loads(run("record", *where, "--json"))["made"] == len(lacking) > 20
    assert json.loads(run("prompts", *where, "--missing", "--json")) == []
    lengths = {one["name"]: one["length_cs"] for one in json.loads(run("prompts", *where, "--json"))}
    assert all(lengths[one["name"]] > 10 for one in lacking)  # every fragment is audible
    run("say", "dunning_owed", "--slot", "tail=1001", "--slot", "owed=120.50", "--out", str(tmp_path / "o.wav"), *where)
    names = spoken.fragments(
        "dunning_owed", "您尾号{tail}的用电户欠电费{owed}元，请尽快交费。", {"tail": "1001", "owed": "120.50"}
    )
    whole = spoken.lasts_ms("o", (tmp_path / "o.wav").read_bytes())
    assert abs(whole - 10 * sum(lengths[name] for name in names)) <= 10 * len(names)
