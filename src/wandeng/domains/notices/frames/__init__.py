"""Columns of notices: one to many (``send_many``), tellings of a thing whose state changes (``tellings``), and the delivery of what waits (``claim``, ``to_ask``, ``settle``, the
breaker of a gateway)."""

from wandeng.domains.notices.frames.breaking import Breaker, breaker, note
from wandeng.domains.notices.frames.claiming import Claimed, claim
from wandeng.domains.notices.frames.fan_out import hundredths, notices_like, send_many, told_accounts
from wandeng.domains.notices.frames.letters import print_letters
from wandeng.domains.notices.frames.settling import Asked, Manner, Told, settle, to_ask

__all__ = [
    "Asked",
    "Breaker",
    "Claimed",
    "Manner",
    "Told",
    "breaker",
    "claim",
    "hundredths",
    "note",
    "notices_like",
    "print_letters",
    "send_many",
    "settle",
    "to_ask",
    "told_accounts",
]
