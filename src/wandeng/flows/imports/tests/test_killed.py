"""A killed import, run again, loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from wandeng.domains.customers.models import Contact, CustomerAccount
from wandeng.domains.network.models import UsagePoint
from wandeng.flows.imports.tests import make
from wandeng.infra.models import ImportBatch, ParkedRow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]

ROWS, CHUNK = 120, 10
CHILD = """
import os, signal, sys
import django
django.setup()
from wandeng.config import settings as _
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from pathlib import Path
from wandeng.flows.imports import intake
from wandeng.flows.imports.tests import make
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import SYSTEM
statements = [0]
def counted(self, sql, params=(), _run=ColumnStore.execute):
    statements[0] += 1
    if statements[0] == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    _run(self, sql, params)
ColumnStore.execute = counted
intake.take_in("customers", Path(sys.argv[2]), actor=SYSTEM, clock=lambda: make.AT, chunk_rows=10)
print(statements[0])
"""


def _run(path: Path, die_at: int) -> subprocess.CompletedProcess[str]:
    connection.close()
    environment = os.environ | {"WANDENG_HOME": str(settings.HOME), "DJANGO_SETTINGS_MODULE": "wandeng.config.settings"}
    command = [sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"]), str(path), str(die_at)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _file(folder: Path) -> Path:
    head, row = make.CUSTOMERS.splitlines()[:2]
    rows = [
        row.replace("1000000001", f"2{i:09d}")
        .replace("HT1", f"HT{i}")
        .replace("D1", f"D{i}")
        .replace("白水镇1号", f"{i}号")
        for i in range(ROWS)
    ]
    rows[7] = rows[7].replace("220V", "7V")
    rows[55] = rows[55].replace("13912345678", "1")
    rows[83] = rows[83].replace("T1", "T0")
    rows[110] = rows[3]
    path = folder / "many.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


def test_killed_at_any_statement_and_run_again(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    path = _file(tmp_path)
    kills = 0
    # Each round dies a little later, between statements of a chunk or at its commit, until one gets through.
    for die_at in (20, 75, 130, 190, 260, 330, 10**9):
        ended = _run(path, die_at)
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        kills += 1
        done = ImportBatch.objects.get(kind="customers")
        assert done.rows_total % CHUNK == 0
        parked = ParkedRow.objects.filter(batch=done).count()
        assert CustomerAccount.objects.count() == UsagePoint.objects.count() == done.rows_total - parked
    assert kills >= 3
    batch = ImportBatch.objects.get(kind="customers")
    # 120 rows: one wrong voltage, one unknown transformer, one repeated; the wrong phone's account landed.
    assert (batch.state, batch.rows_total, batch.rows_created, batch.rows_parked) == ("DONE", ROWS, ROWS - 3, 3)
    assert CustomerAccount.objects.count() == UsagePoint.objects.count() == ROWS - 3
    assert Contact.objects.count() == ROWS - 4
    assert sorted(ParkedRow.objects.values_list("batch__kind", "line")) == [
        ("contacts", 57),
        ("customers", 9),
        ("customers", 85),
        ("customers", 112),
    ]
    assert make.take_in_file("customers", path).already
