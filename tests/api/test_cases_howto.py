"""The samples of docs/howto/cases-api.md, run as they stand against a served installation."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.api import world
from tests.architecture.tree import ROOT
from wandeng.domains.cases.models import Case
from wandeng.domains.cases.tests import make

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/howto/cases-api.md").read_text("utf-8"), re.DOTALL)


def test_every_sample_does_what_the_page_says(live_server: Any, tmp_path: Path) -> None:
    make.county()
    environment = os.environ | {
        "BASE": live_server.url, "TOKEN": world.token("dispatcher"), "ACCOUNT": make.ACCOUNT, "no_proxy": "*",
    }  # fmt: skip
    script = "\necho ---\n".join(SAMPLES)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    kind, number, worked = done.stdout.split("---\n")
    assert {one["code"] for one in json.loads(kind)["steps"]} >= {"DISPATCH", "RESTORE"}
    row = Case.objects.get(number=number.strip())
    assert (row.step, row.papers.get().kind) == ("ACCEPT", "PHOTO")
    assert f'"number": "{row.number}"' in worked
