"""Call-backs of gateways that have no protocol of their own: JSON, signed with a secret that both sides hold.

``X-Wandeng-Time`` holds seconds since 1970, ``X-Wandeng-Signature`` the hexadecimal HMAC-SHA256 over that time, a line feed, the
path, a line feed and the body. A call of another time than now is refused, so that what was overheard cannot be played later; the
same call within that time is told by its own number. The secret lies in ``WANDENG_HOME/keys/<name>.secret``, mode 600.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

SECONDS = 300
"""How far the clocks of both sides may be apart."""
TIME, SIGNATURE = "X-Wandeng-Time", "X-Wandeng-Signature"


def secret_path(name: str) -> Path:
    """Where the secret of a gateway lies."""
    return Path(settings.HOME) / "keys" / f"{name}.secret"


def make_secret(name: str) -> str:
    """The secret of a gateway, made unless there is one."""
    path = secret_path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    made = secrets.token_hex(32)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(made)
    return made


def signature(secret: str, moment: str, path: str, body: bytes) -> str:
    """What a gateway writes into the header."""
    return hmac.new(secret.encode(), f"{moment}\n{path}\n".encode() + body, hashlib.sha256).hexdigest()


def headers_for(secret: str, path: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """Both headers of a call: for gateways in Python, and trials."""
    moment = str(int(at.timestamp()))
    return {TIME: moment, SIGNATURE: signature(secret, moment, path, body)}


def is_genuine(name: str, headers: Mapping[str, str], path: str, body: bytes, *, at: datetime) -> bool:
    """Whether a call was signed by who holds the secret, and just now. No secret: nothing is genuine."""
    place = secret_path(name)
    moment, given = headers.get(TIME, ""), headers.get(SIGNATURE, "")
    if not place.exists() or not (moment.isascii() and moment.isdigit() and len(moment) <= 12) or not given.isascii():
        return False
    if abs(int(moment) - at.timestamp()) > SECONDS:
        return False
    return hmac.compare_digest(signature(place.read_text("ascii").strip(), moment, path, body), given)
