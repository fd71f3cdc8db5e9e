"""Every stored clock told anew by columns: after a corrected calendar its deadline and its next warning are others.

The same arithmetic as ``log.settle`` does for one case, a range of cases a transaction. Whoever acts on a case of the range
waits for it. What was told stays told; a clock that the calendar does not reach keeps what it has and is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from wandeng.calc.clocks import columns
from wandeng.calc.clocks.days import DayLine
from wandeng.calc.clocks.terms import PERCENT
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import Case, CaseClock
from wandeng.infra.columns import ColumnStore
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.kernel.errors import NoRuleInForce, NotFound

CASES_A_RANGE = 20_000
_MOMENT = pl.Datetime("us", "UTC")
STORED = pl.Schema(
    {
        "clock": pl.Int64(),                  # id of the stored clock
        "case_id": pl.Int64(),
        "process": pl.String(),
        "defined_from": pl.Date(),
        "code": pl.String(),                  # of the clock in the definition
        "started_at": _MOMENT,
        "stopped_at": _MOMENT,
        "pauses": pl.String(),                # JSON: [from, to or null] in UTC microseconds
        "amount": pl.Int64(),
        "unit": pl.String(),
        "told_percent": pl.Int64(),
        "due_at": _MOMENT,
        "next_percent": pl.Int64(),
        "next_at": _MOMENT,
        "state": pl.String(),                 # of the case, with the next end that stands there
        "case_due_at": _MOMENT,
        "case_due_clock": pl.String(),
    }
)  # fmt: skip
TOLD = pl.Schema(
    {
        "clock": pl.Int64(), "case_id": pl.Int64(), "due_at": _MOMENT, "next_percent": pl.Int64(), "next_at": _MOMENT,
        "is_moved": pl.Boolean(), "fault": pl.String(),
    }
)  # fmt: skip
_SHARES = pl.Schema(
    {
        "process": pl.String(), "defined_from": pl.Date(), "code": pl.String(), "told_percent": pl.Int64(),
        "percent": pl.Int64(),
    }
)  # fmt: skip

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a recomputing came to: clocks read, clocks with another deadline or warning, and clocks that kept what they had
    because the calendar does not reach or their definition is gone."""

    clocks: int = 0
    moved: int = 0
    faults: int = 0

    def plus(self, other: Recomputed) -> Recomputed:
        return Recomputed(self.clocks + other.clocks, self.moved + other.moved, self.faults + other.faults)


def recompute(
    store: ColumnStore, *, charter: Charter, cases_a_range: int = CASES_A_RANGE, progress: Progress | None = None
) -> Recomputed:  # fmt: skip
    """Tell every clock anew, running or stopped, and bring ``due_at`` and ``due_clock`` of their cases in line; ``progress``
    hears after each range how many clocks were read. Twice is once.

    Raises :class:`NoRuleInForce` where there is no calendar at all.
    """
    done = Recomputed()
    for first, end in _ranges(store, cases_a_range):
        done = done.plus(_range(store, charter, first, end))
        if progress:
            progress(done.clocks)
    return done


