"""The telephone menu (语音导航) as dated data: what is said, which digit leads where, what is looked up on the way."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Protocol

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows, Strict, TopicModel
from wandeng.kernel import voice_menu as calc
from wandeng.kernel.errors import InvalidInput

Above = Annotated[int, Field(gt=0)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")]
_SLOT = re.compile(r"\{([a-z_]+)\}")
ACTIONS = {
    "STORM": frozenset({"ANNOUNCED", "QUIET"}),
    "CHECK": frozenset({"RIGHT", "WRONG"}),
    "KNOWN": frozenset({"YES", "NO"}),
    "BILL": frozenset({"TOLD", "NONE"}),
    "OUTAGE": frozenset({"OFF", "NOTHING"}),
    "PAY_POINTS": frozenset({"TOLD", "NONE"}),
    "REPORT": frozenset({"OPENED", "ASKED_BEFORE"}),
}
"""What a node may ask for, and what may come of it: STORM whether a storm is announced; CHECK whether the account number that was
typed is one of the caller's; KNOWN whether it was checked in this call; REPORT a case of a fault."""
SAID = {
    "storm": {"announcement"},
    "bill": {"month", "amount", "owed"},
    "outage": {"places"},
    "pay_points": {"places"},
    "reported": {"case"},
    "reported_before": {"case"},
}
"""Prompts that actions say themselves, with their slots."""


class VoicePrompt(Strict):
    """Something that is said."""

    code: Name
    text: Annotated[str, Field(min_length=1, max_length=200)]


class VoicePrompts(Group):
    """All that is said."""

    table: Rows[VoicePrompt]


class VoiceNode(Strict):
    """A node as ``kernel.voice_menu.Node``."""

    name: Name
    kind: Literal["MENU", "INPUT", "ASK", "TRANSFER", "END"]
    say: Rows[Name] = ()
    choices: dict[str, Name] = Field(default_factory=dict)
    digits: Above = 1
    next: str = ""
    action: str = ""
    outcomes: dict[str, Name] = Field(default_factory=dict)


class VoiceTree(Group):
    """The nodes; ``again`` is the prompt for whoever pressed nothing useful, ``lost`` the node after ``tries``."""

    start: Name
    lost: Name
    again: Name
    tries: Above
    nodes: Rows[VoiceNode]


class Tree(Protocol):
    """What :func:`tree_of` reads."""

    @property
    def start(self) -> str: ...
    @property
    def lost(self) -> str: ...
    @property
    def again(self) -> str: ...
    @property
    def tries(self) -> int: ...
    @property
    def nodes(self) -> Sequence[VoiceNode]: ...


def tree_of(tree: Tree) -> calc.Menu:
    """A tree as it is walked."""
    nodes = {
        one.name: calc.Node(
            one.name, calc.NodeKind(one.kind), one.say, one.choices, one.digits, one.next, one.action, one.outcomes
        )
        for one in tree.nodes
    }
    return calc.Menu(tree.start, tree.lost, tree.again, tree.tries, nodes)


def require_walkable(
    menu: calc.Menu, nodes: Sequence[VoiceNode], prompts: Sequence[VoicePrompt], *, again: str,
    actions: Mapping[str, frozenset[str]], said: Mapping[str, set[str]],
) -> None:  # fmt: skip
    """Refuse a tree that cannot be walked, a prompt that stands twice, is said by nobody or has other slots than its own. Raises
    ``ValueError``."""
    codes, names = [one.code for one in prompts], [one.name for one in nodes]
    if len(set(codes)) != len(codes) or len(set(names)) != len(names):
        raise ValueError("each prompt and each node stands in its table once")
    told = {again, *(code for one in nodes for code in one.say), *said}
    if told != set(codes):
        raise ValueError(f"prompts without a text, or that nobody says: {', '.join(sorted(told ^ set(codes)))}")
    for one in prompts:
        if set(_SLOT.findall(one.text)) != said.get(one.code, set()):
            raise ValueError(f"the prompt {one.code} has the slots {', '.join(sorted(said.get(one.code, ())))}")
    try:
        calc.checked(menu, actions)
    except InvalidInput as refusal:
        raise ValueError(refusal.message) from None


class VoiceLimits(Group):
    """Seconds a caller has for a digit, and checks of account numbers an hour and calling number."""

    seconds: Above
    checks_an_hour: Above


class VoiceMenu(TopicModel):
    """Tree, prompts, limits."""

    topic_name: ClassVar[str] = "voice_menu"

    tree: VoiceTree
    prompts: VoicePrompts
    limits: VoiceLimits

    @model_validator(mode="after")
    def _can_be_walked(self) -> VoiceMenu:
        require_walkable(
            self.menu(), self.tree.nodes, self.prompts.table, again=self.tree.again, actions=ACTIONS, said=SAID
        )  # fmt: skip
        return self

    def menu(self) -> calc.Menu:
        """The tree as it is walked."""
        return tree_of(self.tree)

    def texts(self) -> dict[str, str]:
        """Prompt → its text."""
        return {one.code: one.text for one in self.prompts.table}
