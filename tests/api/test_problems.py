"""The page of problems names every refusal of the product, and no two refusals share a code."""

from __future__ import annotations

from collections import Counter

from tests.api import problems
from tests.architecture.tree import ROOT


def test_the_page_says_what_the_source_says() -> None:
    told = (ROOT / "docs/reference/problems.md").read_text("utf-8")
    assert told == problems.page(), "write it anew: python -m tests.api.problems"


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = Counter(kind.code for kind in problems.refusals())
    assert [code for code, count in codes.items() if count > 1] == []
    assert {"NOT_FOUND", "CONFLICT", "NO_RULE_IN_FORCE", "BAD_REQUEST"} <= codes.keys()
