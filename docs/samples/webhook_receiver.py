#!/usr/bin/env python3
"""A sample receiver of Wandeng's webhooks. Standard library only; take it as a start for your own.

    WEBHOOK_SECRET=whsec_… python3 webhook_receiver.py --port 8099

It verifies the signature (Standard Webhooks: HMAC-SHA256 of ``id.timestamp.body``), refuses timestamps that are more
than five minutes off, drops what it has seen before, and prints each event as one line of JSON on standard output. Answer 2xx quickly and
do the work afterwards: Wandeng waits three seconds, then tries again later with the same ``webhook-id``.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import os
import sys
import time
from collections import OrderedDict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 300
LARGEST_BODY = 1_000_000
REMEMBERED = 10_000


class Refused(Exception):
    """The message is not to be believed."""


def verify(secret: str, headers, body: bytes, now: float) -> str:
    """The message's id when the message is genuine and fresh. Raises :class:`Refused`."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not message_id or not timestamp.isdigit():
        raise Refused("headers are missing")
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise Refused("the timestamp is too old or too new")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    for part in headers.get("webhook-signature", "").split():
        version, _, found = part.partition(",")
        if version == "v1" and hmac.compare_digest(found, expected):
            return message_id
    raise Refused("the signature does not fit")


class Receiver(BaseHTTPRequestHandler):
    """Answers POST on any path."""

    secret = ""
    seen: OrderedDict[str, None] = OrderedDict()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= LARGEST_BODY:
            self._answer(413, "a body of 1 byte to 1 MB is expected")
            return
        body = self.rfile.read(length)
        try:
            message_id = verify(self.secret, self.headers, body, time.time())
        except Refused as refusal:
            self._answer(401, str(refusal))
            return
        if message_id in self.seen:
            self._answer(200, "seen before")
            return
        self.seen[message_id] = None
        while len(self.seen) > REMEMBERED:
            self.seen.popitem(last=False)
        print(json.dumps({"id": message_id, **json.loads(body)}, ensure_ascii=False), flush=True)
        self._answer(200, "heard")

    def _answer(self, status: int, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8099, help="0 takes a free one; it is printed first")
    parser.add_argument("--host", default="127.0.0.1")
    chosen = parser.parse_args()
    Receiver.secret = os.environ.get("WEBHOOK_SECRET", "")
    if not Receiver.secret:
        print("set WEBHOOK_SECRET to the secret that Wandeng showed when the endpoint was made", file=sys.stderr)
        return 2
    server = ThreadingHTTPServer((chosen.host, chosen.port), Receiver)
    print(f"listening on http://{chosen.host}:{server.server_address[1]}/", file=sys.stderr, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
