"""Logged-in people reading the console: requests a second and the slowest of a hundred, with many at once.

A demonstration county is made (on ``WANDENG_DATABASE_URL``, else on the embedded default), served by ``wandeng serve``
with two processes, and read by 32 clients over their own kept-open connections, each as one of the roles, in the mix
below. The baseline is the address that a load balancer asks (one query, no page): what the same stack can do at most.

    scripts/with-postgres --durable .venv/bin/python benchmarks/pages.py [CUSTOMERS] [REQUESTS]

With ``--made`` the demonstration already stands in ``WANDENG_HOME`` and ``WANDENG_DATABASE_URL``.

Goal: 300 requests/s, p99 at most 400 ms, on PostgreSQL. Server, database and clients share the machine, so the processor
time that the server's processes took for a request is told as well: it is what more processors would divide. Prints JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

CLIENTS = 32
MIX = {
    "HALL_CLERK": (
        "/console/",
        "/console/customers/",
        "/console/customers/account/{account}/",
        "/console/search/?q={account}",
    ),
    "CALL_CLERK": ("/console/", "/console/customers/account/{account}/", "/console/search/?q={account}"),
    "BILLING_CLERK": ("/console/", "/console/bills/runs/", "/console/bills/", "/console/customers/account/{account}/"),
    "METER_READER": ("/console/", "/console/metering/routes/"),
    "COUNTY_MANAGER": ("/console/", "/console/customers/"),
}
FLOOR = "/health"


@dataclass
class Timings:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    elapsed_s: float = 0.0
    server_ms: float = 0.0

    def figures(self) -> dict[str, float]:
        ordered = sorted(self.seconds)
        return {
            "requests_per_s": round(len(ordered) / self.elapsed_s, 1),
            "p50_ms": round(ordered[len(ordered) // 2] * 1000, 1),
            "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
            "server_cpu_ms_a_request": round(self.server_ms, 2),
        }


class Client:
    """One person's browser: a kept-open connection and a cookie jar."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.streams = port, {}, None

    async def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        try:
            return await self._ask(method, path, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            # A connection that was kept open too long is closed by the server; a browser opens another.
            self.streams = None
            return await self._ask(method, path, body)

    async def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {jar}\r\n"
        head += f"Referer: http://127.0.0.1:{self.port}/\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{head}\r\n{body}".encode())
        await writer.drain()
        return await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, str]:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        length, chunked, closing = 0, False, False
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            match name.lower():
                case "content-length":
                    length = int(value)
                case "transfer-encoding":
                    chunked = "chunked" in value
                case "connection":
                    closing = value == "close"
                case "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
        text = b""
        while chunked:
            size = int(await reader.readline(), 16)
            text += (await reader.readexactly(size + 2))[:-2]
            chunked = size > 0
        text += await reader.readexactly(length)
        if closing:
            self.streams = None
        return int(lines[0].split()[1]), text.decode(errors="replace")

    async def log_in(self, role: str) -> None:
        _, page = await self.ask("GET", "/console/login/")
        code = re.search(rf'value="([^"]+)" data-role="{role}"', page)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert code, f"the login page offers no {role}"
        assert token
        status, _ = await self.ask("POST", "/console/login/", f"demo={quote(code[1])}&csrfmiddlewaretoken={token[1]}")
        assert status == 302, status


async def accounts_of(client: Client) -> list[str]:
    """Account numbers that this person may see, from the list itself."""
    _, page = await client.ask("GET", "/console/customers/?size=200")
    return sorted(set(re.findall(r"/console/customers/account/(\d{6,20})/", page)))


async def read_pages(port: int, requests: int) -> Timings:
    timings, rng = Timings(), random.Random(20261121)
    people: list[tuple[Client, str, list[str]]] = []
    for number in range(CLIENTS):
        role = list(MIX)[number % len(MIX)]
        client = Client(port)
        await client.log_in(role)
        people.append((client, role, await accounts_of(client) if "{account}" in "".join(MIX[role]) else []))
    left = iter(range(requests))

    async def work(client: Client, role: str, accounts: list[str]) -> None:
        for _ in left:
            path = rng.choice(MIX[role]).format(account=rng.choice(accounts) if accounts else "")
            await _timed(client, path, timings)

    started = time.perf_counter()
    await asyncio.gather(*(work(*person) for person in people))
    timings.elapsed_s = time.perf_counter() - started
    return timings


async def read_floor(port: int, requests: int) -> Timings:
    timings, left = Timings(), iter(range(requests))

    async def work() -> None:
        client = Client(port)
        for _ in left:
            await _timed(client, FLOOR, timings)

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CLIENTS)))
    timings.elapsed_s = time.perf_counter() - started
    return timings


async def _timed(client: Client, path: str, timings: Timings) -> None:
    started = time.perf_counter()
    status, _ = await client.ask("GET", path)
    timings.seconds.append(time.perf_counter() - started)
    if status != 200:
        timings.failures[f"{status} {path}"] = timings.failures.get(f"{status} {path}", 0) + 1


PROGRAM = (sys.executable, "-m", "wandeng.interfaces.cli.main")


def make(home: Path, customers: int) -> None:
    """A demonstration county."""
    command = [*PROGRAM, "demo", "--no-serve", "--customers", str(customers)]
    subprocess.run(command, env=os.environ | {"WANDENG_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)


def serve(home: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A served demonstration, and its port."""
    environment = os.environ | {"WANDENG_HOME": str(home)}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    served = [*PROGRAM, "serve", "--demo", "--no-worker", "--port", str(port)]
    server = subprocess.Popen(served, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server, port
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def processor_s(root: int) -> float:
    """Processor seconds that a process and all below it have taken (Linux)."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)], spent[int(stat.parent.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    ours, found = {root}, True
    while found:
        found = {one for one, parent in parents.items() if parent in ours} - ours
        ours |= found
    return sum(spent.get(one, 0) for one in ours) / os.sysconf("SC_CLK_TCK")


def measure(server: int, read: Callable[[], Timings]) -> Timings:
    """What the clients saw, and what it cost the server."""
    before = processor_s(server)
    timings = read()
    timings.server_ms = (processor_s(server) - before) * 1000 / len(timings.seconds)
    return timings


def main() -> None:
    given = [one for one in sys.argv[1:] if one != "--made"]
    customers = int(given[0]) if given else 20_000
    requests = int(given[1]) if len(given) > 1 else 6_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(os.environ["WANDENG_HOME"] if "--made" in sys.argv else folder)
        if "--made" not in sys.argv:
            make(home, customers)
        server, port = serve(home)
        try:
            asyncio.run(read_pages(port, requests // 10))
            pages = measure(server.pid, lambda: asyncio.run(read_pages(port, requests)))
            floor = measure(server.pid, lambda: asyncio.run(read_floor(port, requests)))
        finally:
            server.terminate()
            server.wait(30)
    store = os.environ.get("WANDENG_DATABASE_URL", "sqlite").partition(":")[0]
    ours, baseline = pages.figures(), floor.figures()
    report = {
        "benchmark": "pages", "store": store, "customers": customers, "clients": CLIENTS, "ours": ours,
        "baseline": {"name": "health, one query and no page", **baseline},
        "ratio": round(ours["requests_per_s"] / baseline["requests_per_s"], 3), "failures": pages.failures,
        "load": os.getloadavg()[0],
    }  # fmt: skip
    print(json.dumps(report, ensure_ascii=False, indent=2))
    if pages.failures:
        raise SystemExit("not every page answered")


if __name__ == "__main__":
    main()
