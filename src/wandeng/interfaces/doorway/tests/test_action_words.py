"""Every operation that is logged has a word: the log is read by people."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import wandeng
from wandeng.interfaces.doorway.words.administration import ACTIONS

SOURCE = Path(wandeng.__file__).parent
DOTTED = re.compile(r"[a-z_]+\.[a-z_]+")
NOT_ACTIONS = {
    "bill_run.check": "a kind of job",
    "bill_run.post": "a kind of job",
    "import.check": "a kind of job",
    "import.land": "a kind of job",
    "import.retry": "a kind of job",
    "infra_webhookendpoint.secret": "a sealed column",
    "people.unused_days": "a parameter",
    "residents.ask_day": "an allowance",
    "residents.ask_minute": "an allowance",
    "residents.code_address": "an allowance",
    "residents.code_day": "an allowance",
    "residents.code_house": "an allowance",
    "residents.code_minute": "an allowance",
    "residents.look": "an allowance",
    "residents.question": "an allowance",
    "residents.report": "an allowance",
    "residents.request": "an allowance",
    "reveal.per_hour": "a parameter",
    "wandeng.ping": "a kind of event",
}
BUILT = {
    *(f"bill.{decision}" for decision in ("adjust", "cancel", "rebill")),
    *(f"agreement.{move}" for move in ("draft", "expire", "sign", "terminate", "withdraw")),
    *(f"bill_run.{work}" for work in ("preview", "verify")),
    *(f"disconnection.{move}" for move in ("fail", "refuse", "withdraw")),
    "bill_exception.mend",
}
"""Made of a thing and a move, or named in another file than the one that logs it."""

LOGS = ("audit", "action=", "recording.record", "record(")
"""Signs of a file that writes the log."""


def dotted_texts() -> set[str]:
    """What looks like an action in the files that write the log."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "tests" in path.parts or not any(sign in text for sign in LOGS):
            continue
        texts = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        found |= {one for one in texts if isinstance(one, str) and DOTTED.fullmatch(one)}
    return found


def test_every_action_has_a_word() -> None:
    assert sorted((dotted_texts() | BUILT) - set(ACTIONS) - set(NOT_ACTIONS)) == []


def test_no_word_is_kept_for_what_nobody_does() -> None:
    assert sorted(set(ACTIONS) - dotted_texts() - BUILT) == []
    assert sorted(set(NOT_ACTIONS) - dotted_texts()) == []
