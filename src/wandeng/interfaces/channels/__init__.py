"""channels: the ways by which notices leave. The settings name :func:`ways_out`, because flows know no door.

Without anything configured every message is written down by the recording outbox and goes nowhere. A channel with an
address of its own (``WANDENG_SMS_URL`` and so on) is sent through that gateway instead, as far as ``WANDENG_OUTGOING``
lets calls out. Letters have no gateway: people print them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from wandeng.domains.notices.types import Channel, Gateway
from wandeng.interfaces.channels.http import HttpGateway
from wandeng.interfaces.channels.recording import RecordingOutbox


def ways_out() -> Sequence[Gateway]:
    """A gateway for each channel that has one, the urgent kind first."""
    return tuple(_gateway(channel) for channel in Channel if channel is not Channel.LETTER)


def _gateway(channel: Channel) -> Gateway:
    chosen = settings.WANDENG_GATEWAYS.get(str(channel), {})
    if not chosen.get("url"):
        return RecordingOutbox(channel)
    return HttpGateway(channel, chosen["url"], query_url=chosen.get("query_url", ""), token=chosen.get("token", ""))
