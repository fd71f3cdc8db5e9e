"""What is kept of a list belongs to its columns and to a language, never to whoever opened it first."""

from __future__ import annotations

from dataclasses import replace

from django.utils.safestring import SafeString
from django.utils.translation import override

from wandeng.interfaces.console import furniture
from wandeng.interfaces.doorway.lists.definition import Column

COLUMNS = (Column("a", "甲"), Column("b", "乙"))


def drawn(what: str, columns: tuple[Column, ...], text: str) -> str:
    return furniture.kept((what, "of a test"), columns, lambda: SafeString(text))


def test_it_is_drawn_once_for_the_same_columns() -> None:
    assert drawn("once", COLUMNS, "first") == "first"
    assert drawn("once", tuple(COLUMNS), "second") == "first"


def test_a_list_of_other_columns_that_is_called_the_same_has_its_own() -> None:
    assert drawn("other", COLUMNS, "first") == "first"
    assert drawn("other", tuple(replace(one) for one in COLUMNS), "second") == "second"
    assert drawn("other", COLUMNS[:1], "third") == "third"


def test_each_language_has_its_own() -> None:
    with override("zh-hans"):
        assert drawn("language", COLUMNS, "中文") == "中文"
    with override("en"):
        assert drawn("language", COLUMNS, "English") == "English"
    with override("zh-hans"):
        assert drawn("language", COLUMNS, "again") == "中文"


def test_however_many_addresses_there_are_only_so_many_are_kept() -> None:
    for number in range(furniture.MOST + 2):
        drawn(f"page {number}", COLUMNS, "x")
    assert len(furniture._drawn) <= furniture.MOST
