"""The menu of a telephone line (语音导航): a tree as data, and one pure step through it.

A node says prompts and then waits for digits (``MENU``, ``INPUT``), has something looked up or done (``ASK``), hands the caller
to a person (``TRANSFER``) or ends (``END``). :func:`step` knows neither clock, nor database, nor telephone: whoever calls it does
what a step asks for and comes back with what came of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from wandeng.kernel.errors import InvalidInput

DIGITS = frozenset("0123456789*#")
NO_SLOTS: Mapping[str, str] = {}


class NodeKind(StrEnum):
    """What a node does after its prompts."""

    MENU = "MENU"
    INPUT = "INPUT"
    ASK = "ASK"
    TRANSFER = "TRANSFER"
    END = "END"


class Then(StrEnum):
    """What the telephone does next, or (``DO``) whoever called :func:`step`."""

    GATHER = "GATHER"
    DO = "DO"
    TRANSFER = "TRANSFER"
    HANGUP = "HANGUP"


@dataclass(frozen=True, slots=True)
class Node:
    """``choices``: digit → node (MENU). ``digits``: how many at most (INPUT), on to ``next``. ``action``: what is asked for (ASK),
    ``outcomes``: what may come of it → node."""

    name: str
    kind: NodeKind
    say: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    digits: int = 1
    next: str = ""
    action: str = ""
    outcomes: Mapping[str, str] = field(default_factory=dict)

    @property
    def ways(self) -> tuple[str, ...]:
        """The nodes that follow."""
        return (*self.choices.values(), *filter(None, [self.next]), *self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Menu:
    """A whole menu. ``again`` is said to whoever pressed nothing or what is no choice; after ``tries`` the caller goes to the
    node ``lost``."""

    start: str
    lost: str
    again: str
    tries: int
    nodes: Mapping[str, Node]


class At(NamedTuple):
    """Where a caller is: the node, and how often in a row nothing useful was pressed there."""

    node: str
    tries: int = 0


class Prompt(NamedTuple):
    """A prompt by its code, with its slots."""

    code: str
    slots: Mapping[str, str] = NO_SLOTS


@dataclass(frozen=True, slots=True)
class Step:
    """What is said, where the caller is then, and what comes next. ``action`` with ``given`` digits when ``DO``."""

    say: tuple[Prompt, ...]
    at: At
    then: Then
    action: str = ""
    given: str = ""
    digits: int = 1


def checked(menu: Menu, actions: Mapping[str, frozenset[str]]) -> Menu:
    """The menu, if it can be walked. ``actions``: what may be asked for → what may come of it.

    Raises :class:`InvalidInput` naming the node: one that leads nowhere known, that nobody reaches, whose digits or outcomes are
    not those there are, or that goes round without the caller having a say.
    """
    for node in menu.nodes.values():
        _check_node(node, menu, actions)
    reached, waiting = set[str](), [menu.start, menu.lost]
    while waiting:
        name = waiting.pop()
        if name not in menu.nodes:
            raise InvalidInput(f"the menu has no node {name}")
        if name not in reached:
            reached.add(name)
            waiting += menu.nodes[name].ways
    if lonely := sorted(set(menu.nodes) - reached):
        raise InvalidInput(f"nobody reaches the nodes {', '.join(lonely)}")
    for name in menu.nodes:
        _check_ends(menu, name, ())
    return menu


def _check_node(node: Node, menu: Menu, actions: Mapping[str, frozenset[str]]) -> None:
    for way in node.ways:
        if way not in menu.nodes:
            raise InvalidInput(f"node {node.name} leads to {way}, which is not there")
    fits = {
        NodeKind.MENU: bool(node.choices) and set(node.choices) <= DIGITS and not node.next and not node.outcomes,
        NodeKind.INPUT: bool(node.next) and 1 <= node.digits <= 32 and not node.choices and not node.outcomes,
        NodeKind.ASK: frozenset(node.outcomes) == actions.get(node.action) and not node.choices and not node.next,
        NodeKind.TRANSFER: not node.ways,
        NodeKind.END: not node.ways,
    }
    if not fits[node.kind]:
        known = f"; {node.action} comes to {', '.join(sorted(actions.get(node.action, ())))}" if node.action else ""
        raise InvalidInput(f"node {node.name} has not what a {node.kind} has{known}")


def _check_ends(menu: Menu, name: str, before: tuple[str, ...]) -> None:
    """Whoever asks node after node comes to one that waits for the caller, or ends."""
    if name in before:
        raise InvalidInput(f"the nodes {', '.join(before)} go round without the caller having a say")
    node = menu.nodes[name]
    if node.kind is NodeKind.ASK:
        for way in node.outcomes.values():
            _check_ends(menu, way, (*before, name))


def begin(menu: Menu) -> Step:
    """The first step of a call."""
    return enter(menu, menu.start)


def enter(menu: Menu, name: str, before: tuple[Prompt, ...] = (), given: str = "") -> Step:
    """Come to a node: its prompts after those ``before``, and what it waits for."""
    node = menu.nodes[name]
    say = (*before, *(Prompt(code) for code in node.say))
    if node.kind in (NodeKind.MENU, NodeKind.INPUT):
        return Step(say, At(name), Then.GATHER, digits=node.digits)
    if node.kind is NodeKind.ASK:
        return Step(say, At(name), Then.DO, node.action, given)
    return Step(say, At(name), Then.TRANSFER if node.kind is NodeKind.TRANSFER else Then.HANGUP)


def step(menu: Menu, at: At, pressed: str) -> Step:
    """What follows from digits, empty for none in time. Raises :class:`InvalidInput` where no digits are waited for."""
    node = menu.nodes.get(at.node)
    if node is None or node.kind not in (NodeKind.MENU, NodeKind.INPUT):
        raise InvalidInput(f"nobody is asked for digits at {at.node}")
    if node.kind is NodeKind.MENU and pressed in node.choices:
        return enter(menu, node.choices[pressed])
    digits = pressed.removesuffix("#")
    if node.kind is NodeKind.INPUT and digits.isascii() and digits.isdigit() and len(digits) <= node.digits:
        return enter(menu, node.next, given=digits)
    if at.tries + 1 >= menu.tries:
        return enter(menu, menu.lost)
    found = enter(menu, at.node, (Prompt(menu.again),))
    return Step(found.say, At(at.node, at.tries + 1), found.then, digits=found.digits)


def came(menu: Menu, at: At, outcome: str, said: tuple[Prompt, ...] = ()) -> Step:
    """What follows from what came of an action, after what it has to say. Raises :class:`InvalidInput`."""
    node = menu.nodes.get(at.node)
    if node is None or outcome not in node.outcomes:
        raise InvalidInput(f"{outcome} cannot come of {at.node}")
    return enter(menu, node.outcomes[outcome], said)
