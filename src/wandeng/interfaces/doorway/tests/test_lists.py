"""What every list does: scope, filters, order, pages, cursor, export."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from wandeng.domains.organization.models import Unit
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists import asked, beyond, cursor, export
from wandeng.interfaces.doorway.lists.definition import ListDefinition
from wandeng.interfaces.doorway.tests import lists_world
from wandeng.interfaces.doorway.tests.lists_world import UNITS
from wandeng.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    lists_world.county()


def codes(query: str, *, code: str = "head") -> list[str]:
    question = asked.ask(UNITS, lists_world.asking(code), QueryDict(query))
    return [row["code"] for row in asked.page(question, QueryDict(query)).rows]


def test_the_scope_of_the_person_limits_the_rows() -> None:
    assert codes("") == ["BS", "BS-E", "BS-W"]
    assert codes("", code="reader-w") == ["BS-W"]


def test_filters_narrow_and_the_address_orders() -> None:
    assert codes("kind=OFFICE") == ["BS-E", "BS-W"]
    assert codes("name=城西") == ["BS-W"]
    assert codes("sort=-code") == ["BS-W", "BS-E", "BS"]


def test_a_column_that_may_not_be_sorted_by_leaves_the_default_order() -> None:
    assert UNITS.ordering("-amount") == ("code",)
    assert UNITS.ordering("name; drop") == ("code",)
    assert UNITS.ordering("-name") == ("-name", "code")


def test_pages_know_where_they_are_and_whether_there_is_more() -> None:
    question = asked.ask(UNITS, lists_world.asking(), QueryDict(""))
    first = asked.page(question, QueryDict("size=2"))
    assert (first.first, first.last, first.total, first.has_next) == (1, 2, 3, True)
    second = asked.page(question, QueryDict("size=2&page=2"))
    assert (second.first, second.last, second.has_next) == (3, 3, False)
    nothing = asked.page(question, QueryDict("size=2&page=9"))
    assert (nothing.rows, nothing.first, nothing.last) == ([], 0, 16)


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=99999999999999999999", "size=0", "size=201", "page=１"]
)
def test_a_page_that_is_no_number_is_refused(query: str) -> None:
    question = asked.ask(UNITS, lists_world.asking(), QueryDict(""))
    with pytest.raises(InvalidInput):
        asked.page(question, QueryDict(query))


def totals(ask: Asking, *, long: ListDefinition = UNITS, query: str = "size=2") -> tuple[int | None, int]:
    """The total of a page, and how many statements it took."""
    question = asked.ask(long, ask, QueryDict(query))
    with CaptureQueriesContext(connection) as seen:
        total = asked.page(question, QueryDict(query)).total
    return total, len(seen)


@pytest.fixture
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting stops at two."""
    monkeypatch.setattr(beyond, "COUNT_CAP", 2)
    monkeypatch.setattr(beyond, "_long", {})


@pytest.mark.usefixtures("_two")
def test_counting_stops_at_the_cap() -> None:
    assert totals(lists_world.asking()) == (None, 2)


@pytest.mark.usefixtures("_two")
def test_a_list_known_to_be_long_is_not_counted_again_for_a_minute() -> None:
    head, other = lists_world.asking(), replace(UNITS)
    assert totals(head) == (None, 2)
    assert totals(head, query="size=1&page=2") == (None, 1)
    assert totals(head, query="size=1&kind=OFFICE") == (2, 2)
    assert totals(head, long=other) == (None, 2)
    assert totals(replace(head, now=head.now + timedelta(seconds=59))) == (None, 1)
    assert totals(replace(head, now=head.now + timedelta(seconds=61))) == (None, 2)


@pytest.mark.usefixtures("_two")
def test_what_one_reader_was_told_is_not_told_another() -> None:
    assert totals(lists_world.asking()) == (None, 2)
    assert totals(lists_world.asking("reader-w"), query="size=1") == (1, 1)


def test_a_cursor_reads_every_row_once_even_when_rows_come_and_go() -> None:
    question = asked.ask(UNITS, lists_world.asking(), QueryDict(""))
    first, following = cursor.after(question, "", 1)
    assert [row["code"] for row in first] == ["BS"]
    Unit.objects.create(id=99, code="AA", name="新", kind="OFFICE", path="BS/AA/", territory="hunan")
    second, following = cursor.after(question, following, 1)
    third, end = cursor.after(question, following, 1)
    assert [row["code"] for row in second + third] == ["BS-E", "BS-W"]
    assert end == ""


def test_nobody_reads_through_more_than_the_utility_lets_out() -> None:
    question = asked.ask(UNITS, lists_world.asking(), QueryDict(""))
    first, following = cursor.after(question, "", 5, most=2)
    assert [row["code"] for row in first] == ["BS", "BS-E"]
    with pytest.raises(InvalidInput, match="a list is read through to 2 rows"):
        cursor.after(question, following, 5, most=2)
    assert cursor.after(question, "", 5, most=3)[1] == ""


@pytest.mark.parametrize("bad", ["x", "e30=", "WzFd", "IlwwIg==", "é", "WzEsMF0=", "WzEsImEiXQ=="])
def test_a_cursor_that_was_not_given_is_refused(bad: str) -> None:
    question = asked.ask(UNITS, lists_world.asking(), QueryDict(""))
    with pytest.raises(InvalidInput):
        cursor.after(question, bad, 1)


def test_csv_opens_in_excel_with_amounts_as_numbers_and_words_for_codes() -> None:
    question = asked.ask(UNITS, lists_world.asking(), QueryDict(""))
    text = b"".join(export.as_csv(question, UNITS.columns)).decode()
    assert text.startswith("\ufeff编码,名称,")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    ids = dict(Unit.objects.values_list("code", "id"))
    # amount = id × −100 fen = −id yuan, energy = id × 50 of 0.01 kWh = id ÷ 2 kWh
    assert rows[1] == [
        "BS",
        "白水县供电公司",
        "县公司",
        str(-ids["BS"]),
        str(ids["BS"] / 2 if ids["BS"] % 2 else ids["BS"] // 2),
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-5", "@x", "\tx", " =1", "＝1", "＋1", "－1", "＠x", "a\n=1", "a;=1", "a,-1", '"=1']
)
def test_a_cell_that_a_spreadsheet_would_run_goes_out_as_text(text: str) -> None:
    assert export.harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["张三", "3-5号楼", "a+b", "电费", ""])
def test_ordinary_text_goes_out_as_it_is(text: str) -> None:
    assert export.harmless(text) == text


def test_a_workbook_keeps_codes_as_text_and_amounts_as_numbers(tmp_path: Path) -> None:
    Unit.objects.filter(code="BS-W").update(name="=HYPERLINK(1)")
    question = asked.ask(UNITS, lists_world.asking(), QueryDict("kind=OFFICE"))
    assert export.as_xlsx(question, UNITS.columns, tmp_path / "x.xlsx") == 2
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    last = [cell.value for cell in sheet[3]]
    unit = Unit.objects.get(code="BS-W")
    assert last[:4] == ["BS-W", "=HYPERLINK(1)", "供电所", -unit.pk]
    assert sheet["B3"].data_type == "s"
    assert sheet["D3"].data_type == "n"
