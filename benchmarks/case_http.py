"""Events of cases through HTTP: requests a second and the slowest of a hundred, with many clients at once.

    python benchmarks/case_http.py [--cases 300] [--clients 16] [--keys]
    scripts/with-postgres --durable python benchmarks/case_http.py …

A county with accounts and people is made (on ``WANDENG_DATABASE_URL``, else on the embedded default) and served by ``wandeng
serve`` with two processes. Each client keeps a connection open and takes cases from call to content customer: opened,
dispatched, accepted, arrived at, repaired, called back; six ``POST`` of the API a case, each by the token of whoever does it,
with position and photo. With ``--keys`` every request names an ``Idempotency-Key`` too. Any answer but 200 stops the run.
``identical``: every case ended closed and follows from its entries.

The baseline is the address that a load balancer asks (one query, no case): what the same stack can do at most. Server, database
and clients share the machine, so the processor time that the server's processes took for a request is told as well: it is what
more processors would divide. Goal: 200 requests/s, p99 at most 300 ms, on PostgreSQL. Prints JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pages

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
ACCOUNTS = 100
EVENTS_A_CASE = 6
WARM = 60
"""Cases before the first that counts: each process reads the rules and definitions at its first."""
ROLES = ("CALL_CLERK", "DISPATCHER", "CELL_MANAGER")
GOAL = {"requests_per_s": 200, "p99_ms": 300}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--keys", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ["WANDENG_HOME"] = home
        import django

        django.setup()
        print(json.dumps(measure(chosen.cases, chosen.clients, Path(home), keyed=chosen.keys), indent=2))


def measure(cases: int, clients: int, home: Path, *, keyed: bool) -> dict[str, Any]:
    """The cases first, then as many requests for the baseline."""
    from django.db import connection

    tokens = county()
    vendor = connection.vendor
    connection.close()
    server, port = pages.serve(home)
    try:
        asyncio.run(work(port, tokens, WARM, clients, keyed=keyed))
        ours = pages.measure(server.pid, lambda: asyncio.run(work(port, tokens, cases, clients, keyed=keyed)))
        floor = pages.measure(server.pid, lambda: asyncio.run(pages.read_floor(port, cases * EVENTS_A_CASE)))
    finally:
        server.terminate()
        server.wait(30)
    told, baseline = ours.figures(), floor.figures()
    return {
        "benchmark": "case_http", "database": vendor, "cases": cases, "clients": clients, "keys": keyed,
        "requests": len(ours.seconds), "ours": told, "goal": GOAL,
        "baseline": {"name": "health, one query and no case", **baseline},
        "ratio": round(told["requests_per_s"] / baseline["requests_per_s"], 3), "identical": is_whole(cases + WARM),
        "load": os.getloadavg()[0],
    }  # fmt: skip


def account(place: int) -> str:
    return f"10000001{place:02d}"


def county() -> dict[str, str]:
    """Accounts, and a token for each role."""
    from django.core.management import call_command
    from tests.kits import bill_world

    from wandeng.domains.cases.tests import make
    from wandeng.domains.organization.actions import credentials
    from wandeng.infra import pii

    call_command("migrate", verbosity=0)
    pii.create_key()
    make.county()
    for place in range(ACCOUNTS):
        bill_world.add_account(account(place), total={})
    now = datetime.now(UTC)
    return {
        role: credentials.issue_token(
            label="benchmark", may_write=True, expires_at=now + timedelta(days=1), actor=make.actor(role), at=now
        ).secret
        for role in ROLES
    }  # fmt: skip


class Caller(pages.Client):
    """A program with the tokens of those who work on a case."""

    def __init__(self, port: int, tokens: dict[str, str], *, keyed: bool) -> None:
        super().__init__(port)
        self.tokens, self.keyed, self.asked = tokens, keyed, 0

    async def post(self, role: str, path: str, body: dict[str, Any], timings: pages.Timings) -> dict[str, Any]:
        """One event; what was answered."""
        self.asked += 1
        text = json.dumps(body).encode()
        key = f"Idempotency-Key: {id(self)}-{self.asked}-{time.time_ns()}\r\n" if self.keyed else ""
        head = (
            f"POST /api/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.tokens[role]}\r\n"
            f"{key}Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
        )
        started = time.perf_counter()
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        writer.write(head.encode() + text)
        await writer.drain()
        status, answer = await self._answer(reader)
        timings.seconds.append(time.perf_counter() - started)
        if status != 200:
            raise SystemExit(f"{path}: {status} {answer}")
        found: dict[str, Any] = json.loads(answer)["result"]
        return found


async def work(port: int, tokens: dict[str, str], cases: int, clients: int, *, keyed: bool) -> pages.Timings:
    """So many cases by so many clients, each one case after the other."""
    timings, left = pages.Timings(), iter(range(cases))

    async def stories() -> None:
        caller = Caller(port, tokens, keyed=keyed)
        for place in left:
            await story(caller, place, timings)

    started = time.perf_counter()
    await asyncio.gather(*(stories() for _ in range(clients)))
    timings.elapsed_s = time.perf_counter() - started
    return timings


async def story(caller: Caller, place: int, timings: pages.Timings) -> None:
    """One fault at one customer's meter, which is grouped with no other."""
    here = {"kind": "PLACE", "place": {"longitude_e6": 112_000_000, "latitude_e6": 26_000_000}}
    photo = {"kind": "PHOTO", "file_name": "pole.jpg", "content": base64.b64encode(b"\xff\xd8\xff\xe0pole").decode()}
    answers = {"SITUATION": "表箱没电", "PLACE": f"幸福路{place}号", "PHONE": "13812345678", "DANGER": "NO"}
    now = datetime.now(UTC)
    asked = {"process": "fault_repair", "channel": "PHONE_95598", "first_class": "METERING", "answers": answers,
             "account_number": account(place % ACCOUNTS)}  # fmt: skip
    number = (await caller.post("CALL_CLERK", "/cases/open", asked, timings))["number"]
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        ("DISPATCH", {"handler": "cell_manager"}),
        ("ACCEPT", {}),
        ("ARRIVE", {"answers": {"EXPECTED": (now + timedelta(hours=1)).isoformat()}, "proofs": [here]}),
        ("RESTORE", {"answers": {"CAUSE": "接户线断", "RESTORED": now.isoformat()}, "proofs": [here, photo],
                     "result": "REPAIRED"}),
    )  # fmt: skip
    for step, more in steps:
        role = "DISPATCHER" if step == "DISPATCH" else "CELL_MANAGER"
        await caller.post(role, f"/cases/{number}/finish", {"step": step, **more}, timings)
    await caller.post("CALL_CLERK", f"/cases/{number}/call-back", {"score": 5}, timings)


def is_whole(expected: int) -> bool:
    """Whether all cases ended as they should."""
    from wandeng.domains.cases import checks
    from wandeng.domains.cases.models import Case
    from wandeng.domains.cases.types import Charter

    return Case.objects.filter(state="CLOSED").count() == expected and checks.faults(Charter.current()) == []


if __name__ == "__main__":
    main()
