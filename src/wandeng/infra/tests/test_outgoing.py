"""Calls leave only for what is allowed, to the address that was checked, and never wait or read for long (goal S7)."""

from __future__ import annotations

import ast
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import wandeng
from wandeng.infra import outgoing
from wandeng.infra.outgoing import Allowed, CallFailed, CallNotAllowed

LOOPBACK = Allowed.parse("127.0.0.1/32")
PUBLIC = "93.184.215.14"


@dataclass
class Server:
    port: int
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            running.heard.append((self.path, dict(self.headers), body))
            if self.path == "/elsewhere":
                self.send_response(302)
                self.send_header("Location", f"http://127.0.0.1:{running.port}/secret")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            if self.path == "/huge":
                self.wfile.write(b"x" * (outgoing.MAX_BYTES + 1))
            elif self.path == "/drip":
                for _ in range(100):
                    self.wfile.write(b".")
                    self.wfile.flush()
                    time.sleep(0.05)
            else:
                self.wfile.write(b"heard")

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    running.port = listening.server_address[1]
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield running
    listening.shutdown()
    listening.server_close()


def call(url: str, allowed: Allowed = LOOPBACK, **more: object) -> outgoing.Answer:
    return outgoing.post(url, body=b"{}", headers={"Content-Type": "application/json"}, allowed=allowed, **more)  # type: ignore[arg-type]


def leads_to(*addresses: str) -> outgoing.Lookup:
    return lambda host, port: addresses


def test_an_allowed_call_arrives_with_its_body(server: Server) -> None:
    answer = call(f"http://127.0.0.1:{server.port}/hook?a=1")
    assert (answer.status, answer.body) == (200, b"heard")
    path, headers, body = server.heard[0]
    assert (path, body, headers["Content-Type"]) == ("/hook?a=1", b"{}", "application/json")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://172.16.3.4/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://224.0.0.1/",
        f"http://{PUBLIC}/",
        "http://hooks.example.org/",
        "http://example.com.evil.org/",
        "http://user@hooks.example.com/",
        "http://hooks.example.com@127.0.0.1/",
        "http://hooks.example.com\\@127.0.0.1/",
        "http://hooks.example.com:0/",
        "http://hooks.example.com:99999/",
        "http://hooks.example.com/ x",
        "http://hooks.example.com/\r\nHost: evil",
        "https:///path",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "hooks.example.com",
        "",
    ],
)
def test_what_is_not_on_the_list_is_refused_before_anything_is_sent(url: str) -> None:
    allowed = Allowed.parse("hooks.example.com, *.example.com")
    with pytest.raises(CallNotAllowed):
        call(url, allowed, lookup=leads_to("127.0.0.1"))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::", "::ffff:10.0.0.1", "fe80::1%eth0", "0.0.0.0"]
)
def test_an_allowed_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(CallNotAllowed):
        call("http://hooks.example.com/", Allowed.parse("hooks.example.com"), lookup=leads_to(PUBLIC, address))


def test_a_name_is_looked_up_once_and_the_checked_address_is_called(server: Server) -> None:
    """A rebinding name server answers well at first and with the inside afterwards."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return answers.pop(0)

    answer = call(f"http://hooks.example.com:{server.port}/", LOOPBACK, lookup=rebinding)
    assert (answer.status, asked) == (200, ["hooks.example.com"])
    assert server.heard[0][1]["Host"] == f"hooks.example.com:{server.port}"


def test_a_network_allows_what_lies_inside_and_nothing_else() -> None:
    allowed = Allowed.parse("10.20.0.0/16")
    assert allowed.has_address(outgoing.ipaddress.ip_address("10.20.3.4"))
    with pytest.raises(CallNotAllowed):
        call("http://10.21.0.1/", allowed)


def test_nothing_is_allowed_by_default() -> None:
    with pytest.raises(CallNotAllowed):
        outgoing.check("https://hooks.example.com/", allowed=Allowed.parse(""))


def test_an_entry_that_is_neither_name_nor_network_is_refused() -> None:
    for entry in ("10.0.0.1/8", "*", "2130706433", "a b"):
        with pytest.raises(ValueError, match="neither a name nor a network"):
            Allowed.parse(entry)


def test_a_redirect_is_an_answer_and_is_not_followed(server: Server) -> None:
    assert call(f"http://127.0.0.1:{server.port}/elsewhere").status == 302
    assert [path for path, _, _ in server.heard] == ["/elsewhere"]


def test_an_answer_larger_than_a_megabyte_is_refused(server: Server) -> None:
    with pytest.raises(CallFailed, match="larger"):
        call(f"http://127.0.0.1:{server.port}/huge")


def test_an_answer_that_drips_is_cut_off(server: Server) -> None:
    with pytest.raises(CallFailed, match="no answer within"):
        call(f"http://127.0.0.1:{server.port}/drip", seconds=0.3)


def test_a_name_that_cannot_be_looked_up_fails() -> None:
    def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(CallFailed, match="leads nowhere"):
        call("http://hooks.example.com/", Allowed.parse("hooks.example.com"), lookup=nowhere)


def test_a_port_nobody_listens_on_fails(server: Server) -> None:
    with pytest.raises(CallFailed, match="no answer: ConnectionRefusedError"):
        call("http://127.0.0.1:1/")


def test_proxies_of_the_environment_are_not_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert call(f"http://127.0.0.1:{server.port}/").status == 200


def test_nobody_else_calls_out() -> None:
    """Every other module that could open a connection is a second way out."""
    doors = {"http.client", "urllib.request", "requests", "httpx", "aiohttp", "smtplib", "ftplib"}
    source = Path(wandeng.__file__).parent
    found = []
    for path in source.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            if doors & set(names) and "tests" not in path.parts:
                found.append(path.relative_to(source).as_posix())
    assert found == ["infra/outgoing.py"]
