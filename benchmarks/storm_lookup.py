"""Everybody asks at once when power is back: requests a second and the slowest of a hundred, over ten thousand connections.

    python benchmarks/storm_lookup.py [--connections 10000] [--seconds 15] [--feeders 60] [--rounds 1]

A county is made (on ``WANDENG_DATABASE_URL``, else on the embedded default) with a storm in it: calls, incidents, an interruption a
feeder. ``wandeng status publish --watch`` publishes it, ``wandeng serve`` answers with two processes, and the shipped
configuration of nginx stands before them. Debian's ``wrk`` asks, on loopback only: first the published files, a heartbeat for
every feeder's file, as a browser does; then, with the limits of an address off, because here all come from one, the answers
as pages that nginx keeps for seconds. Meanwhile the age of the answer is asked every second, and somebody calls: ``shown_after_s``
is how long it takes until a file says so.

The baseline is the same look-up answered by the application, with as many connections as it has threads fourfold. Goal: 20,000
requests/s with p99 at most 500 ms, no error, no answer older than 10 s. wrk, nginx and the publisher share the processors;
the load of the machine is told. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
GOAL = {"requests_per_s": 20_000, "p99_ms": 500, "failed": 0, "oldest_s": 10}
WRK_THREADS = 2
BASELINE_CONNECTIONS = 64
PROGRAM = [sys.executable, "-m", "wandeng.interfaces.cli.main"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--feeders", type=int, default=60)
    chosen = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: scripts/install-system nginx wrk")
    _open_files(chosen.connections + 1000)
    with tempfile.TemporaryDirectory(prefix="wandeng-bench-") as home:
        os.environ |= {"WANDENG_HOME": home, "WANDENG_PLAIN_HTTP": "1"}
        import django

        django.setup()
        # A folder that workers of nginx may read, whoever they are.
        Path(home).chmod(0o755)
        print(json.dumps(measure(chosen, Path(home)), indent=2))


def _open_files(wanted: int) -> None:
    """Each connection is a file, of wrk and of nginx; only an administrator raises the upper bound (``ulimit -Hn``)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        if soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except ValueError:
        sys.exit(
            f"this machine lets a process open {hard} files, {wanted} are needed: ulimit -Hn, or fewer connections"
        )


def measure(chosen: argparse.Namespace, home: Path) -> dict[str, Any]:
    from tests.kits import nginx

    spots, charter = county(chosen.feeders)
    port = nginx.free_port()
    answers = [f"/power/at/{feeder}.{area}/data" for feeder, area in spots]
    files = [path for feeder, _ in spots for path in ("/status/heartbeat.json", f"/status/{feeder}.json")]
    load = os.getloadavg()
    with (
        running([*PROGRAM, "status", "publish", "--watch"]),
        running([*PROGRAM, "serve", "--no-worker", "--port", str(port)]),
    ):
        answered(port, answers[0])
        baseline = asked(port, answers, BASELINE_CONNECTIONS, chosen.seconds, home)
        with nginx.running(home / "nginx", home=home, upstream=port) as front:
            _warm(front, files)
            with watching(front, charter) as seen:
                ours = asked(front, files, chosen.connections, chosen.seconds, home)
        with nginx.running(home / "unlimited", home=home, upstream=port, without=("limit_req ",)) as front:
            _warm(front, answers)
            kept = asked(front, answers, chosen.connections, chosen.seconds, home)
    return {
        "connections": chosen.connections, "feeders": chosen.feeders, "goal": GOAL, "ours": ours | seen,
        "kept_pages": kept, "baseline": baseline | {"connections": BASELINE_CONNECTIONS},
        "ratio": round(ours["requests_per_s"] / baseline["requests_per_s"], 1),
        "load_before": [round(one, 2) for one in load], "load_after": [round(one, 2) for one in os.getloadavg()],
    }  # fmt: skip


