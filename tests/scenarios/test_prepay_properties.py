"""What holds of every prepay month, whatever was used when: days add up, more use is never less charge, the last estimate is
the bill."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate, pairwise

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kits import prepay_world as prepay

from wandeng.calc import prepay as calc
from wandeng.calc.rating import shard as rating
from wandeng.calc.rating.frames import POINTS, READS, TERMS, Book, Shard
from wandeng.domains.tariffs import frames as tariffs

NOV1 = date(2026, 11, 1)
INDEX = 2026 * 12 + 10
CODES = ("demo.residential", "demo.residential.tou", "demo.commercial.lv")


@pytest.fixture(scope="module")
def book() -> Book:
    return tariffs.book(prepay.library, territory="demo", from_on=date(2026, 10, 1), to_on=date(2026, 12, 1))


def month(book: Book, faces: list[list[int]], day: int) -> list[tuple[int, int]]:
    """(energy, amount) of each account of 0.01 kWh faces by day, rated from the first to a day as the run does."""
    to_on = NOV1 + timedelta(days=day)
    common = {"account_id": 0, "usage_point_id": 0}
    points, terms, reads = [], [], []
    for place, face in enumerate(faces):
        here = common | {"account_id": place, "usage_point_id": place}
        structure = book.structures.index(CODES[place])
        points.append(here | {"period_from": NOV1, "period_to": to_on, "months": 1, "tier_base_ckwh": 0, "tier_months": 12,
                              "accepted": False})  # fmt: skip
        terms.append(here | {"valid_from": NOV1, "valid_to": to_on, "structure_id": structure})
        ends = {"total_start": face[0], "total_end": face[day]}
        if CODES[place].endswith("tou"):
            ends |= {"valley_start": face[0] // 3, "valley_end": face[day] // 3}
        reads.append(here | {"installation_id": place, "from_on": NOV1, "to_on": to_on, "multiplier": 1,
                             "modulus_ckwh": 10**8, "estimated": False} | ends)  # fmt: skip
    tables = [pl.DataFrame(rows, infer_schema_length=None).to_arrow() for rows in (points, terms, reads)]
    filled = [_filled(table, schema) for table, schema in zip(tables, (POINTS, TERMS, READS), strict=True)]
    rated = rating.rate(Shard(*filled), book)
    assert rated.findings.num_rows == 0, rated.findings.to_pylist()
    return [(row["energy_ckwh"], row["amount_fen"]) for row in rated.heads.to_pylist()]


def _filled(table: pa.Table, schema: pa.Schema) -> pa.Table:
    columns = [
        table.column(field.name).cast(field.type)
        if field.name in table.column_names
        else pa.nulls(table.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)


use = st.lists(st.integers(0, 60_00), min_size=30, max_size=30)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uses=st.lists(use, min_size=3, max_size=3), start=st.integers(0, 10**7))
def test_days_add_up_and_more_use_is_never_less_charge(book: Book, uses: list[list[int]], start: int) -> None:
    faces = [list(accumulate(one, initial=start)) for one in uses]
    days = [month(book, faces, day) for day in (1, 7, 15, 22, 30)]
    for earlier, later in pairwise(days):
        for (ckwh, fen), (more_ckwh, more_fen) in zip(earlier, later, strict=True):
            assert more_ckwh >= ckwh
            assert more_fen >= fen
    total = [0, 0, 0]
    then = calc_rows([])
    for place, found in enumerate(days):
        now = calc_rows(found)
        before = pl.DataFrame([(one, NOV1) for one in range(3)] if place else [], calc.BEFORE, orient="row")
        charged = calc.charged(pl.Series([0, 1, 2]), now, then, before, day=NOV1 + timedelta(days=30))
        total = [sum(pair) for pair in zip(total, charged["day_fen"].to_list(), strict=True)]
        then = now
    assert total == [fen for _, fen in days[-1]]


def calc_rows(found: list[tuple[int, int]]) -> pl.DataFrame:
    rows = [(place, INDEX, NOV1, ckwh, fen) for place, (ckwh, fen) in enumerate(found)]
    return pl.DataFrame(rows, calc.ESTIMATES, orient="row")
