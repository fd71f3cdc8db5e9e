"""Evidence and time lines in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wandeng.domains.collections.actions.reconnection import PAID
from wandeng.interfaces.doorway.words import disconnection as words
from wandeng.interfaces.doorway.words import dunning as dunning_words


def chain(steps: Sequence[Any]) -> list[dict[str, Any]]:
    """The steps of a chain of evidence: what, when it reached whom, by what proof."""
    return [
        {
            "title": (dunning_words.STEPS | words.PREPAY_PROOFS)[one.kind],
            "reached_at": one.reached_at,
            "whom": dunning_words.WHOM.get(one.reached_whom, ""),
            "channel": dunning_words.CHANNELS.get(one.channel, one.channel),
            "evidence": one.evidence,
            "authority": one.authority_reference,
        }
        for one in steps
    ]


def events(order: Any) -> list[dict[str, Any]]:
    """The time line of an order: its moves, refused dispatches and returns, in time."""
    found: list[dict[str, Any]] = [
        {
            "title": words.MOVES[one.move], "at": one.at, "who": one.actor,
            "tone": words.ORDER_TONES[one.to_state], "note": words.PAID if one.reason.startswith(PAID) else one.reason,
        }
        for one in order.moves
    ]  # fmt: skip
    found += [
        {"refused": one.sentence, "at": one.at, "who": one.actor, "tone": "warn", "code": one.code}
        for one in order.refusals
    ]
    for back in order.reconnections:
        found.append(
            {
                "back": back,
                "title": words.CAUSES[back.cause],
                "at": back.ordered_at,
                "who": back.ordered_by,
                "tone": "info",
            }
        )
    return sorted(found, key=lambda one: one["at"])
