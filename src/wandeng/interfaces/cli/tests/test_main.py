"""What a newcomer meets first: no installation yet, a wrong word, a refusal in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def wandeng(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a person does, in a home of its own."""
    surroundings = {k: v for k, v in os.environ.items() if k != "WANDENG_DATABASE_URL"} | {"WANDENG_HOME": str(home)}
    command = [sys.executable, "-m", "wandeng.interfaces.cli.main", *words]
    return subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False)


def test_without_tables_a_command_says_what_to_do_first(tmp_path: Path) -> None:
    answer = wandeng(tmp_path / "nothing", "bill", "runs")
    assert answer.returncode == 2
    assert "wandeng init" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_after_init_an_unknown_name_is_refused_in_one_sentence(tmp_path: Path) -> None:
    assert wandeng(tmp_path, "init").returncode == 0
    answer = wandeng(tmp_path, "trace", "K-NOWHERE")
    assert answer.returncode == 2
    assert "K-NOWHERE" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert wandeng(tmp_path, "bill", "check").returncode == 0
    assert wandeng(tmp_path, "ledger", "check").returncode == 0
