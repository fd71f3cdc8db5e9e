"""The network on a map: lines by who feeds them, switches, transformers and important customers at their places."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import polars as pl

from wandeng.calc.tracing.topology import Topology
from wandeng.domains.network import live, revision
from wandeng.domains.network.frames import geometry
from wandeng.domains.network.models import Feeder
from wandeng.domains.network.queries.behind import supplied_points
from wandeng.domains.network.types import MapLine, MapPoint, MapSwitch, MapTransformer, NetworkMap
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope

ALONG_TIE = 10
"""A switch stands at the tenth part of its span: a tie may be a long way, and belongs to the feeder it starts from."""


def map_revision(scope: Scope, *, on: date) -> str:
    """What a map of this scope was drawn from: equal texts, equal maps. Empty where nobody keeps count."""
    marks = revision.marks()
    if not marks.equipment:
        return ""
    text = f"{scope.prefix}|{on}|{marks.equipment}|{marks.switching}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def network_map(scope: Scope, *, on: date, feeder: str = "") -> NetworkMap:
    """The feeders of the scope, or one of them, with positions and supply as they are. Raises :class:`NotFound`."""
    if feeder:
        scope.one(Feeder.objects.all(), "unit__path", "feeder", code=feeder)
    states = live.states(on)
    return _drawn(scope, states.current, states.supplied, on=on, feeders=(feeder,) if feeder else ())


def isolated_map(
    scope: Scope, *, opened: Sequence[int], closed: Sequence[int], out: Sequence[int], feeders: Sequence[str], on: date
) -> NetworkMap:
    """These feeders, as far as they are of the scope, while switches of the normal state are opened and closed and transformers
    taken out, by ids: what :func:`~wandeng.domains.network.queries.isolating.isolate` says, as a map. Raises :class:`NotFound` for
    an unknown switch."""
    kept = live.equipment(on)
    trial = kept.normal.copy()
    for switch in opened:
        trial.open(switch)
    for switch in closed:
        trial.close(switch)
    return _drawn(scope, trial, kept.supplied, on=on, feeders=feeders, out=frozenset(out))


def _drawn(
    scope: Scope, state: Topology, supplied: dict[int, int], *, on: date, feeders: Sequence[str],
    out: frozenset[int] = frozenset(),
) -> NetworkMap:  # fmt: skip
    with ColumnStore() as store:
        drawn = geometry.geometry(store, unit_path=scope.prefix, feeders=feeders)
    names = {pk: (code, name) for pk, code, name in Feeder.objects.values_list("pk", "code", "name")}
    places = _Places(drawn.nodes, state, names)
    switches = [places.switch(row) for row in drawn.switches.to_dicts()]
    return NetworkMap(
        substations=tuple(MapPoint(*row) for row in drawn.substations.iter_rows()),
        lines=tuple(_lines(places, drawn)),
        switches=tuple(switch for switch in switches if switch is not None),
        transformers=tuple(_transformers(places, drawn.transformers, supplied, out)),
        important=tuple(_important(scope, places, drawn.transformers, on)),
    )


class _Places:
    """Where nodes are and who feeds them."""

    def __init__(self, nodes: pl.DataFrame, state: Topology, names: dict[int, tuple[str, str]]) -> None:
        ids = nodes["node_id"].to_list()
        feeding = state.feeders_of_nodes(np.asarray(ids, dtype=np.int64)).tolist()
        self.at = dict(zip(ids, zip(nodes["longitude_e6"], nodes["latitude_e6"], strict=True), strict=True))
        self.home = dict(zip(ids, nodes["feeder_id"].to_list(), strict=True))
        self.fed = dict(zip(ids, feeding, strict=True))
        self.names = names
        self.opened = set(state.open_switches().tolist())

    def switch(self, row: dict[str, object]) -> MapSwitch | None:
        """A switch at its place, a tenth of its span from its first node."""
        a, b = self.at.get(row["node_a"]), self.at.get(row["node_b"])
        if a is None or b is None:
            return None
        x, y = (p + (q - p) // ALONG_TIE for p, q in zip(a, b, strict=True))
        return MapSwitch(
            str(row["code"]), str(row["name"]), x, y, str(row["kind"]), row["switch_id"] in self.opened,
            bool(row["normal_open"]),
        )  # fmt: skip

    def key(self, node: int) -> tuple[int, int]:
        """Home and feeding feeder."""
        return self.home[node], self.fed[node]


def _lines(places: _Places, drawn: geometry.Geometry) -> Iterator[MapLine]:
    """All spans with one home and one feeding feeder are one line of many parts; open switches are ties."""
    parts: dict[tuple[int, int, bool], list[tuple[tuple[int, int], tuple[int, int]]]] = defaultdict(list)
    spans = [(a, b, False) for a, b in drawn.lines.iter_rows()]
    spans += [
        (row["node_a"], row["node_b"], row["switch_id"] in places.opened)
        for row in drawn.switches.iter_rows(named=True)
    ]
    for a, b, is_open in spans:
        if a in places.at and b in places.at and places.at[a] != places.at[b]:
            parts[*places.key(a), is_open].append((places.at[a], places.at[b]))
    for (home, fed, is_open), found in sorted(parts.items()):
        code, name = places.names[home]
        fed_code, fed_name = places.names.get(fed, ("", ""))
        yield MapLine(code, name, fed_code, fed_name, is_open, tuple(found))


def _transformers(
    places: _Places, rows: pl.DataFrame, supplied: dict[int, int], out: frozenset[int]
) -> Iterator[MapTransformer]:
    for row in rows.iter_rows(named=True):
        at = places.at.get(row["node_id"])
        if at is not None:
            fed = "" if row["transformer_id"] in out else places.names.get(places.fed[row["node_id"]], ("", ""))[0]
            customers = supplied.get(row["transformer_id"], 0)
            yield MapTransformer(row["code"], row["name"], at[0], at[1], row["ownership"], fed, customers)


def _important(scope: Scope, places: _Places, rows: pl.DataFrame, on: date) -> Iterator[MapPoint]:
    """Important customers at their transformers."""
    nodes = dict(rows.select("transformer_id", "node_id").iter_rows())
    points = scope.limit(supplied_points(on).exclude(account__importance=""), "account__unit__path")
    for transformer, number, name in points.order_by("account__account_number").values_list(
        "transformer_id", "account__account_number", "account__name"
    ):
        at = places.at.get(nodes.get(transformer, -1))
        if at is not None:
            yield MapPoint(number, name, at[0], at[1])
