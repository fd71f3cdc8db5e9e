"""The samples of docs/howto/use-the-api.md, run as they stand against a served installation."""

from __future__ import annotations

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.api import world
from tests.architecture.tree import ROOT
from wandeng.domains.customers.models import Contact
from wandeng.domains.residents.actions import make_token

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = re.findall(r"```bash\n(.*?)```", (ROOT / "docs/howto/use-the-api.md").read_text("utf-8"), re.DOTALL)


def test_every_sample_does_what_the_page_says(live_server: Any, settings: Any, tmp_path: Path) -> None:
    settings.WANDENG_OUTGOING = "hooks.example.com"
    own = world.build().west["resident_id"]
    personal = make_token(resident_id=own, label="程序", days=1, at=datetime.now(UTC)).secret
    environment = os.environ | {
        "BASE": live_server.url,
        "TOKEN": world.token("adm"),
        "PERSONAL": personal,
        "no_proxy": "*",
    }

    def run(sample: str) -> str:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", sample], env=environment, cwd=tmp_path, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, f"{sample}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    said = [run(sample) for sample in SAMPLES]
    me, mine, pages, bill, _pdf, write, problem, upload, hook = said
    assert json.loads(me)["code"] == "adm"
    assert [one["account_number"] for one in json.loads(mine[: mine.index("]") + 1])] == ["W1"]
    assert '"month":"2026-08"' in mine.replace(" ", "")
    read = [row["account_number"] for page in pages.splitlines() for row in json.loads(page)["items"]]
    assert sorted(read) == ["E1", "W1", "W2", "W3", "W4"]
    assert json.loads(bill)["account_number"] == "W1"
    assert json.loads(bill)["lines"]
    assert [path.read_bytes()[:4] for path in tmp_path.glob("bill-*.pdf")] == [b"%PDF"]
    assert write.count("HTTP/1.1 200") == 2
    assert write.lower().count("idempotent-replay: true") == 1
    assert Contact.objects.filter(account__account_number="W1").count() == 2, "the one there was, and one more"
    assert json.loads(problem)["code"] == "NOT_FOUND"
    assert json.loads(problem)["status"] == 404
    assert json.loads(upload)["upload"]["state"] == "WAITING"
    registered, deliveries = hook.split("}}", 1)
    assert json.loads(registered + "}}")["result"]["secret"].startswith("whsec_")
    assert json.loads(deliveries)["items"][0]["state"] == "PENDING"
