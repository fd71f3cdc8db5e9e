"""Text cells become exact values, or a complaint; nothing is guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.infra.imports import reading
from wandeng.infra.imports.tests import make


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.34", 1234),
        ("12.3", 1230),
        ("12", 1200),
        ("-0.05", -5),
        ("+7", 700),
        ("1,234.50", 123450),
        ("１２．３４", 1234),
        ("　12.00　", 1200),
        ("5.1000", 510),
        ("000012", 1200),
        ("0", 0),
        ("−3", -300),
        ("", 0),
        ("12,34", "NOT_A_NUMBER"),
        ("1e3", "NOT_A_NUMBER"),
        ("NaN", "NOT_A_NUMBER"),
        ("inf", "NOT_A_NUMBER"),
        ("-", "NOT_A_NUMBER"),
        (".5", "NOT_A_NUMBER"),
        ("1.005", "TOO_MANY_DECIMALS"),
        ("1000000.01", "OUT_OF_RANGE"),
        ("-100.01", "OUT_OF_RANGE"),
        ("9" * 40, "OUT_OF_RANGE"),
    ],
)
def test_a_number_is_read_exactly_or_refused(cell: str, value: object) -> None:
    assert make.typed(cell, "amount") == value


@given(st.integers(-10_000, 10**8), st.booleans())
def test_every_number_with_two_decimals_comes_back_exactly(cents: int, grouped: bool) -> None:
    sign, whole = "-" if cents < 0 else "", abs(cents) // 100
    text = f"{sign}{whole:,}" if grouped else f"{sign}{whole}"
    assert make.typed(f"{text}.{abs(cents) % 100:02d}", "amount") == cents


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-1-3", date(2026, 1, 3)),
        ("2026/1/31", date(2026, 1, 31)),
        ("2026.1.31", date(2026, 1, 31)),
        ("20260131", date(2026, 1, 31)),
        ("2026年1月31日", date(2026, 1, 31)),
        ("２０２６年１月３１日", date(2026, 1, 31)),
        ("2026-01-31 00:00:00", date(2026, 1, 31)),
        ("2024-02-29", date(2024, 2, 29)),
        ("", None),
        ("2026-02-29", "NOT_A_DATE"),
        ("2026-1/31", "NOT_A_DATE"),
        ("31/1/2026", "NOT_A_DATE"),
        ("46053", "NOT_A_DATE"),
        ("2026-01-31 08:00", "NOT_A_DATE"),
        ("0026-01-31", "OUT_OF_RANGE"),
    ],
)
def test_a_date_is_read_in_every_usual_form(cell: str, value: object) -> None:
    assert make.typed(cell, "on") == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-01-31 08:15", datetime(2026, 1, 31, 0, 15, tzinfo=UTC)),
        ("2026/1/31 8:15:30", datetime(2026, 1, 31, 0, 15, 30, tzinfo=UTC)),
        # Summer time of 1988: the clock stood at +9.
        ("1988-07-01 09:00", datetime(1988, 7, 1, 0, 0, tzinfo=UTC)),
        ("2026-01-31 24:00", "NOT_A_TIME"),
        ("2026-01-31", "NOT_A_TIME"),
    ],
)
def test_a_moment_is_local_time_stored_in_utc(cell: str, value: object) -> None:
    assert make.typed(cell, "at") == value


@pytest.mark.parametrize(
    ("cell", "column", "value"),
    [
        ("高计", "side", "HIGH"),
        ("high", "side", "HIGH"),
        ("ＨＩＧＨ", "side", "HIGH"),
        ("中计", "side", "UNKNOWN_VALUE"),
        ("否", "live", False),
        ("", "live", True),
        ("maybe", "live", "UNKNOWN_VALUE"),
        ("Ａ－１", "code", "A-1"),
        ("A 1", "code", "NOT_A_CODE"),
        ("1.2E+12", "code", "NOT_A_CODE"),
        ("A23456789", "code", "TOO_LONG"),
        ("", "code", "REQUIRED"),
        ("白水（一）", "name", "白水（一）"),
        ("一\n二", "name", "一 二"),
        ("a\x07b", "name", "BAD_CHARACTERS"),
        ("一二三四五六七八九十零", "name", "TOO_LONG"),
        ("'=1+1", "name", "=1+1"),
        ("'abc", "name", "'abc"),
    ],
)
def test_words_codes_and_text(cell: str, column: str, value: object) -> None:
    assert make.typed(cell, column) == value


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.from_regex(r"[0-9]{0,13}(\.[0-9]{0,3})?", fullmatch=True), min_size=1, max_size=8))
def test_a_column_of_plain_numbers_is_read_as_each_of_its_cells(texts: list[str]) -> None:
    # A cell that is not plain keeps its column from the short way, and is told apart by its line.
    lines = range(2, len(texts) + 2)
    raw = {c.name: [""] * len(texts) for c in make.COLUMNS} | {"code": list("ABCDEFGH"[: len(texts)])}
    rows = pl.DataFrame(raw | {"line": lines, "amount": texts}, schema_overrides={"line": pl.Int64})
    alone = [reading.type_rows(make.SECTION, rows.with_columns(amount=pl.lit(f" {text}"))) for text in texts]
    together = reading.type_rows(make.SECTION, rows)
    told = dict(zip(together.rows["line"], together.rows["amount"], strict=True))
    told |= dict(zip(together.found["line"], together.found["code"], strict=True))
    assert [told[line] for line in lines] == [
        read.rows["amount"][0] if read.rows.height else read.found["code"][0] for read in alone
    ]