def told(stored: pl.DataFrame, charter: Charter, days: DayLine) -> pl.DataFrame:
    """:data:`TOLD` of :data:`STORED`, in its order: what each clock says by this calendar."""
    pauses = _pauses(stored)
    due = columns.deadlines(stored.select(columns.CLOCKS.names()), pauses, days)
    wanted = stored.join(
        _shares(stored, charter),
        on=["process", "defined_from", "code", "told_percent"],
        how="left",
        maintain_order="left",
    )
    ringing = wanted.filter(pl.col("stopped_at").is_null() & (pl.col("percent") > 0))
    rung = columns.shares(ringing.select(*columns.CLOCKS.names(), "percent"), pauses, days)
    found = (
        wanted.with_columns(now_due=due["due_at"], fault=due["fault"])
        .join(rung.select("clock", "at"), on="clock", how="left", maintain_order="left")
        .with_columns(
            fault=pl.when(pl.col("percent").is_null()).then(pl.lit("NO_DEFINITION")).otherwise("fault"),
            now_percent=pl.when(pl.col("at").is_not_null()).then("percent"),
        )
    )
    is_sound = pl.col("fault") == ""
    is_other = (
        pl.col("due_at").ne_missing(pl.col("now_due"))
        | pl.col("next_percent").ne_missing(pl.col("now_percent"))
        | pl.col("next_at").ne_missing(pl.col("at"))
    )
    return found.select(
        "clock", "case_id",
        pl.when(is_sound).then("now_due").otherwise("due_at").alias("due_at"),
        pl.when(is_sound).then("now_percent").otherwise("next_percent").alias("next_percent"),
        pl.when(is_sound).then("at").otherwise("next_at").alias("next_at"),
        (is_sound & is_other).alias("is_moved"), "fault",
    ).cast(dict(TOLD))  # type: ignore[arg-type]  # fmt: skip


def _range(store: ColumnStore, charter: Charter, first: int, end: int) -> Recomputed:
    with store.transaction():
        stored = read(store, first, end)
        if stored.is_empty():
            return Recomputed()
        found = told(stored, charter, charter.days())
        moved = found.filter("is_moved")
        if not moved.is_empty():
            _write_clocks(store, moved)
            _write_cases(store, _next_ends(stored, found))
    return Recomputed(stored.height, moved.height, found.filter(pl.col("fault") != "").height)


_CASE, _CLOCK = Case._meta.db_table, CaseClock._meta.db_table
_OF_CASE = ("case_id", "process", "defined_from", "state", "case_due_at", "case_due_clock")


def read(store: ColumnStore, first: int, end: int) -> pl.DataFrame:
    """:data:`STORED` by id: the clocks of cases ``first`` ≤ id < ``end``, which are held until the transaction ends."""
    # An action locks its case before it reads anything of it, so it waits here, or we for it; then its clocks are read.
    cases = (
        "SELECT id AS case_id, process, defined_from, state, due_at AS case_due_at, due_clock AS case_due_clock "
        f"FROM {_CASE} WHERE id >= ? AND id < ? ORDER BY id"
    )
    clocks = (
        "SELECT id AS clock, case_id, clock AS code, started_at, stopped_at, pauses, CAST(amount AS BIGINT) AS amount, "
        "measure AS unit, CAST(told_percent AS BIGINT) AS told_percent, due_at, "
        f"CAST(next_percent AS BIGINT) AS next_percent, next_at FROM {_CLOCK} WHERE case_id >= ? AND case_id < ?"
    )
    own = [name for name in STORED if name == "case_id" or name not in _OF_CASE]
    owners = _columns(store, cases if store.is_sqlite else f"{cases} FOR UPDATE", (first, end), _OF_CASE)
    found = _columns(store, clocks, (first, end), own)
    return found.join(owners, on="case_id", how="inner").select(STORED.names()).sort("clock")


def _columns(store: ColumnStore, sql: str, params: tuple[int, int], names: Iterable[str]) -> pl.DataFrame:
    wanted = pl.Schema({name: STORED[name] for name in names})
    arrow = wanted.to_frame().to_arrow().schema
    plain = pa.schema(
        [pa.field(one.name, pa.string() if pa.types.is_large_string(one.type) else one.type) for one in arrow]
    )
    return pl.DataFrame(store.read(sql, params, schema=plain)).cast(dict(wanted))  # type: ignore[arg-type]


def _ranges(store: ColumnStore, cases_a_range: int) -> Iterator[tuple[int, int]]:
    first = int(store.scalar(f"SELECT COALESCE(MIN(case_id), 0) FROM {_CLOCK}"))
    end = int(store.scalar(f"SELECT COALESCE(MAX(case_id) + 1, 0) FROM {_CLOCK}"))
    for start in range(first, end, cases_a_range):
        yield start, min(start + cases_a_range, end)


