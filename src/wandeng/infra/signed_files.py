"""Numbered, signed, expiring messages between this installation and one that obeys it or reports to it.

A message is one JSON document: the channel, a number without gaps, a time of issue and of expiry, a body, and an
Ed25519 signature over the canonical bytes of all of that. The reader refuses what is forged, replayed, out of order or
too old, and says which. Private keys lie outside the database, in ``WANDENG_HOME/keys``, mode 600; whom to believe is
said by public keys in ``WANDENG_HOME/keys/trusted``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from wandeng.kernel.errors import InvalidInput, Refused

FORMAT = "wandeng-signed/1"
MAX_CHARACTERS = 100_000
_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


class MessageRefused(Refused):
    """A message that is not obeyed. ``channel`` is what it claims to be of, empty when it cannot be read."""

    code = "MESSAGE_REFUSED"


class Unreadable(MessageRefused):
    """Not a message of this format."""

    code = "MESSAGE_UNREADABLE"


class Forged(MessageRefused):
    """Signed by nobody who is trusted, or changed after it was signed."""

    code = "MESSAGE_FORGED"


class Replayed(MessageRefused):
    """A number that was taken before."""

    code = "MESSAGE_REPLAYED"


class Gapped(MessageRefused):
    """A number was skipped: one before it is missing."""

    code = "MESSAGE_GAPPED"


class Expired(MessageRefused):
    """It came after the time until which it may be obeyed."""

    code = "MESSAGE_EXPIRED"


@dataclass(frozen=True, slots=True)
class Message:
    """What is signed. ``body`` holds texts, whole numbers, flags and nested mappings only."""

    channel: str
    sequence: int
    issued_at: datetime
    expires_at: datetime
    body: Mapping[str, Any]

    def canonical(self) -> bytes:
        """The bytes the signature is made of: equal messages give equal bytes."""
        facts = {
            "format": FORMAT, "channel": self.channel, "sequence": self.sequence, "body": self.body,
            "issued_at": self.issued_at.isoformat(), "expires_at": self.expires_at.isoformat(),
        }  # fmt: skip
        return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Opened:
    """A message whose signature was found good, and whose key made it."""

    message: Message
    key_id: str
    digest: str


class Signer:
    """Signs with one private key, made at first use."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self._key = _private(folder or keys_folder(), name)
        self.public = self._key.public_key().public_bytes_raw()
        self.key_id = key_id(self.public)

    def seal(self, message: Message) -> str:
        """The message as one line of text, signed."""
        raw = message.canonical()
        signed = {**json.loads(raw), "key_id": self.key_id, "signature": self._key.sign(raw).hex()}
        return json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def keys_folder() -> Path:
    """Where the keys of this installation lie."""
    return Path(settings.HOME) / "keys"


def key_id(public: bytes) -> str:
    """The short name of a public key, which a message carries."""
    return hashlib.sha256(public).hexdigest()[:16]


def trust(name: str, public: bytes, folder: Path | None = None) -> None:
    """Believe messages of a party from now on. Done by whoever runs the machine, once, with a key brought by hand."""
    if not _NAME.fullmatch(name):
        raise InvalidInput(f"'{name}' is no name for a key: small letters, digits and hyphens")
    place = (folder or keys_folder()) / "trusted"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{name}.pub").write_text(public.hex())


def trusted(name: str, folder: Path | None = None) -> dict[str, bytes]:
    """Public keys, by id, of the party of a name; none when it is unknown."""
    path = (folder or keys_folder()) / "trusted" / f"{name}.pub"
    if not path.exists():
        return {}
    public = bytes.fromhex(path.read_text().strip())
    return {key_id(public): public}


def open_signed(text: str, keys: Mapping[str, bytes]) -> Opened:
    """Read a message and look at its signature.

    Raises :class:`Unreadable`, :class:`Forged`.
    """
    message, named, signature = _read(text)
    public = keys.get(named)
    if public is None:
        raise Forged("the message is signed by a key that is not trusted", **_claimed(message))
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message.canonical())
    except InvalidSignature:
        raise Forged("the message was changed after it was signed", **_claimed(message)) from None
    return Opened(message, named, digest(text))


def digest(text: str) -> str:
    """SHA-256 of what came, whatever it is."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def admit(message: Message, *, channel: str, last: int, now: datetime) -> None:
    """Refuse a message that is not the next of its channel, or too old; ``last`` is the number taken before.

    Raises :class:`Forged` for another channel, :class:`Replayed`, :class:`Gapped`, :class:`Expired`.
    """
    facts = _claimed(message)
    if message.channel != channel:
        raise Forged(f"the message is of channel {message.channel}, not {channel}", **facts)
    if message.sequence <= last:
        raise Replayed(f"message {message.sequence} of channel {channel} was taken before", **facts)
    if message.sequence != last + 1:
        raise Gapped(f"message {message.sequence} of channel {channel} came, {last + 1} is missing", **facts)
    if now >= message.expires_at:
        raise Expired(f"message {message.sequence} of channel {channel} has expired", **facts)


def _claimed(message: Message) -> dict[str, object]:
    return {"channel": message.channel, "sequence": message.sequence}


def _read(text: str) -> tuple[Message, str, bytes]:
    wrong = Unreadable("this is no signed message")
    if len(text) > MAX_CHARACTERS:
        raise wrong
    try:
        facts = json.loads(text)
        if not isinstance(facts, dict) or facts["format"] != FORMAT or not isinstance(facts["body"], dict):
            raise wrong
        issued, expires = (datetime.fromisoformat(facts[key]) for key in ("issued_at", "expires_at"))
        sequence, channel, named = facts["sequence"], facts["channel"], facts["key_id"]
        signature = bytes.fromhex(facts["signature"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise wrong from None
    if type(sequence) is not int or not isinstance(channel, str) or not isinstance(named, str):
        raise wrong
    if issued.tzinfo is None or expires.tzinfo is None:
        raise wrong
    return Message(channel, sequence, issued, expires, facts["body"]), named, signature


def _private(folder: Path, name: str) -> Ed25519PrivateKey:
    if not _NAME.fullmatch(name):
        raise InvalidInput(f"'{name}' is no name for a key: small letters, digits and hyphens")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.key"
    if not path.exists():
        # Written aside and linked into place: two processes that begin together end with one key.
        aside = folder / f".{name}.{os.getpid()}"
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Ed25519PrivateKey.generate().private_bytes_raw())
        try:
            os.link(aside, path)
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
