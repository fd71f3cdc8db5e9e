"""Personal data at rest: sealed with AES-256-GCM, found again through a keyed blind index, shown masked.

The key lives outside the database, in ``WANDENG_HOME/pii.key`` (made by ``wandeng init``, mode 600). A sealed value is
bound to its column by the associated data, so a ciphertext copied elsewhere does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from wandeng.kernel.errors import Refused

_VERSION = b"\x01"


class KeyMissing(Refused):
    """The installation has no key for personal data."""

    code = "PII_KEY_MISSING"


@lru_cache(maxsize=64)
def _derived_from(key: bytes, purpose: str) -> bytes:
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


@lru_cache(maxsize=4)
def _key_path(home: str) -> Path:
    return Path(home) / "pii.key"


def key_path() -> Path:
    """Where the key file of this installation lies, or would."""
    return _key_path(str(settings.HOME))


def create_key() -> bool:
    """Make the key file unless there is one. Returns whether it was made."""
    path = key_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(32))
    return True


@lru_cache(maxsize=4)
def _read_key(path: Path) -> bytes:
    if not path.exists():
        raise KeyMissing(f"no key for personal data at {path}: run 'wandeng init' first")
    return path.read_bytes()


def _derived(purpose: str) -> bytes:
    return _derived_from(_read_key(key_path()), purpose)


def seal_many(values: Iterable[str], *, column: str) -> list[str]:
    """Encrypt values for one column; empty stays empty."""
    cipher = AESGCM(_derived(f"seal:{column}"))
    sealed = []
    for value in values:
        if not value:
            sealed.append("")
            continue
        nonce = os.urandom(12)
        body = cipher.encrypt(nonce, value.encode(), column.encode())
        sealed.append(base64.b64encode(_VERSION + nonce + body).decode())
    return sealed


def open_sealed(value: str, *, column: str) -> str:
    """Decrypt one value. Callers log the reason; see ``customers.actions.reveal_phone``."""
    if not value:
        return ""
    raw = base64.b64decode(value)
    cipher = AESGCM(_derived(f"seal:{column}"))
    return cipher.decrypt(raw[1:13], raw[13:], column.encode()).decode()


def index_many(values: Iterable[str], *, column: str) -> list[str]:
    """Blind index: equal values give equal 128-bit codes, nobody without the key can tell which; empty stays empty."""
    key = _derived(f"index:{column}")
    return [hmac.new(key, v.encode(), hashlib.sha256).hexdigest()[:32] if v else "" for v in values]


def mask_phone(phone: str) -> str:
    """The form that lists show.

    >>> mask_phone("13812345678")
    '138****5678'
    """
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else "****"
