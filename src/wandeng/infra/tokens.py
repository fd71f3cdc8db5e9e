"""What is kept of a token that somebody else holds: of a program, a session, a kiosk."""

from __future__ import annotations

import hashlib


def digest(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
