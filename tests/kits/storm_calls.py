"""A program: a storm of calls on a PostgreSQL of its own that falls over in the middle. Prints what is left as JSON.

    python tests/kits/storm_calls.py CALLS SEED FOLDER

Every call goes through the API with an ``Idempotency-Key``, as a telephone exchange does that does not know whether its last
attempt was written: what fails is tried again with the same key until it is answered.
"""

from __future__ import annotations

import contextlib
import importlib.machinery
import importlib.util
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]
LINES, HOUSEHOLDS = 6, 12
"""Calls that come in at the same time; accounts of a transformer."""
SECRET = "storm"
PATIENCE = 90.0


def starter() -> ModuleType:
    """``scripts/with-postgres``, whose server is stopped and started here in the middle."""
    loader = importlib.machinery.SourceFileLoader("with_postgres", str(ROOT / "scripts/with-postgres"))
    spec = importlib.util.spec_from_loader("with_postgres", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


class Server:
    """A PostgreSQL that keeps what it has committed, also when it falls."""

    def __init__(self, folder: Path) -> None:
        self.tools = starter()
        self.programs, self.user = self.tools.find_programs(), self.tools.server_user()
        self.folder, self.port = folder, self.tools.free_port()
        folder.mkdir(parents=True)
        os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        self.tools.initialize(self.programs, folder, self.user, SECRET)
        self.process = self._started()
        self.tools.wait_until_ready(self.programs, self.process, self.port, folder / "log", SECRET)

    def _started(self) -> subprocess.Popen[bytes]:
        own = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": str(self.folder)}
        command = [self.programs / "postgres", "-D", self.folder / "data"]
        command += [part for name, value in (self.tools.BOTH | own).items() for part in ("-c", f"{name}={value}")]
        return subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **self.tools.as_user(self.user)
        )  # fmt: skip

    def fall(self) -> None:
        """Stop at once, as if killed: no connection is ended properly, the log is played again at the start."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)

    def stand_up(self) -> None:
        """Start again. While the last processes of the fallen one are still there, a new one ends at once."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.process = self._started()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(3)
                continue
            return
        raise RuntimeError("the server does not start again")

    def stop(self) -> None:
        self.tools.stop(self.process)


class Storm:
    """What the calls came to, told by those who took them."""

    def __init__(self, accounts: list[str], token: str, dice: random.Random) -> None:
        self.waiting: queue.Queue[str] = queue.Queue()
        for one in accounts:
            self.waiting.put(one)
        self.token, self.dice, self.lock = token, dice, threading.Lock()
        self.numbers: list[str] = []
        self.tried_again = 0

    def take(self) -> None:
        """A line: calls, one after another, until none waits."""
        from django.db import connections

        try:
            while True:
                with contextlib.suppress(queue.Empty):
                    self._take(self.waiting.get_nowait())
                    continue
                return
        finally:
            connections.close_all()

    def _take(self, account: str) -> None:
        from django.db import connections
        from django.test import Client

        from tests.kits import storm_world as storm

        body = {"process": "fault_repair", "channel": "PHONE_95598", "answers": storm.FAULT, "account_number": account}
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": f"call-{account}"}
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = None
            with contextlib.suppress(Exception):
                answer = Client(raise_request_exception=False).post(
                    "/api/v1/cases/open", json.dumps(body), content_type="application/json", headers=headers
                )  # fmt: skip
            if answer is not None and answer.status_code == 200:
                with self.lock:
                    self.numbers.append(answer.json()["result"]["number"])
                return
            if time.monotonic() > deadline or (answer is not None and answer.status_code == 422):
                raise RuntimeError(f"{account}: {answer.content.decode()[:500] if answer else 'no answer'}")
            connections.close_all()
            with self.lock:
                self.tried_again += 1
                pause = self.dice.uniform(0.05, 0.3)
            time.sleep(pause)


