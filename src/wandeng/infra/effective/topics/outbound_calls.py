"""Automatic outbound calls (自动外呼) as dated data: when customers are called, how often, what is said and which key means what."""

from __future__ import annotations

from datetime import time
from typing import ClassVar, Literal

from pydantic import model_validator

from wandeng.infra.effective.topics.voice_menu import (
    Above,
    Name,
    VoiceNode,
    VoicePrompt,
    require_walkable,
    tree_of,
)
from wandeng.infra.effective.values import Group, Rows, TopicModel
from wandeng.kernel import voice_menu as calc

Purpose = Literal["DUNNING", "CALL_BACK"]
_NOTED = frozenset({"NOTED"})
ACTIONS = {
    "DUNNING": {"OWED": frozenset({"OWES", "NOTHING"}), "SAYS_PAID": _NOTED, "WANTS_PERSON": _NOTED},
    "CALL_BACK": {
        "MATTER": frozenset({"ASKED", "OVER"}), "SATISFIED": _NOTED, "DISSATISFIED": _NOTED, "ABSENT": _NOTED,
        "WANTS_PERSON": _NOTED,
    },
}  # fmt: skip
"""Purpose → what a node may ask for, and what may come of it: OWED what is overdue now; MATTER whether the customer is still to be
asked; the others note what was pressed, ABSENT that nobody came."""
SAID = {"DUNNING": {"owed": {"tail", "owed"}}, "CALL_BACK": {"matter": {"service"}}}
"""Purpose → prompts that actions say themselves, with their slots."""


class CallHours(Group):
    """Customers are called from ``begins`` to ``ends`` (exclusive), local time of day."""

    begins: time
    ends: time

    @model_validator(mode="after")
    def _by_day(self) -> CallHours:
        if self.begins >= self.ends:
            raise ValueError("the hours in which customers are called begin before they end")
        return self


class Trying(Group):
    """``attempts`` at a reminder, so many minutes apart; after ``lost_minutes`` without a word of the exchange a call counts as lost;
    ``at_once`` lines are used."""

    attempts: Above
    after_minutes: Above
    lost_minutes: Above
    at_once: Above


class AskedByMachine(Group):
    """Kinds of cases whose call-backs a machine makes; hours and attempts are those of the kind."""

    processes: Rows[Name]


class CallMenu(Group):
    """What is said for a purpose, as the tree of ``voice_menu``; ``seconds`` are for a key."""

    purpose: Purpose
    start: Name
    lost: Name
    again: Name
    tries: Above
    seconds: Above
    nodes: Rows[VoiceNode]
    prompts: Rows[VoicePrompt]

    @model_validator(mode="after")
    def _can_be_walked(self) -> CallMenu:
        require_walkable(
            self.menu(), self.nodes, self.prompts, again=self.again, actions=ACTIONS[self.purpose],
            said=SAID[self.purpose],
        )  # fmt: skip
        return self

    def menu(self) -> calc.Menu:
        """The tree as it is walked."""
        return tree_of(self)

    def texts(self) -> dict[str, str]:
        """Prompt → its text."""
        return {one.code: one.text for one in self.prompts}


class OutboundCalls(TopicModel):
    """Hours, trying, which call-backs, what is said."""

    topic_name: ClassVar[str] = "outbound_calls"

    hours: CallHours
    trying: Trying
    call_backs: AskedByMachine
    menus: Rows[CallMenu]

    @model_validator(mode="after")
    def _each_purpose_once(self) -> OutboundCalls:
        if sorted(one.purpose for one in self.menus) != sorted(ACTIONS):
            raise ValueError(f"each purpose has one menu: {', '.join(sorted(ACTIONS))}")
        return self

    def menu_of(self, purpose: str) -> CallMenu:
        """The menu of a purpose."""
        return next(one for one in self.menus if one.purpose == purpose)
