"""Setting up the demo channel: keys for both sides, made here and now, so that the whole way is signed like a real one."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from wandeng.domains.payments.actions import online
from wandeng.domains.payments.queries import online as orders
from wandeng.kernel.actors import Actor

CODE = "DEMOPAY"
SERIAL = "DEMO"
_BITS = 2048


def set_up(*, site: str, actor: Actor, at: datetime) -> str:
    """The demo channel, with new keys unless it has some. Returns its code.

    Raises ``NotAllowed`` unless the actor administers the whole installation.
    """
    if any(one.code == CODE for one in orders.channels_shown()):
        return CODE
    ours, theirs = (generate_private_key(public_exponent=65537, key_size=_BITS) for _side in range(2))
    facts = {
        "site": site,
        "gateway": "https://demo.invalid",
        "app_id": "wx-demo",
        "serial": "OURS",
        "platform_keys": json.dumps({SERIAL: _public(theirs)}),
        "merchant_key": _public(ours),
    }
    kept = {
        "private_key": private_pem(ours),
        "platform_private_key": private_pem(theirs),
        "api_key": secrets.token_hex(16),
    }
    return online.set_up_channel(
        code=CODE, kind="DEMO", name="演示收银台", merchant="1900000000", facts=facts, secrets=kept, is_active=True,
        actor=actor, at=at,
    )  # fmt: skip


def private_pem(key: RSAPrivateKey) -> str:
    """A private key as adapters take it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _public(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