def main() -> None:
    calls, dice, folder = int(sys.argv[1]), random.Random(int(sys.argv[2])), Path(sys.argv[3])
    for one in (folder, *folder.parents):  # the server is another user and must reach its folder
        with contextlib.suppress(PermissionError):
            one.chmod(one.stat().st_mode | 0o011)
    server = Server(folder / "postgres")
    try:
        os.environ |= {
            "WANDENG_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "wandeng.config.settings",
            "WANDENG_DATABASE_URL": f"postgresql://wandeng:{SECRET}@127.0.0.1:{server.port}/wandeng",
            "WANDENG_PLAIN_HTTP": "1", "WANDENG_HOSTS": "testserver", "WANDENG_LOG_LEVEL": "CRITICAL",
        }  # fmt: skip
        import django

        django.setup()
        print(json.dumps(told(server, calls, dice)))
    finally:
        server.stop()


def told(server: Server, calls: int, dice: random.Random) -> dict[str, Any]:
    from django.core.management import call_command

    from tests.kits import storm_world as storm
    from wandeng.domains.cases.tests import make
    from wandeng.domains.organization.actions import credentials
    from wandeng.infra import pii

    call_command("migrate", verbosity=0)
    pii.create_key()
    charter = storm.build()
    households = len(storm.FEEDERS) * 6 * HOUSEHOLDS
    lines = [*storm.FEEDERS, *storm.more_lines(max(0, -(-(calls - households) // (6 * HOUSEHOLDS))))]
    accounts = [
        f"{line}{area}-{house:02d}" for line in lines for area in range(1, 7) for house in range(1, HOUSEHOLDS + 1)
    ]
    dice.shuffle(accounts)
    at = datetime.now(UTC)
    token = credentials.issue_token(
        label="exchange", may_write=True, expires_at=at + timedelta(days=1), actor=make.actor("CALL_CLERK"), at=at
    ).secret
    found = Storm(accounts[:calls], token, dice)
    over = threading.Event()
    publisher = threading.Thread(target=publish, args=(over,))
    publisher.start()
    fell_at = run(server, found, calls, dice)
    time.sleep(4)
    over.set()
    publisher.join()
    return left(found, charter, calls, fell_at)


def run(server: Server, storm: Storm, calls: int, dice: random.Random) -> datetime:
    """All calls, and the fall when about half of them are taken. Returns when that was."""
    takers = [threading.Thread(target=storm.take) for _ in range(LINES)]
    for one in takers:
        one.start()
    half = int(calls * dice.uniform(0.4, 0.6))
    while len(storm.numbers) < half and any(one.is_alive() for one in takers):
        time.sleep(0.01)
    server.fall()
    fell_at = datetime.now(UTC)
    time.sleep(dice.uniform(0.5, 2.0))
    server.stand_up()
    for one in takers:
        one.join()
    return fell_at


def publish(over: threading.Event) -> None:
    """As ``wandeng status publish --watch`` does."""
    from django.db import connections

    from wandeng.interfaces.cli import supply_status

    with supply_status.publishing() as again:
        while not over.wait(min(1.0, again())):
            continue
    connections.close_all()


def left(storm: Storm, charter: Any, calls: int, fell_at: datetime) -> dict[str, Any]:
    """What the database and the files hold in the end."""
    from django.db import connections

    from wandeng.domains.cases import checks
    from wandeng.domains.cases.models import Case, IncidentCase
    from wandeng.flows.supply_status import answers, publishing
    from wandeng.infra.effective import current

    connections.close_all()  # ours fell too
    now = datetime.now(UTC)
    off = [one for one in answers.answers(answers.table(now=now, library=current.library())).values() if one.is_off]
    heart = json.loads((publishing.folder() / publishing.HEARTBEAT).read_text())
    files = [json.loads(path.read_text()) for path in publishing.folder().glob("????????????????.json")]
    in_files = sum(one["answers"][number]["standing"] == "FAULT" for one in files for number in one["areas"].values())
    members = Counter(IncidentCase.objects.values_list("case__number", flat=True))
    return {
        "asked": calls, "numbers": len(set(storm.numbers)), "cases": Case.objects.count(), "tried_again": storm.tried_again,
        "lost": len(set(storm.numbers) - set(Case.objects.values_list("number", flat=True))),
        "in_incidents": len(members), "faults": checks.faults(charter), "off_in_database": len(off),
        # A public area has two tokens.
        "off_in_files": in_files // 2, "published_after_the_fall": datetime.fromisoformat(heart["made_at"]) > fell_at,
    }  # fmt: skip


if __name__ == "__main__":
    main()
