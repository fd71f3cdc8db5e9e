"""What goes out to a spreadsheet comes back as it was, and never runs there."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from wandeng.infra.imports import cells, overlaps
from wandeng.infra.imports.mending import RISKY, guarded


def _tidy(text: str) -> str:
    return str(pl.DataFrame({"t": [text]}).select(cells.tidy(pl.col("t"))).item())


@given(st.text(st.sampled_from("=+-@＝＋－＠'ab1.,白 "), max_size=8))
def test_a_guarded_cell_is_no_formula_and_reads_back_the_same(text: str) -> None:
    stripped = text.strip()
    out = guarded(stripped)
    assert not out.startswith(RISKY) or out.lstrip("+-").replace(".", "").isdigit()
    if not stripped.startswith("'"):
        assert _tidy(out) == stripped.strip(cells.BLANKS)


def test_money_stays_a_number() -> None:
    assert [guarded(text) for text in ("-5.00", "+3", "-5.00+2", "-", "--1")] == [
        "-5.00",
        "+3",
        "'-5.00+2",
        "'-",
        "'--1",
    ]


def test_periods_of_one_thing_may_touch_and_not_meet() -> None:
    def frame(*rows: tuple[int, int, int, int | None]) -> pl.DataFrame:
        return pl.DataFrame(rows, schema={"line": pl.Int64, "of": pl.Int64, "a": pl.Int64, "b": pl.Int64}, orient="row")

    rows = frame((2, 1, 10, 20), (3, 1, 20, None), (4, 1, 15, 16), (5, 2, 1, None), (6, 2, 5, 6), (7, 3, 0, 5))
    stored = frame((0, 3, 4, 9), (0, 1, 10, 12))
    met = overlaps.overlapping(rows, stored, of="of", start="a", end="b")
    # Line 3 touches line 2; line 2 is the stored row that starts with it; line 4 lies in line 2, 6 in the open line 5,
    # line 7 meets what is stored.
    assert sorted(met["line"].to_list()) == [4, 6, 7]
