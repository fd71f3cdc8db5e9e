"""Logged-in people reading the console: requests a second and the slowest of a hundred, with many at once.

A demonstration county is made (on ``WANDENG_DATABASE_URL``, else on the embedded default), served by ``wandeng serve``
with two processes, and read by 32 clients over their own kept-open connections, each as one of the roles, in the mix
below. The baseline is the address that a load balancer asks (one query, no page): what the same stack can do at most.

    scripts/with-postgres --durable .venv/bin/python benchmarks/pages.py [CUSTOMERS] [REQUESTS]

With ``--made`` the demonstration already stands in ``WANDENG_HOME`` and ``WANDENG_DATABASE_URL``; with ``--each`` every page of the
mix is asked alone as well. ``--processes=`` and ``--threads=`` go to ``wandeng serve``.

Goal: 300 requests/s, p99 at most 400 ms, on PostgreSQL. Server, database and clients share the machine, so the processor time
that each of them took for a request is told as well: it holds on a busy machine too. Logging in is not measured. Prints JSON.
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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

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


_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
Person = tuple["Client", str, list[str]]


@dataclass
class Timings:
    """What the clients saw."""

    seconds: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    elapsed_s: float = 0.0
    server_ms: float = 0.0
    database_ms: float = 0.0
    client_ms: float = 0.0

    def figures(self) -> dict[str, float]:
        ordered = sorted(self.seconds)
        return {
            "requests_per_s": round(len(ordered) / self.elapsed_s, 1),
            "p50_ms": round(ordered[len(ordered) // 2] * 1000, 1),
            "p99_ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
            "server_cpu_ms_a_request": round(self.server_ms, 2),
            "database_cpu_ms_a_request": round(self.database_ms, 2),
            "client_cpu_ms_a_request": round(self.client_ms, 2),
        }


class Client(asyncio.Protocol):
    """One person's browser: a kept-open connection and a cookie jar. It takes little processor time itself: every answer tells
    its length, so that nothing but heads is looked through."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.transport: asyncio.Transport | None = None
        self.answer: asyncio.Future[tuple[bytes, bytes]] | None = None
        self.got, self.awaited = bytearray(), 0

    async def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        status, text = await self.fetch(method, path, body)
        return status, text.decode(errors="replace")

    async def fetch(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        try:
            head, text = await self._ask(method, path, body)
        except ConnectionError:
            # A connection that was kept open too long is closed by the server; a browser opens another.
            self.hang_up()
            head, text = await self._ask(method, path, body)
        if b"\r\nset-cookie: " in head.lower():
            for line in head.decode().split("\r\n"):
                name, _, value = line.partition(": ")
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
        if b"\r\nconnection: close" in head.lower():
            self.hang_up()
        return int(head[9:12]), text

    async def _ask(self, method: str, path: str, body: str) -> tuple[bytes, bytes]:
        loop = asyncio.get_running_loop()
        if self.transport is None or self.transport.is_closing():
            await loop.create_connection(lambda: self, "127.0.0.1", self.port)
        assert self.transport is not None
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {jar}\r\n"
        head += f"Referer: http://127.0.0.1:{self.port}/\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self.answer = loop.create_future()
        self.transport.write(f"{head}\r\n{body}".encode())
        return await self.answer

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.abort()
        self.transport = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.got, self.awaited = transport, bytearray(), 0

    def data_received(self, data: bytes) -> None:
        self.got += data
        if not self.awaited:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                return
            told = _LENGTH.search(self.got, 0, end + 2)
            assert told, "an answer that does not tell its length"
            self.awaited = end + 4 + int(told[1])
        if len(self.got) >= self.awaited and self.answer is not None and not self.answer.done():
            head, _, text = bytes(self.got).partition(b"\r\n\r\n")
            self.got, self.awaited = bytearray(), 0
            self.answer.set_result((head, text))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionError(str(exc)))

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


async def log_in_all(port: int, roles: Sequence[str] = (), count: int = CLIENTS) -> list[Person]:
    """People who are logged in, with the accounts that they may see."""
    people: list[Person] = []
    roles = roles or list(MIX)
    for number in range(count):
        role = roles[number % len(roles)]
        client = Client(port)
        await client.log_in(role)
        people.append((client, role, await accounts_of(client) if "{account}" in "".join(MIX[role]) else []))
        client.hang_up()
    return people


