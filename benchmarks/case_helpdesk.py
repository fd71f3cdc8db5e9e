"""Cases one by one beside tickets of django-helpdesk, in the same run and on the same database.

    python benchmarks/case_helpdesk.py [--cases 300]
    scripts/with-postgres --durable python benchmarks/case_helpdesk.py …

A case is taken in, dispatched, accepted, arrived at, repaired and asked about: six actions, each its own transaction with
clocks, timeline, operation log, notices to the crew and webhooks. A ticket of django-helpdesk is opened, given to somebody,
commented on, resolved and closed: five. The package is put into an environment of its own with ``uv`` (network needed once).
``identical`` says that every case ended closed and follows from its entries. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
HELPDESK = "django-helpdesk==2.6.1"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=300)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        import django

        django.setup()
        print(json.dumps(measure(chosen.cases, Path(home)), indent=2))


def measure(count: int, home: Path) -> dict[str, Any]:
    """Tickets first, then cases, then the two side by side."""
    baseline = tickets(count, home)
    ours = cases(count)
    return {
        "benchmark": "case_helpdesk", "store": os.environ.get("WANDENG_DATABASE_URL", "sqlite").partition(":")[0],
        "ours": ours, "baseline": {"name": HELPDESK, **baseline},
        "ratio": round(ours["events_per_s"] / baseline["events_per_s"], 2), "identical": ours.pop("identical"),
        "load": os.getloadavg()[0],
    }  # fmt: skip


def cases(count: int) -> dict[str, Any]:
    """So many faults from call to content customer."""
    from django.core.management import call_command

    from wandeng.domains.cases import checks
    from wandeng.domains.cases.actions import ending
    from wandeng.domains.cases.models import Case
    from wandeng.domains.cases.tests import make
    from wandeng.domains.cases.types import Charter
    from wandeng.infra import pii

    call_command("migrate", verbosity=0)
    pii.create_key()
    make.county()
    charter = Charter.current()

    def story() -> None:
        number = make.open_fault(charter).number
        make.repair(charter, number)
        ending.call_back(number=number, score=5, remark="", channel="PHONE", actor=make.actor("CALL_CLERK"),
                         at=make.after(60), charter=charter)  # fmt: skip

    for _ in range(5):
        story()
    started, worked = time.perf_counter(), time.process_time()
    for _ in range(count):
        story()
    seconds = time.perf_counter() - started
    closed = Case.objects.filter(state="CLOSED").count()
    return {
        "cases": count, "events": 6 * count, "seconds": round(seconds, 3), "events_per_s": round(6 * count / seconds, 1),
        "cpu_ms_an_event": round((time.process_time() - worked) * 1000 / (6 * count), 3),
        "identical": closed == count + 5 and checks.faults(charter) == [],
    }  # fmt: skip


def tickets(count: int, home: Path) -> dict[str, Any]:
    """So many tickets in the other package, on the same kind of database."""
    uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
    python = home / "helpdesk" / "bin" / "python"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(python.parents[1])], check=True)
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), HELPDESK, "psycopg[binary]"], check=True)
    url = os.environ.get("WANDENG_DATABASE_URL", "")
    if url:
        import psycopg

        with psycopg.connect(url, autocommit=True) as server:
            server.execute("CREATE DATABASE helpdesk")
    program = [str(python), "-c", "import helpdesk_tickets; helpdesk_tickets.main()", str(count), str(home)]
    # Nothing of this project's environment goes along but where the database is.
    given = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH")}
    told = subprocess.run(program, check=True, capture_output=True, text=True, env=given,
                          cwd=ROOT / "benchmarks")  # fmt: skip
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