def _pauses(stored: pl.DataFrame) -> pl.DataFrame:
    """The stored pauses as ``columns.PAUSES``."""
    edges = (
        stored.filter(pl.col("pauses") != "[]")
        .select("clock", edge=pl.col("pauses").str.json_decode(pl.List(pl.List(pl.Int64))))
        .explode("edge")
    )
    ends = {"from_at": pl.col("edge").list.get(0), "to_at": pl.col("edge").list.get(1)}
    return edges.select(
        "clock",
        *(pl.from_epoch(at, time_unit="us").dt.replace_time_zone("UTC").alias(name) for name, at in ends.items()),
    ).cast(dict(columns.PAUSES))  # type: ignore[arg-type]


def _shares(stored: pl.DataFrame, charter: Charter) -> pl.DataFrame:
    """The next share to be told of, for each clock of each definition and each share told before: 0 for none."""
    names = ["process", "defined_from", "code", "told_percent"]
    rows = []
    for process, since, code, told_percent in stored.select(names).unique().sort(names).rows():
        percent = _next_share(_body(charter, process, since), code, told_percent)
        if percent is not None:
            rows.append((process, since, code, told_percent, percent))
    return pl.DataFrame(rows, _SHARES, orient="row")


def _body(charter: Charter, process: str, since: object) -> ProcessDefinition | None:
    try:
        return charter.processes.version(process, on=since).body  # type: ignore[arg-type]
    except (NotFound, NoRuleInForce):
        return None


def _next_share(body: ProcessDefinition | None, code: str, told_percent: int) -> int | None:
    rule = next((one for one in body.clocks if one.code == code), None) if body else None
    if rule is None:
        return None
    ahead = [one.percent for one in rule.warned if one.percent > told_percent]
    return ahead[0] if ahead else PERCENT if told_percent < PERCENT else 0


def _next_ends(stored: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The open cases with a clock that moved whose next end is another now: ``case_id``, ``due_at``, ``due_clock``."""
    told_now = stored.select("clock", "case_id", "code", "stopped_at").with_columns(found["due_at"], found["is_moved"])
    is_running = pl.col("stopped_at").is_null() & pl.col("due_at").is_not_null()
    first = told_now.filter(is_running).sort("due_at", "clock").unique("case_id", keep="first", maintain_order=True)
    touched = found.filter("is_moved").select("case_id").unique()
    owners = stored.filter(pl.col("state") == "OPEN").unique("case_id").join(touched, on="case_id", how="semi")
    now = owners.select("case_id", "case_due_at", "case_due_clock").join(
        first.select("case_id", "due_at", due_clock="code"), on="case_id", how="left"
    ).with_columns(pl.col("due_clock").fill_null(""))  # fmt: skip
    is_other = pl.col("case_due_at").ne_missing(pl.col("due_at")) | (pl.col("case_due_clock") != pl.col("due_clock"))
    return now.filter(is_other).select("case_id", "due_at", "due_clock").sort("case_id")


def _write_clocks(store: ColumnStore, moved: pl.DataFrame) -> None:
    rows = moved.select("clock", "due_at", "next_percent", "next_at").to_arrow()
    with store.staged(rows) as staged:
        store.execute(
            f"UPDATE {_CLOCK} SET due_at = x.due_at, next_percent = x.next_percent, next_at = x.next_at "
            f"FROM {staged} x WHERE {_CLOCK}.id = x.clock"
        )


def _write_cases(store: ColumnStore, ends: pl.DataFrame) -> None:
    if ends.is_empty():
        return
    with store.staged(ends.to_arrow()) as staged:
        store.execute(
            f"UPDATE {_CASE} SET due_at = x.due_at, due_clock = x.due_clock FROM {staged} x WHERE {_CASE}.id = x.case_id"
        )
