"""R8 in a storm: the calls of an hour come in over several lines at once, the database is stopped in the middle without warning and
started again, and nothing is lost: every call is one case, those of one fault one incident, and what is published says so.

``WANDENG_CHAOS=long``: 3,000 calls, else 150, on a PostgreSQL that the story starts itself. ``WANDENG_CHAOS_SEED`` repeats the dice.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(7200)]
CALLS = 3000 if os.environ.get("WANDENG_CHAOS") == "long" else 150
SEED = os.environ.get("WANDENG_CHAOS_SEED", "20266")
ROOT = Path(__file__).resolve().parents[2]


def test_no_call_is_lost_when_the_database_falls_over_in_the_middle(tmp_path: Path) -> None:
    # A process of its own: the one we are in has a database already, and that one must not fall.
    story = [sys.executable, str(ROOT / "tests/kits/storm_calls.py"), str(CALLS), SEED, str(tmp_path)]
    told = subprocess.run(story, capture_output=True, text=True, check=False, cwd=ROOT)
    assert told.returncode == 0, told.stdout + told.stderr
    left = json.loads(told.stdout.splitlines()[-1])
    print(f"seed {SEED}: {left}")
    assert (left["numbers"], left["cases"], left["lost"]) == (CALLS, CALLS, 0)
    assert left["tried_again"] > 0
    assert left["faults"] == []
    assert left["off_in_files"] == left["off_in_database"] > 0
    assert left["published_after_the_fall"]
