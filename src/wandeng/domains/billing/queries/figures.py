"""Figures over all bills of a run, computed from columns: by price code, against the month before, the biggest movers.

A run of a county has hundreds of thousands of bills. They are read as columns and never as rows of models; what a run's
bills came to does not change once they are stored, so a page may keep the answer for as long as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import polars as pl
import pyarrow as pa

from wandeng.domains.billing import frozen
from wandeng.domains.billing.models import Bill, BillRun, BillShard
from wandeng.domains.customers.types import AccountSet
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.money import FEN_PER_YUAN
from wandeng.kernel.periods import Month
from wandeng.kernel.units import E4_PER_ONE

BIN_EDGES_YUAN = (10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000, 100_000)
"""Where the bars of the distribution of amounts are cut; below and above are bars of their own."""
BAND_EDGES_E4 = (2_000, 5_000, 8_000, 12_500, 20_000, 50_000)
"""Energy against the month before: a fifth, a half, 80 %, 125 %, double, fivefold."""
CACHED_RUNS = 64
MOVERS = 20
_NAMES = ("pk", "account__account_number", "account__name")

_BILLS = pa.schema(
    [("number", pa.int64()), ("account_id", pa.int64()), ("energy_ckwh", pa.int64()), ("amount_fen", pa.int64())]
)


@dataclass(frozen=True, slots=True)
class Bin:
    """Bills whose amount is ``from_fen`` ≤ amount < ``to_fen``, this month and the month before. ``from_fen`` is null for
    the first bar, ``to_fen`` for the last. The bar of exactly zero has both at 0."""

    from_fen: int | None
    to_fen: int | None
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Band:
    """Accounts whose energy is ``from_e4`` ≤ energy / energy of the month before < ``to_e4``; null where open."""

    from_e4: int | None
    to_e4: int | None
    accounts: int


@dataclass(frozen=True, slots=True)
class Mover:
    """An account whose bill differs most from that of the month before."""

    number: int
    account_number: str
    account_name: str
    energy_ckwh: int
    amount_fen: int
    before_energy_ckwh: int
    before_amount_fen: int

    @property
    def change_fen(self) -> int:
        return self.amount_fen - self.before_amount_fen


@dataclass(frozen=True, slots=True)
class Spread:
    """The bills of a run beside those of the month before. ``compared`` accounts have a bill in both months, ``fresh``
    only in this, ``absent`` only in the one before (parked, closed, or not billed yet)."""

    month: Month
    before: Month
    bills: int
    bills_before: int
    energy_ckwh: int
    energy_before_ckwh: int
    amount_fen: int
    amount_before_fen: int
    compared: int
    fresh: int
    absent: int
    bins: tuple[Bin, ...]
    bands: tuple[Band, ...]
    movers: tuple[Mover, ...]

    @property
    def change_fen(self) -> int:
        return self.amount_fen - self.amount_before_fen

    @property
    def change_ckwh(self) -> int:
        return self.energy_ckwh - self.energy_before_ckwh

    @property
    def change_bills(self) -> int:
        return self.bills - self.bills_before


@dataclass(frozen=True, slots=True)
class CodeTotal:
    """What the accounts of a price code came to; the code is empty for bills that were priced from no inputs of their
    own (cancellations, adjustments)."""

    price_code: str
    bills: int
    energy_ckwh: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class _Frozen:
    """A shard as far as its bills are concerned. Equal values have equal bills."""

    number: int
    first: int
    end: int
    input_hash: str
    lines_hash: str


@dataclass(frozen=True, slots=True)
class _RunKey:
    """All that decides the figures of a run: a cache keyed by it never answers for other bills."""

    run_id: int
    month: Month
    unit_path: str
    book_hash: str
    shards: tuple[_Frozen, ...]
    before: tuple[str, ...]


def spread(scope: Scope, run_id: int) -> Spread:
    """The distribution of a run's bills against the month before, and the biggest movers.

    An account's bills of the month before count together with their corrections. Raises ``NotFound``, also outside the
    scope.
    """
    return _spread(_key(scope, run_id, against_before=True))


def spreads(scope: Scope, month: Month, *, newest: int) -> tuple[Spread, ...]:
    """:func:`spread` of the ``newest`` ordinary runs of a month, asked for together: three queries, however many runs."""
    rows = scope.limit(BillRun.objects.filter(kind="ORDINARY", month=str(month)), "unit__path")
    runs = list(rows.exclude(state="DISCARDED").select_related("unit").order_by("-id")[:newest])
    return tuple(_spread(key) for key in _keys(runs, month, against_before=True))


def code_totals(scope: Scope, run_id: int) -> tuple[CodeTotal, ...]:
    """Bills, energy and money of a run by price code, the largest amount first. An account with several codes counts
    under that of its first point at the end of its period. Raises ``NotFound``, also outside the scope,
    ``FrozenInputsChanged`` when the inputs are not what they were."""
    return _code_totals(_key(scope, run_id, against_before=False))


def _key(scope: Scope, run_id: int, *, against_before: bool) -> _RunKey:
    row = scope.one(BillRun.objects.select_related("unit"), "unit__path", "bill run", pk=run_id)
    (key,) = _keys([row], Month.parse(row.month), against_before=against_before)
    return key


def _keys(runs: list[BillRun], month: Month, *, against_before: bool) -> list[_RunKey]:
    """The keys of runs of one month."""
    frozen_by_run: dict[int, list[_Frozen]] = {row.pk: [] for row in runs}
    for one in BillShard.objects.filter(run__in=runs).exclude(lines_hash="").order_by("number"):
        end = one.first_bill_id + one.bill_ids
        frozen_by_run[one.run_id].append(_Frozen(one.number, one.first_bill_id, end, one.input_hash, one.lines_hash))
    before = BillShard.objects.filter(month_index=month.index - 1).exclude(run__state="DISCARDED").order_by("id")
    lines = tuple(before.values_list("lines_hash", flat=True)) if against_before else ()
    return [_RunKey(row.pk, month, row.unit.path, row.book_hash, tuple(frozen_by_run[row.pk]), lines) for row in runs]


@lru_cache(maxsize=CACHED_RUNS)
def _spread(key: _RunKey) -> Spread:
    with ColumnStore() as store:
        now = _bills_of(store, key)
        before = _bills_before(store, key.unit_path, key.month.previous())
    both = now.join(before, on="account_id", how="inner", suffix="_before")
    return Spread(
        month=key.month,
        before=key.month.previous(),
        bills=now.height,
        bills_before=before.height,
        energy_ckwh=int(now["energy_ckwh"].sum()),
        energy_before_ckwh=int(before["energy_ckwh"].sum()),
        amount_fen=int(now["amount_fen"].sum()),
        amount_before_fen=int(before["amount_fen"].sum()),
        compared=both.height,
        fresh=now.height - both.height,
        absent=before.height - both.height,
        bins=_bins(now, before),
        bands=_bands(both),
        movers=_movers(both),
    )


def _bills_of(store: ColumnStore, key: _RunKey) -> pl.DataFrame:
    read = [
        store.read(
            "SELECT id AS number, account_id, energy_ckwh, amount_fen FROM billing_bill WHERE id >= ? AND id < ?",
            (shard.first, shard.end),
            schema=_BILLS,
        )
        for shard in key.shards
    ]
    return pl.concat([pl.DataFrame(table.cast(_BILLS)) for table in (*read, _BILLS.empty_table())])


def _bills_before(store: ColumnStore, unit_path: str, month: Month) -> pl.DataFrame:
    where, params = AccountSet(unit_path=unit_path).where("a")
    found = store.read(
        "SELECT b.id AS number, b.account_id, b.energy_ckwh, b.amount_fen FROM billing_bill b "
        f"JOIN customers_customeraccount a ON a.id = b.account_id WHERE b.month_index = ? AND {where}",
        (month.index, *params),
        schema=_BILLS,
    )
    frame = pl.DataFrame(found.cast(_BILLS))
    return frame.group_by("account_id", maintain_order=True).agg(pl.col("energy_ckwh", "amount_fen").sum())


def _bins(now: pl.DataFrame, before: pl.DataFrame) -> tuple[Bin, ...]:
    """Below zero, exactly zero, then the bars between the edges."""
    edges = [0, 1, *(edge * FEN_PER_YUAN for edge in BIN_EDGES_YUAN)]
    counts = [
        np.bincount(np.searchsorted(edges, frame["amount_fen"].to_numpy(), side="right"), minlength=len(edges) + 1)
        for frame in (now, before)
    ]
    bounds = [(None, 0), (0, 0), *pairwise([1, *edges[2:]]), (edges[-1], None)]
    return tuple(Bin(low, high, int(one), int(other)) for (low, high), one, other in zip(bounds, *counts, strict=True))


def _bands(both: pl.DataFrame) -> tuple[Band, ...]:
    used = both.filter(pl.col("energy_ckwh_before") > 0)
    ratio = (used["energy_ckwh"] * E4_PER_ONE // used["energy_ckwh_before"]).to_numpy()
    counts = np.bincount(np.searchsorted(BAND_EDGES_E4, ratio, side="right"), minlength=len(BAND_EDGES_E4) + 1)
    bounds = [(None, BAND_EDGES_E4[0]), *pairwise(BAND_EDGES_E4), (BAND_EDGES_E4[-1], None)]
    return tuple(Band(low, high, int(count)) for (low, high), count in zip(bounds, counts, strict=True))


def _movers(both: pl.DataFrame) -> tuple[Mover, ...]:
    change = (pl.col("amount_fen") - pl.col("amount_fen_before")).abs()
    top = both.with_columns(change.alias("change")).sort("change", "number", descending=[True, False]).head(MOVERS)
    rows = top.filter(pl.col("change") > 0).to_dicts()
    named = Bill.objects.filter(pk__in=[row["number"] for row in rows])
    names = {pk: (number, name) for pk, number, name in named.values_list(*_NAMES)}
    return tuple(
        Mover(
            row["number"],
            *names[row["number"]],
            row["energy_ckwh"],
            row["amount_fen"],
            row["energy_ckwh_before"],
            row["amount_fen_before"],
        )
        for row in rows
    )


@lru_cache(maxsize=CACHED_RUNS)
def _code_totals(key: _RunKey) -> tuple[CodeTotal, ...]:
    with ColumnStore() as store:
        bills = _bills_of(store, key)
    codes = _codes_of(key)
    sums = (
        bills.join(codes, on="account_id", how="left")
        .with_columns(pl.col("price_code").fill_null(""))
        .group_by("price_code")
        .agg(pl.len().alias("bills"), pl.col("energy_ckwh", "amount_fen").sum())
        .sort("amount_fen", "price_code", descending=[True, False])
    )
    return tuple(CodeTotal(**row) for row in sums.to_dicts())


def _codes_of(key: _RunKey) -> pl.DataFrame:
    """Account → price code, from the frozen terms."""
    empty = pl.DataFrame(schema={"account_id": pl.Int64, "price_code": pl.String})
    if not key.book_hash:
        return empty
    book, _ = frozen.read_book(key.run_id, book_hash=key.book_hash)
    structures = pl.DataFrame(
        {"structure_id": range(len(book.structures)), "price_code": book.structures},
        schema={"structure_id": pl.Int32, "price_code": pl.String},
    )
    found = [empty]
    for shard in key.shards:
        terms = pl.DataFrame(frozen.read_shard(key.run_id, shard.number, input_hash=shard.input_hash).terms)
        last = terms.sort("account_id", "usage_point_id", "valid_from").filter(
            pl.col("usage_point_id") == pl.col("usage_point_id").min().over("account_id")
        )
        ended = last.group_by("account_id", maintain_order=True).agg(pl.col("structure_id").last())
        found.append(ended.join(structures, on="structure_id", how="left").select("account_id", "price_code"))
    return pl.concat(found).unique("account_id", keep="last")
