"""The network as columns, and the topology built from them: normal state, or current state at a moment.

A topology of a province takes seconds to load and microseconds to ask. Programs that ask often keep one and
follow the switchings; a single question loads it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from wandeng.calc.tracing import Topology
from wandeng.calc.tracing.frames import (
    CUSTOMERS,
    FEEDERS,
    LINES,
    NODES,
    SUPPLIES,
    SWITCHES,
    TRANSFORMERS,
    NetworkFrames,
)
from wandeng.domains.network.types import State
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

POSITIONS = pa.schema([("switch_id", pa.int64()), ("is_open", pa.bool_())])
ACCOUNT_SUPPLIES = pa.schema(
    [
        ("account_id", pa.int64()),
        ("account_number", pa.string()),
        ("name", pa.string()),
        ("importance", pa.string()),
        ("unit_path", pa.string()),
        ("transformer_id", pa.int64()),
    ]
)
AT_ONCE = 5000
_POINTS = pa.schema([("account_id", pa.int64()), ("transformer_id", pa.int64())])

_SUPPLIED = (
    "(p.kind = 'LOAD' OR (p.kind = 'FEED_IN' AND NOT EXISTS "
    "(SELECT 1 FROM network_usagepoint l WHERE l.account_id = p.account_id AND l.kind = 'LOAD')))"
)
"""The points by which an account is a customer of a transformer: where it draws power, or, if it only feeds
in, there. Sub-meters hang behind another point, supply meters (考核表) belong to nobody, own generators are
no supply."""


def topology(store: ColumnStore, *, state: State, at: datetime | None = None) -> Topology:
    """Labels of the normal or the current state; customers are account ids.

    ``at`` (aware) cuts the switching log and the usage points to that moment; ``None`` takes the whole log
    and every point that is not disconnected. Raises :class:`InvalidInput` where a feeder has not exactly one
    source.
    """
    return Topology.build(network(store, state=state, at=at))


def network(store: ColumnStore, *, state: State, at: datetime | None = None) -> NetworkFrames:
    """The tables that :func:`topology` is built from."""
    customers, supplies = _customers(store, at)
    return NetworkFrames(
        nodes=store.read("SELECT id AS node_id FROM network_connectivitynode ORDER BY id", schema=NODES),
        lines=store.read(
            "SELECT node_a_id AS from_node_id, node_b_id AS to_node_id FROM network_linesegment ORDER BY id",
            schema=LINES,
        ),
        switches=_switches(store, state, at),
        feeders=_feeders(store),
        transformers=store.read(
            "SELECT id AS transformer_id, node_id FROM network_powertransformer ORDER BY id", schema=TRANSFORMERS
        ),
        customers=customers,
        supplies=supplies,
    )


def positions(store: ColumnStore, *, at: datetime | None = None) -> pa.Table:
    """The last operation of every switch that has one, up to and including ``at``: :data:`POSITIONS`."""
    until, params = ("WHERE at <= ? ", (_moment(store, at),)) if at is not None else ("", ())
    return store.read(
        "SELECT switch_id, is_open FROM (SELECT switch_id, is_open, "
        "ROW_NUMBER() OVER (PARTITION BY switch_id ORDER BY at DESC, id DESC) AS back "
        f"FROM network_switchoperation {until}) replayed WHERE back = 1 ORDER BY switch_id",
        params,
        schema=POSITIONS,
    )


def _moment(store: ColumnStore, at: datetime) -> datetime | str:
    """A time as the database compares it: SQLite keeps UTC as text."""
    if at.utcoffset() is None:
        raise InvalidInput("the moment of a state needs a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if store.is_sqlite else at


def _switches(store: ColumnStore, state: State, at: datetime | None) -> pa.Table:
    planned = store.read(
        "SELECT id AS switch_id, node_a_id AS from_node_id, node_b_id AS to_node_id, normal_open AS is_open "
        "FROM network_switch ORDER BY id",
        schema=SWITCHES,
    )
    if state is State.NORMAL:
        return planned
    operated = positions(store, at=at)
    row = pc.index_in(planned.column("switch_id"), operated.column("switch_id"))
    now = pc.coalesce(operated.column("is_open").combine_chunks().take(row), planned.column("is_open"))
    return planned.set_column(3, SWITCHES.field("is_open"), now)


def _feeders(store: ColumnStore) -> pa.Table:
    heads = store.read(
        "SELECT feeder_id, id AS head_node_id FROM network_connectivitynode WHERE is_source ORDER BY feeder_id, id",
        schema=FEEDERS,
    )
    ids = heads.column("feeder_id")
    if pc.count_distinct(ids).as_py() < len(ids):
        doubled = store.read(
            "SELECT f.code FROM network_feeder f JOIN network_connectivitynode n ON n.feeder_id = f.id "
            "WHERE n.is_source GROUP BY f.code HAVING COUNT(*) > 1 ORDER BY f.code"
        )
        codes = doubled.column(0).to_pylist()
        raise InvalidInput(
            f"feeders with more than one source node: {', '.join(codes[:5])}; a feeder starts at one node",
            feeders=codes,
        )
    return heads


def supplies_of(store: ColumnStore, accounts: Sequence[int], *, at: datetime | None = None) -> pl.DataFrame:
    """Every transformer that supplies these accounts, with what a person wants to read:
    :data:`ACCOUNT_SUPPLIES`."""
    connected, params = _connected(at)
    parts = [ACCOUNT_SUPPLIES.empty_table()]
    for start in range(0, len(accounts), AT_ONCE):
        chosen = ", ".join(str(int(account)) for account in accounts[start : start + AT_ONCE])
        parts.append(
            store.read(
                "SELECT p.account_id, a.account_number, a.name, a.importance, "
                "u.path AS unit_path, p.transformer_id "
                "FROM network_usagepoint p JOIN customers_customeraccount a ON a.id = p.account_id "
                "JOIN organization_unit u ON u.id = a.unit_id "
                f"WHERE p.account_id IN ({chosen}) AND {_SUPPLIED} AND {connected}",
                params,
                schema=ACCOUNT_SUPPLIES,
            )
        )
    return pl.DataFrame(pa.concat_tables(parts)).unique().sort("account_number", "transformer_id")


def _connected(at: datetime | None) -> tuple[str, tuple[date, ...]]:
    """An SQL condition on the usage point ``p`` that it is connected, with its parameters."""
    if at is None:
        return "p.disconnected_on IS NULL", ()
    on = at.astimezone(BILLING_ZONE).date()
    return "p.connected_on <= ? AND (p.disconnected_on IS NULL OR p.disconnected_on > ?)", (on, on)


def _customers(store: ColumnStore, at: datetime | None) -> tuple[pa.Table, pa.Table]:
    """First supply of every account, and the further ones on other transformers."""
    connected, params = _connected(at)
    found = store.read(
        "SELECT p.account_id, p.transformer_id FROM network_usagepoint p "
        f"WHERE {_SUPPLIED} AND {connected} ORDER BY p.id",
        params,
        schema=_POINTS,
    )
    pairs = pl.DataFrame(found).unique(maintain_order=True)
    first = pairs["account_id"].is_first_distinct()
    return (
        _renamed(pairs.filter(first)).cast(CUSTOMERS),
        _renamed(pairs.filter(~first)).cast(SUPPLIES),
    )


def _renamed(pairs: pl.DataFrame) -> pa.Table:
    return pairs.rename({"account_id": "customer_id"}).to_arrow()
