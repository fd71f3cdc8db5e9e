"""The single-line diagram of a feeder, with who feeds what now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
from django.db.models import Q

from wandeng.calc.single_line import Branch, Diagram, layout
from wandeng.domains.network import live
from wandeng.domains.network.models import ConnectivityNode, Feeder, LineSegment, PowerTransformer, Switch
from wandeng.domains.network.types import DrawnSwitch, DrawnTransformer, FeederDiagram
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput


def feeder_diagram(scope: Scope, code: str, *, on: date) -> FeederDiagram:
    """The planned tree of the feeder with this code, laid out, with positions and supply as they are now.

    Raises :class:`NotFound`, and :class:`InvalidInput` for a feeder without exactly one source.
    """
    rows = Feeder.objects.select_related("substation", "unit")
    feeder = scope.one(rows, "unit__path", "feeder", code=code)
    states = live.states(on)
    nodes = dict(ConnectivityNode.objects.filter(feeder=feeder).values_list("pk", "is_source"))
    heads = [node for node, is_source in nodes.items() if is_source]
    if len(heads) != 1:
        raise InvalidInput(f"feeder {code} has {len(heads)} source nodes; a feeder starts at one node", feeder=code)
    touching = Q(node_a__feeder=feeder) | Q(node_b__feeder=feeder)
    switches = list(Switch.objects.filter(touching).select_related("feeder__unit", "node_a__feeder", "node_b__feeder"))
    lines = LineSegment.objects.filter(touching).values_list("node_a_id", "node_b_id")
    hung = list(PowerTransformer.objects.filter(node__feeder=feeder))
    transformers = {
        row.pk: DrawnTransformer(
            row.pk, row.code, row.name, row.area_name, row.ownership, row.capacity_ckva, states.supplied.get(row.pk, 0)
        )
        for row in hung
    }
    branches = [Branch(a, b) for a, b in lines]
    branches += [Branch(s.node_a_id, s.node_b_id, s.pk, s.normal_open) for s in switches]
    drawn = layout(heads[0], branches, [(row.pk, row.node_id) for row in hung], nodes)
    shown = {row.id for row in drawn.rows if row.thing.value == "transformer"}
    return FeederDiagram(
        code=feeder.code,
        name=feeder.name,
        substation_name=feeder.substation.name,
        unit_code=feeder.unit.code,
        unit_name=feeder.unit.name,
        unit_path=feeder.unit.path,
        diagram=drawn,
        switches={s.pk: _switch(s, feeder, states, scope) for s in switches},
        transformers=transformers,
        fed_by=_fed_by(drawn, states),
        adrift=tuple(t for pk, t in sorted(transformers.items()) if pk not in shown),
    )


def _switch(row: Switch, feeder: Feeder, states: live.Live, scope: Scope) -> DrawnSwitch:
    others = [node.feeder for node in (row.node_a, row.node_b) if node.feeder_id != feeder.pk]
    return DrawnSwitch(
        id=row.pk,
        code=row.code,
        name=row.name,
        kind=row.kind,
        normal_open=row.normal_open,
        is_open=states.current.is_open(row.pk),
        beyond_code=others[0].code if others else "",
        beyond_name=others[0].name if others else "",
        is_within=scope.covers(row.feeder.unit.path),
    )


def _fed_by(drawn: Diagram, states: live.Live) -> dict[int, str]:
    nodes = sorted({row.node for row in drawn.rows} | {link.node for link in drawn.links} | _beyond(drawn))
    feeding = states.current.feeders_of_nodes(np.asarray(nodes, dtype=np.int64)).tolist()
    codes = dict(Feeder.objects.filter(pk__in=set(feeding)).values_list("pk", "code"))
    return {node: codes.get(feeder, "") for node, feeder in zip(nodes, feeding, strict=True)}


def _beyond(drawn: Diagram) -> set[int]:
    far: Iterable[int | None] = (row.beyond for row in drawn.rows)
    return {node for node in far if node is not None}
