"""The menu that is in force is walked whole: every node, every key, every outcome; and menus that cannot be walked are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics.voice_menu import ACTIONS, VoiceMenu
from wandeng.kernel import voice_menu as calc
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.voice_menu import At, Menu, Node, NodeKind, Step, Then

KEYS = ("", "99999", *"0123456789*#")


@pytest.fixture(scope="module")
def menu() -> Menu:
    library = RuleLibrary.load(default_root())
    return library.version(VoiceMenu, on=date(2026, 3, 20), territory="national").body.menu()


def test_a_transcript_walks_the_whole_menu(menu: Menu) -> None:
    """From the opening, every key at every node and every outcome of every action, until nothing new is met."""
    seen, ways, waiting = set[str](), set[tuple[str, str]](), [calc.begin(menu)]
    while waiting:
        found = waiting.pop()
        name = found.at.node
        if name in seen:
            continue
        seen.add(name)
        if found.then is Then.GATHER:
            for key in KEYS:
                after = calc.step(menu, found.at, key)
                ways.add((name, after.at.node))
                waiting.append(after)
        elif found.then is Then.DO:
            for outcome in ACTIONS[found.action]:
                after = calc.came(menu, found.at, outcome)
                ways.add((name, after.at.node))
                waiting.append(after)
        assert found.say or found.then is Then.DO, f"{name} is silent"
    assert seen == set(menu.nodes)
    assert {(one.name, way) for one in menu.nodes.values() for way in one.ways} <= ways


def test_from_everywhere_that_waits_a_person_is_near(menu: Menu) -> None:
    """0 leads to a person from every menu; who presses nothing comes to one as well."""
    for node in menu.nodes.values():
        if node.kind is NodeKind.MENU:
            assert calc.step(menu, At(node.name), "0").then is Then.TRANSFER, node.name
        if node.kind in (NodeKind.MENU, NodeKind.INPUT):
            at = At(node.name)
            for _time in range(menu.tries - 1):
                found = calc.step(menu, at, "")
                assert (found.at.node, found.say[0].code, found.then) == (node.name, menu.again, Then.GATHER)
                at = found.at
            assert calc.step(menu, at, "").then is Then.TRANSFER


def test_a_balance_is_told_behind_a_check_only(menu: Menu) -> None:
    """Whatever is personal is reached through RIGHT of a check or YES of one before, never past them."""
    guards = {name for name, one in menu.nodes.items() if one.action in ("CHECK", "KNOWN")}
    reached, waiting = set[str](), [menu.start]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        node = menu.nodes[name]
        passed = {"RIGHT", "YES"} if name in guards else set()
        waiting += [way for outcome, way in node.outcomes.items() if outcome not in passed]
        waiting += [*node.choices.values(), *filter(None, [node.next])]
    assert not {name for name in reached if menu.nodes[name].action in ("BILL", "OUTAGE", "REPORT")}


def test_digits_end_with_the_hash_and_too_many_are_asked_again(menu: Menu) -> None:
    found = calc.step(menu, At("bill_account"), "0100000001#")
    assert (found.then, found.action, found.given) == (Then.DO, "CHECK", "0100000001")
    assert calc.step(menu, At("bill_account"), "1" * 21).at == At("bill_account", 1)
    assert calc.step(menu, At("bill_account"), "１２").at == At("bill_account", 1)


def test_what_cannot_be_is_refused(menu: Menu) -> None:
    for at in (At("goodbye"), At("bill"), At("nowhere")):
        with pytest.raises(InvalidInput):
            calc.step(menu, at, "1")
    with pytest.raises(InvalidInput):
        calc.came(menu, At("bill"), "RIGHT")


SMALL = Menu(
    "a", "z", "again", 2,
    {"a": Node("a", NodeKind.MENU, choices={"1": "z"}), "z": Node("z", NodeKind.END)},
)  # fmt: skip


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        ({"a": Node("a", NodeKind.MENU, choices={"1": "b"})}, "leads to b"),
        ({"c": Node("c", NodeKind.END)}, "nobody reaches the nodes c"),
        ({"a": Node("a", NodeKind.MENU)}, "has not what a MENU has"),
        ({"a": Node("a", NodeKind.MENU, choices={"x": "z"})}, "has not what a MENU has"),
        ({"a": Node("a", NodeKind.INPUT, digits=40, next="z")}, "has not what a INPUT has"),
        ({"a": Node("a", NodeKind.ASK, action="DO", outcomes={"YES": "z"})}, "comes to NO, YES"),
        ({"a": Node("a", NodeKind.ASK, action="DO", outcomes={"YES": "z", "NO": "a"})}, "go round"),
        ({"z": Node("z", NodeKind.END, choices={"1": "a"})}, "has not what a END has"),
    ],
)
def test_a_menu_that_cannot_be_walked_is_refused(nodes: dict[str, Node], said: str) -> None:
    actions = {"DO": frozenset({"YES", "NO"})}
    assert calc.checked(SMALL, actions) is SMALL
    with pytest.raises(InvalidInput, match=said):
        calc.checked(replace(SMALL, nodes={**SMALL.nodes, **nodes}), actions)


def test_a_step_is_a_value() -> None:
    assert calc.begin(SMALL) == Step((), At("a"), Then.GATHER)
