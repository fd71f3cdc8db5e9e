"""Where a gateway hands over short messages that customers sent: ``POST /channels/sms/`` ``{"id", "from", "text"}``, signed.

Answered ``{"id", "new"}`` once the message is kept; the answer to the customer goes through the gateway like every message.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wandeng.flows import text_service
from wandeng.interfaces.channels.requests import Told, signed


@signed(text_service.GATEWAY, id=str, from_=str, text=str)
def take(told: Told, at: datetime) -> dict[str, Any]:
    """Keep the message; the answer follows by the gateway."""
    taken = text_service.receive(outside_id=told["id"], phone=told["from_"], text=told["text"], at=at)
    return {"id": told["id"], "new": taken.is_new}
