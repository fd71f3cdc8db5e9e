"""The reference page names every kind and column there is."""

from __future__ import annotations

from pathlib import Path

from wandeng.flows.imports.kinds import KINDS

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "import-kinds.md"


def test_every_column_stands_on_the_reference_page_with_both_its_names() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for kind in KINDS:
        chapter = text.split(f"\n## `{kind.name}` {kind.zh}\n")[1].split("\n## ")[0]
        for section in kind.sections:
            between = {f"{letter}{i:02d}" for letter in "pv" for i in range(1, 95)}
            shown = [c for c in section.columns if c.name not in between]
            assert all(f"| `{column.name}`" in chapter and column.zh in chapter for column in shown), kind.name


def test_headers_of_a_kind_mean_one_column_each() -> None:
    for kind in KINDS:
        meant: dict[str, str] = {}
        for section in kind.sections:
            for column in section.columns:
                for word in (column.name, column.zh, *column.also):
                    assert meant.setdefault(word, column.name) == column.name, (kind.name, word)