def county(feeders: int) -> tuple[list[tuple[str, str]], Any]:
    """A storm over many lines; where somebody of each would ask."""
    from django.core.management import call_command
    from tests.kits import storm_world as storm

    from wandeng.flows.supply_status import finding, publishing
    from wandeng.infra import pii
    from wandeng.interfaces.doorway.words import planned_outages as planned_words
    from wandeng.interfaces.doorway.words import supply_status as words

    call_command("migrate", verbosity=0)
    pii.create_key()
    charter = storm.build()
    lines = storm.more_lines(feeders - len(storm.FEEDERS))
    at = datetime.now(UTC) - timedelta(minutes=30)
    for line in (*storm.FEEDERS, *lines[: feeders // 4]):
        for house in (1, 2):
            storm.call(charter, f"{line}1-{house:02d}", at=at)
    publisher = publishing.Publisher(words.everywhere, planned_words.everywhere)
    publisher.publish(datetime.now(UTC))
    publisher.close()
    found = [finding.by_number(f"{line}1-03")[0] for line in (*storm.FEEDERS, *lines)]
    return [(one.feeder, one.area) for one in found], charter


class running:  # noqa: N801
    """A program while the block runs."""

    def __init__(self, command: list[str]) -> None:
        self.command = command

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def answered(port: int, path: str, *, patience: float = 120.0) -> None:
    """Wait until the application answers."""
    from tests.kits import nginx

    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            if nginx.ask(port, path).status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    sys.exit(f"nobody answers {path}")


def _warm(front: int, paths: list[str]) -> None:
    from tests.kits import nginx

    for path in paths:
        if nginx.ask(front, path).status != 200:
            sys.exit(f"{path} is not answered")


def asked(port: int, paths: list[str], connections: int, seconds: int, home: Path) -> dict[str, Any]:
    """wrk over these addresses, for so long."""
    listed = home / "paths"
    listed.write_text("\n".join(paths) + "\n")
    script = Path(__file__).with_suffix(".lua")
    command = ["wrk", "-t", str(WRK_THREADS), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "5s", "-s", script,
               f"http://127.0.0.1:{port}", "--", listed, str(os.getpid())]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 120).stdout
    found = json.loads(next(line for line in said.splitlines() if line.startswith("FIGURES")).removeprefix("FIGURES "))
    elapsed = found.pop("seconds")
    return {"requests_per_s": round(found["requests"] / elapsed), **found}


class watching:  # noqa: N801
    """The age of the answer, asked every second, and a call in the middle of it all, while the block runs."""

    def __init__(self, front: int, charter: Any) -> None:
        self.front, self.charter, self.ages = front, charter, []  # type: ignore[var-annotated]
        self.over, self.seen = threading.Event(), {}  # type: ignore[var-annotated]

    def __enter__(self) -> dict[str, Any]:
        self.threads = [threading.Thread(target=one) for one in (self._ask_ages, self._call)]
        for one in self.threads:
            one.start()
        return self.seen

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for one in self.threads:
            one.join()
        self.seen["oldest_s"] = round(max(self.ages), 1)
        self.seen["ages_asked"] = len(self.ages)

    def _ask_ages(self) -> None:
        from tests.kits import nginx

        while not self.over.wait(1):
            got = nginx.ask(self.front, "/status/heartbeat.json")
            served = parsedate_to_datetime(got.headers["date"])
            self.ages.append((served - datetime.fromisoformat(json.loads(got.body)["made_at"])).total_seconds())

    def _call(self) -> None:
        from tests.kits import nginx
        from tests.kits import storm_world as storm

        from wandeng.flows.supply_status import finding

        (spot,) = finding.by_number("A6-01")
        self.over.wait(3)
        storm.call(self.charter, "A6-02", at=datetime.now(UTC))
        begun = time.monotonic()
        while time.monotonic() - begun < 60:
            if spot.area in json.loads(nginx.ask(self.front, f"/status/{spot.feeder}.json").body)["areas"]:
                self.seen["shown_after_s"] = round(time.monotonic() - begun, 1)
                return
            time.sleep(0.2)


if __name__ == "__main__":
    main()
