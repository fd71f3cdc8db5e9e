"""A small demonstration county, served as `wandeng serve` serves it, and real Chromium before it.

`wandeng demo` with 300 customers is made once for a run; each process of it serves a copy, in a folder of its own (on
PostgreSQL it is made for each, in a database of its own). A test gets a page that is logged in as the holder of a role;
whatever the page said on the console, every breach of the content security policy and every request that left the machine
fails the test.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

CUSTOMERS = 300
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DATABASE = f"wandeng_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
POSTGRES = os.environ.get("WANDENG_DATABASE_URL", "").startswith("postgres")
LONGEST = ("test_every_page.py", "test_stored_scripts.py", "test_english.py")
SERVER_SECONDS = 120
FIRST_SECONDS = 900
PATIENCE_MS = 30_000
"""How long a page may take on a busy machine before a test gives up."""
expect.set_options(timeout=PATIENCE_MS)
WHOLE = """async () => {
    const frame = () => new Promise(requestAnimationFrame)
    const moves = (one) => one.playState === "running" && one.effect.getComputedTiming().endTime < Infinity
    await frame()
    await frame()
    for (let all; (all = document.getAnimations().filter(moves)).length > 0; ) {
        await Promise.all(all.map((one) => one.finished.catch(() => null)))
    }
}"""
"""What the last answer, or another theme, led to is drawn, and everything that moves has arrived."""
PROGRAM = [sys.executable, "-m", "wandeng.interfaces.cli.main"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("timeout") is None:
                # Whoever comes first waits for the county, or for a walk over every page as every role.
                item.add_marker(pytest.mark.timeout(FIRST_SECONDS))
    # With --no-loadscope-reorder processes take files in this order: none waits at the end for another with a long one.
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


@dataclass
class Seen:
    """What a page said that no page may say."""

    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page, base: str) -> None:
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("request", lambda asked: self._outside(asked.url, base))

    def _said(self, kind: str, text: str) -> None:
        # A form that is refused answers 422, which Chromium calls an error, and so it calls a signal that is lost: it is what
        # the test asked for.
        if kind == "error" and "status of 422" not in text and "ERR_INTERNET_DISCONNECTED" not in text:
            self.complaints.append(text)

    def _outside(self, url: str, base: str) -> None:
        if not url.startswith((base, "data:", "blob:", "about:")):
            self.complaints.append(f"left the machine: {url}")


def look_at(page: Page, path: str) -> None:
    """Open a page, and wait for the parts, charts and maps that it asks for by itself: nothing is under way, twice in a row
    with all that an answer leads to in between."""
    under_way: set[Request] = set()
    listeners = {
        "request": lambda asked: under_way.add(asked),
        "requestfinished": lambda asked: under_way.discard(asked),
        "requestfailed": lambda asked: under_way.discard(asked),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.goto(path)
    quiet = 0
    while quiet < 2:
        page.evaluate(WHOLE)
        quiet = 0 if under_way else quiet + 1
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration that nobody has touched; the process that comes first makes it (none on PostgreSQL)."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home, done = shared / "demonstration", shared / "demonstration-done"
    with (shared / "demonstration-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (POSTGRES or done.exists()):
            _make(home, "")
            done.touch()
    return home


@pytest.fixture(scope="session")
def demonstration(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., AbstractContextManager[str]]:
    """``demonstration(name, program)``: a copy, changed by a program of the tests where one is named, while it is served."""

    def opened(name: str, program: str = "") -> AbstractContextManager[str]:
        return served(made, tmp_path_factory.mktemp(name) / "home", f"{DATABASE}_{name}", program)

    return opened


@pytest.fixture(scope="session")
def installation(demonstration: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a served demonstration."""
    with demonstration("plain") as base:
        yield base


@pytest.fixture(scope="module")
def poisoned(demonstration: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a demonstration in which every text that somebody can write is an attack (:mod:`poison`)."""
    with demonstration("poisoned", "tests.browser.poison") as base:
        yield base


@pytest.fixture(scope="module")
def latin(demonstration: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """The address of a demonstration in which nothing that people wrote is Chinese (:mod:`latin`)."""
    with demonstration("latin", "tests.browser.latin") as base:
        yield base


@contextmanager
def served(made: Path, home: Path, database: str, program: str) -> Iterator[str]:
    with _Database(database) as address:
        if address:
            _make(home, address)
        else:
            shutil.copytree(made, home)
        environment = _environment(home, address)
        if program:
            _run([sys.executable, "-m", program], environment)
        port = _free_port()
        with (home / "log").open("wb") as log:
            server = subprocess.Popen(
                [*PROGRAM, "serve", "--demo", "--port", str(port), "--processes", "1"],
                env=environment,
                stdout=log,
                stderr=log,
            )
        base = f"http://127.0.0.1:{port}"
        try:
            _wait_for(base, server, home / "log")
            yield base
        finally:
            server.terminate()
            server.wait(30)


def _make(home: Path, address: str) -> None:
    home.mkdir()
    _run([*PROGRAM, "demo", "--no-serve", "--customers", str(CUSTOMERS)], _environment(home, address))


def _environment(home: Path, address: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WANDENG_")}
    return kept | {"WANDENG_HOME": str(home)} | ({"WANDENG_DATABASE_URL": address} if address else {})


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


class _Database:
    """A database of its own on the server of the PostgreSQL round; nothing on the embedded default."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> str:
        given = os.environ.get("WANDENG_DATABASE_URL", "")
        if not given.startswith("postgres"):
            return ""
        self.server = given
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self.name}")
        return urlunsplit(urlsplit(given)._replace(path=f"/{self.name}"))

    def __exit__(self, *_: object) -> None:
        if hasattr(self, "server"):
            with psycopg.connect(self.server, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {self.name} WITH (FORCE)")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SERVER_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{base}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not answer:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "Chromium is not installed: scripts/install-system browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, installation: str) -> Iterator[Callable[..., Page]]:
    """``open_page(width=1440, height=900, dark=False)``: a page before nobody has logged in."""
    seen, contexts = Seen(), []

    def opened(*, width: int = 1440, height: int = 900, dark: bool = False) -> Page:
        context = chromium.new_context(
            base_url=installation,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        seen.watch(page, installation)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert seen.complaints == []


@pytest.fixture
def page_as(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """``page_as("BILLING_CLERK", width=390)``: the home page of the demonstration's account with this role."""

    def logged_in(role: str, **options: object) -> Page:
        page = open_page(**options)
        page.goto("/console/login/")
        page.locator(f'button[name="demo"][data-role="{role}"]').first.click()
        page.wait_for_url("**/console/")
        return page

    return logged_in
