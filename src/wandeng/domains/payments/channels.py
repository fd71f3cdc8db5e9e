"""What is secret of a channel: sealed in the database, opened only for the adapter that signs."""

from __future__ import annotations

import json
from collections.abc import Mapping

from wandeng.infra import pii

SECRETS = "payments_paymentchannel.secrets"
BODY = "payments_providermessage.body"
"""Names that ``infra.pii`` derives keys from."""


def sealed(secrets: Mapping[str, str]) -> str:
    """Secrets as they are stored."""
    return pii.seal_many([json.dumps(dict(secrets), sort_keys=True)], column=SECRETS)[0] if secrets else ""


def opened(stored: str) -> dict[str, str]:
    """Stored secrets as they sign."""
    found: dict[str, str] = json.loads(pii.open_sealed(stored, column=SECRETS)) if stored else {}
    return found
