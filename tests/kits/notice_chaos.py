"""A gateway of our own making that fails as real ones do, and workers that deliver to it until they are killed."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SETTLE_SECONDS = 1
CALL_SECONDS = 0.25
LATE_SECONDS = 0.5
"""Longer than the caller waits: the message is taken, and the caller does not hear of it."""


@dataclass
class Provider:
    """What the gateway has taken: message number → how often. Three in a hundred calls are refused for now, three in a
    hundred are taken and answered too late."""

    dice: random.Random
    told: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    calls: int = 0

    def take(self, body: dict[str, Any]) -> tuple[int, float]:
        """The status of an answer, and how late it is."""
        with self.lock:
            self.calls += 1
            throw = self.dice.random()
            if throw < 0.03:
                return 503, 0.0
            # It does not drop what it has seen: whoever calls twice tells somebody twice.
            self.told[body["id"]] += 1
            self.people[body["to"]] += 1
            return 200, LATE_SECONDS if throw < 0.06 else 0.0

    def said(self, ids: list[str]) -> dict[str, dict[str, str]]:
        with self.lock:
            return {one: {"status": "delivered" if self.told[one] else "unknown"} for one in ids}


@contextmanager
def listening(provider: Provider) -> Iterator[str]:
    """The provider behind an address of this machine, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/query":
                self.answer(200, {"messages": provider.said(body["ids"])})
                return
            status, late = provider.take(body)
            time.sleep(late)
            self.answer(status, {"status": "delivered"})

        def answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                return  # the caller was killed, or has hung up

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def deliver(address: str, can_be_asked: bool, for_good: bool) -> None:
    """A worker: delivers until nothing is due, ``for_good`` until nothing is open."""
    from django.conf import settings

    from wandeng.domains.customers.tests import make as customers
    from wandeng.domains.notices.types import Channel
    from wandeng.flows import notice_delivery
    from wandeng.interfaces.channels.http import HttpGateway

    settings.WANDENG_OUTGOING = "127.0.0.0/8"
    notice_delivery.MARGIN = notice_delivery.timedelta(seconds=1)
    gateway = HttpGateway(
        Channel.SMS,
        f"{address}/send",
        query_url=f"{address}/query" if can_be_asked else "",
        seconds=CALL_SECONDS,
        settle_seconds=SETTLE_SECONDS,
    )
    gateway.reports = False
    while True:
        moved = notice_delivery.deliver_due(
            clock=lambda: datetime.now(UTC), gateways=[gateway], library=customers.library()
        )
        if not moved and not (for_good and waiting()):
            return
        if not moved:
            time.sleep(0.05)


def waiting() -> bool:
    """Whether anything is still to be done by itself."""
    from wandeng.domains.notices.models import NoticeRecipient

    return NoticeRecipient.objects.filter(due_at__isnull=False).exists()


def warm() -> None:
    """Everything a worker needs is imported and read before the forks: a kill hits the work, not the start."""
    from wandeng.domains.customers.tests import make as customers
    from wandeng.flows import notice_delivery  # noqa: F401
    from wandeng.interfaces.channels.http import HttpGateway  # noqa: F401

    customers.library()


def mark_after_send() -> None:
    """The planted fault: that somebody is told is written down only after the call, as a program does that knows no
    better."""
    from wandeng.domains.notices.frames import claiming
    from wandeng.flows import notice_delivery
    from wandeng.kernel.actors import SYSTEM

    warm()
    claim, settle = notice_delivery.claim, notice_delivery.settle
    undone: list[Any] = []

    class Undone(Exception):
        """Takes back what a claim wrote."""

    def without_intention(store, **words):
        found = claiming.Claimed((), 0)
        try:
            with store.transaction():
                found = claim(store, **words)
                raise Undone
        except Undone:
            undone.append((found, words))
        return found

    def marked_afterwards(store, told, **words):
        while undone:
            found, how = undone.pop()
            with store.transaction():
                claiming.begin(
                    store, found.to_send, gateway=how["gateway"], now=how["now"], lease=how["lease"], actor=SYSTEM
                )
        return settle(store, told, **words)

    notice_delivery.claim = without_intention
    notice_delivery.settle = marked_afterwards
