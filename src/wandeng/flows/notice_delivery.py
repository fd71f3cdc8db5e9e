"""Delivering what waits in the outbox: asked about first, then claimed, called for, and written down.

The intention is committed before a gateway is called, and what it said in a transaction afterwards. A worker killed in
between leaves messages at SENDING; when their lease is over the gateway is asked about them by number. They are handed
over again only when it has never seen them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from wandeng.domains.notices import queries as notices
from wandeng.domains.notices.frames import Manner, Told, breaker, claim, note, settle, to_ask
from wandeng.domains.notices.frames.claiming import Claimed
from wandeng.domains.notices.queries import sending
from wandeng.domains.notices.types import Answer, Gateway, Message, Outcome
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary

Clock = Callable[[], datetime]
MARGIN = timedelta(seconds=30)
"""So much longer than a call may take is what is claimed left to the one who claimed it."""
_WORKED = frozenset({Outcome.ACCEPTED, Outcome.DELIVERED, Outcome.REFUSED, Outcome.UNDELIVERED})

log = logging.getLogger(__name__)


def ways_out() -> Sequence[Gateway]:
    """The gateways of this installation, from the door that the settings name."""
    found: Callable[[], Sequence[Gateway]] = import_string(settings.WANDENG_CHANNELS)
    return found()


def deliver_due(*, clock: Clock, gateways: Sequence[Gateway] | None = None, library: RuleLibrary | None = None) -> int:
    """One round of every way out: ask, claim, hand over, write down. Returns how many recipients it moved on.

    Several workers may do so at once; any may be killed at any time.
    """
    if not notices.anything_due(now=clock()):
        return 0
    rules = library or current.library()
    with ColumnStore() as store:
        return sum(_round(store, gateway, clock, rules) for gateway in (ways_out() if gateways is None else gateways))


def deliver_all(*, clock: Clock, gateways: Sequence[Gateway] | None = None, library: RuleLibrary | None = None) -> int:
    """Round after round until nothing is due; returns how many recipients were moved on."""
    moved = 0
    while done := deliver_due(clock=clock, gateways=gateways, library=library):
        moved += done
    return moved


def _round(store: ColumnStore, gateway: Gateway, clock: Clock, library: RuleLibrary) -> int:
    asked = _ask(store, gateway, clock)
    stands = breaker(store, gateway.code, now=clock())
    if stands.is_open:
        return asked
    claimed = _claim(store, gateway, clock(), library, 1 if stands.is_trying else gateway.at_once)
    if claimed.is_empty:
        return asked
    return asked + claimed.put + _hand_over(store, gateway, claimed, clock)


def _lease(gateway: Gateway) -> timedelta:
    return timedelta(seconds=gateway.call_seconds + gateway.settle_seconds) + MARGIN


def _claim(store: ColumnStore, gateway: Gateway, now: datetime, library: RuleLibrary, limit: int) -> Claimed:
    rule_of = cache(lambda territory: sending.rule(library, at=now, territory=territory))
    allowed = cache(
        lambda territory, purpose: sending.allowed_from(library, at=now, territory=territory, purpose=purpose)
    )
    return claim(
        store,
        gateway=gateway.code,
        channel=gateway.channel,
        now=now,
        limit=limit,
        lease=_lease(gateway),
        rule_of=rule_of,
        allowed_from=allowed,
    )


def _hand_over(store: ColumnStore, gateway: Gateway, claimed: Claimed, clock: Clock) -> int:
    messages = [one.message for one in claimed.to_send]
    if not messages:
        return 0
    answers = _sent(gateway, messages)
    told = [
        Told(message.message_id, claimed.calls[message.message_id], answer)
        for message, answer in zip(messages, answers, strict=True)
    ]
    moved = settle(store, told, manner=_manner(gateway), now=clock())
    worked = sum(answer.outcome in _WORKED for answer in answers)
    note(store, gateway.code, gateway.channel, worked=worked, failed=len(answers) - worked, now=clock())
    return moved


def _sent(gateway: Gateway, messages: Sequence[Message]) -> Sequence[Answer]:
    """What the gateway said; one that breaks its promise never to raise has said nothing."""
    try:
        answers = gateway.send(messages)
    except Exception as error:
        log.exception("gateway %s failed", gateway.code)
        return [Answer(Outcome.UNKNOWN, type(error).__name__)] * len(messages)
    return answers if len(answers) == len(messages) else [Answer(Outcome.UNKNOWN, "answers missing")] * len(messages)


def _ask(store: ColumnStore, gateway: Gateway, clock: Clock) -> int:
    """Ask about what is open; what another gateway was given, or one that cannot be asked, stays unknown."""
    asked = to_ask(store, channel=gateway.channel, now=clock(), limit=gateway.at_once)
    if not asked:
        return 0
    own = [one.message_id for one in asked if one.gateway == gateway.code]
    answers = gateway.ask(own) if own and gateway.can_be_asked else {}
    told = [
        Told(one.message_id, one.calls, answers.get(one.message_id, Answer(Outcome.UNKNOWN, "not told")))
        for one in asked
    ]
    return settle(store, told, manner=_manner(gateway), now=clock())


def _manner(gateway: Gateway) -> Manner:
    return Manner(gateway.can_be_asked, gateway.reports, timedelta(seconds=gateway.settle_seconds))
