"""The shipped configuration of nginx, run in a folder of its own before an application of a test."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections

SHIPPED = Path(__file__).resolve().parents[2] / "deploy/nginx"
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer: status, headers (small letters), body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(port: int, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answered:
    """One question over a connection of its own; redirects are not followed."""
    wire = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        given["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        wire.request(method, path, body=body, headers=given)
        got = wire.getresponse()
        return Answered(got.status, {name.lower(): value for name, value in got.getheaders()}, got.read())
    finally:
        wire.close()


@dataclass(slots=True)
class Application:
    """The application, answering on a port and counting what it was asked, until it is killed."""

    port: int
    asked: Counter[str] = field(default_factory=Counter)
    _server: Any = None

    def kill(self) -> None:
        """From now on nobody listens there."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Quiet(WSGIRequestHandler):
    """Tells nobody of each request."""

    log_message = staticmethod(lambda *_: None)


@contextmanager
def application(*, before: Callable[[str], None] | None = None) -> Iterator[Application]:
    """The application of this process on a free port; ``before`` is done before each answer."""
    handler, lock = WSGIHandler(), threading.Lock()
    found = Application(0)

    def counted(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        with lock:
            found.asked[environ["PATH_INFO"]] += 1
        if before:
            before(environ["PATH_INFO"])
        try:
            return handler(environ, start)
        finally:
            connections.close_all()

    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet, allow_reuse_address=True)
    server.daemon_threads = True
    server.set_app(counted)
    found.port, found._server = server.server_port, server
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield found
    finally:
        found.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepared(folder: Path, *, home: Path, upstream: int, port: int, without: Sequence[str] = ()) -> Path:
    """The shipped files in a folder, with what is of an installation put in: home, application, own address; and with what is
    of Debian's folders put below this one. Lines that begin with one of ``without`` are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    here = {
        "/var/lib/wandeng": str(home), "127.0.0.1:8000": f"127.0.0.1:{upstream}", "listen 80 ": f"listen 127.0.0.1:{port} ",
        "/var/cache/nginx/wandeng": str(folder / "cache"), "/var/log/nginx": str(folder), "/run/nginx.pid": f"{folder}/pid",
        "/usr/share/wandeng/nginx": str(SHIPPED), "user www-data": f"user {pwd.getpwuid(os.getuid()).pw_name}",
    }  # fmt: skip
    for path in SHIPPED.glob("*.conf"):
        text = path.read_text()
        for shipped, own in here.items():
            text = text.replace(shipped, own)
        kept = (
            [line for line in text.splitlines() if not line.strip().startswith(tuple(without))] if without else [text]
        )
        (folder / path.name).write_text("\n".join(kept))
    return folder / "nginx.conf"


@contextmanager
def running(folder: Path, *, home: Path, upstream: int, without: Sequence[str] = ()) -> Iterator[int]:
    """nginx with the shipped configuration on a free port, until the block ends."""
    port = free_port()
    configuration = prepared(folder, home=home, upstream=upstream, port=port, without=without)
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    kept = [f"{part}_temp_path {folder}/{part};" for part in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    text = configuration.read_text().replace("http {", "http {\n    " + "\n    ".join(kept), 1)
    configuration.write_text(text)
    command = [program, "-p", str(folder), "-c", str(configuration), "-e", str(folder / "errors"), "-g", "daemon off;"]
    server = subprocess.Popen(command)
    try:
        _wait_for(port, server, folder)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _wait_for(port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nginx does not answer: {(folder / 'errors').read_text()}")