async def read_pages(people: Sequence[Person], requests: int, only: str = "") -> Timings:
    """Everybody reads the pages of their role, or one of them alone."""
    timings, rng, left = Timings(), random.Random(20261121), iter(range(requests))

    async def work(client: Client, role: str, accounts: list[str]) -> None:
        for _ in left:
            path = (only or rng.choice(MIX[role])).format(account=rng.choice(accounts) if accounts else "")
            await _timed(client, path, timings)

    started = time.perf_counter()
    await asyncio.gather(*(work(*person) for person in people))
    timings.elapsed_s = time.perf_counter() - started
    for client, _role, _accounts in people:
        client.hang_up()
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
    status, _ = await client.fetch("GET", path)
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
    given = [one for one in sys.argv[1:] if one.startswith(("--processes=", "--threads="))]
    served = [*PROGRAM, "serve", "--demo", "--no-worker", "--port", str(port), *given]
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
    """Processor seconds that a process, all below it, and what ended below it have taken (Linux)."""
    parents, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)], spent[int(stat.parent.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    ours, found = {root}, True
    while found:
        found = {one for one, parent in parents.items() if parent in ours} - ours
        ours |= found
    return sum(spent.get(one, 0) for one in ours) / os.sysconf("SC_CLK_TCK")


def postmaster() -> int:
    """The process above all of the database's, if it is PostgreSQL on this machine; else 0."""
    url = os.environ.get("WANDENG_DATABASE_URL", "")
    if not url.startswith("postgres"):
        return 0
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row
        stat = Path(f"/proc/{row[0]}/stat")
        text = stat.read_text() if stat.exists() else ""
        return int(text.rpartition(") ")[2].split()[1]) if "(postgres)" in text else 0


def measure(server: int, read: Callable[[], Timings]) -> Timings:
    """What the clients saw, and what it cost the server, the database and the clients themselves."""
    database = postmaster()
    before = processor_s(server), processor_s(database) if database else 0, time.process_time()
    timings = read()
    after = processor_s(server), processor_s(database) if database else 0, time.process_time()
    spent = [(late - early) * 1000 / len(timings.seconds) for early, late in zip(before, after, strict=True)]
    timings.server_ms, timings.database_ms, timings.client_ms = spent
    return timings


def each(server: int, port: int, requests: int) -> list[dict[str, object]]:
    """Every page of the mix alone, asked by four people: what it costs."""
    told: list[dict[str, object]] = []
    for role, paths in MIX.items():
        people = asyncio.run(log_in_all(port, [role], 4))
        for path in paths:
            asyncio.run(read_pages(people, 8, path))
            timings = measure(server, lambda path=path, people=people: asyncio.run(read_pages(people, requests, path)))
            told.append({"role": role, "path": path, **timings.figures(), "failures": timings.failures})
    return told


def main() -> None:
    given = [one for one in sys.argv[1:] if not one.startswith("--")]
    customers = int(given[0]) if given else 20_000
    requests = int(given[1]) if len(given) > 1 else 6_000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(os.environ["WANDENG_HOME"] if "--made" in sys.argv else folder)
        if "--made" not in sys.argv:
            make(home, customers)
        server, port = serve(home)
        try:
            people = asyncio.run(log_in_all(port))
            asyncio.run(read_pages(people, max(requests // 10, 2 * CLIENTS)))
            pages = measure(server.pid, lambda: asyncio.run(read_pages(people, requests)))
            floor = measure(server.pid, lambda: asyncio.run(read_floor(port, requests)))
            alone = each(server.pid, port, max(requests // 20, 20)) if "--each" in sys.argv else []
        finally:
            server.terminate()
            server.wait(30)
    store = os.environ.get("WANDENG_DATABASE_URL", "sqlite").partition(":")[0]
    ours, baseline = pages.figures(), floor.figures()
    report = {
        "benchmark": "pages", "store": store, "customers": customers, "clients": CLIENTS, "requests": requests, "ours": ours,
        "baseline": {"name": "health, one query and no page", **baseline},
        "ratio": round(ours["requests_per_s"] / baseline["requests_per_s"], 3), "failures": pages.failures,
        "load": os.getloadavg()[0], "each": alone,
    }  # fmt: skip
    print(json.dumps(report, ensure_ascii=False, indent=2))
    if pages.failures:
        raise SystemExit("not every page answered")


if __name__ == "__main__":
    main()
