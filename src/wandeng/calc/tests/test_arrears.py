from __future__ import annotations

from datetime import date

import polars as pl

from wandeng.calc import arrears

ON = date(2026, 3, 4)
NONE = pl.DataFrame(schema=arrears.CREDITS)


def items(*rows: tuple[int, int, date, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, arrears.ITEMS, orient="row")


def test_the_due_date_itself_is_not_late() -> None:
    assert arrears.overdue(items((1, 1, ON, 500)), NONE, on=ON).is_empty()
    assert arrears.overdue(items((1, 1, date(2026, 3, 3), 500)), NONE, on=ON)["open_fen"].to_list() == [500]


def test_credit_is_laid_on_the_oldest_first() -> None:
    """300 + 500 overdue, 400 of credit: the January bill is covered, 400 of February's are left."""
    owed = items((1, 1, date(2026, 1, 25), 300), (1, 2, date(2026, 2, 25), 500))
    found = arrears.overdue(owed, pl.DataFrame([(1, 400)], arrears.CREDITS, orient="row"), on=ON)
    assert found.rows() == [(1, 400, 1, date(2026, 2, 25))]


def test_nobody_is_dunned_for_what_a_correction_takes_back() -> None:
    owed = items((1, 1, date(2026, 1, 25), 300), (1, 2, date(2026, 3, 25), -300), (2, 3, date(2026, 1, 25), 200))
    assert arrears.overdue(owed, NONE, on=ON).rows() == [(2, 200, 1, date(2026, 1, 25))]
