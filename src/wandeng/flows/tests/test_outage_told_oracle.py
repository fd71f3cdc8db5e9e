"""Whoever is told is whoever the topology leaves without supply, by an oracle of its own: islands of a graph, after random
switching of a network that has grown at random."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from wandeng.domains.network.models import ConnectivityNode, LineSegment, PowerTransformer, Switch, UsagePoint
from wandeng.domains.network.tests import make as network
from wandeng.domains.outages.models import OutageTold, PlannedOutage
from wandeng.domains.outages.queries.telling import telling_view
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import Isolation, IsolationKind
from wandeng.domains.outages.types.plans import NobodyOff
from wandeng.flows import outage_notices
from wandeng.infra.scope import Scope

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOW + timedelta(hours=1)
OWNERS = ("1001", "1002", "1003", "1004", "1005")


def grown(dice: random.Random) -> None:
    """Five more nodes behind switches of their own, each with a transformer that supplies one or two of the customers."""
    make.town()
    account = dict(UsagePoint.objects.values_list("account__account_number", "account_id"))
    for n in range(5):
        parent = ConnectivityNode.objects.get(
            pk=dice.choice(list(ConnectivityNode.objects.values_list("pk", flat=True)))
        )
        node = ConnectivityNode.objects.create(id=100 + n, code=f"M{n}", feeder_id=parent.feeder_id)
        Switch.objects.create(
            id=100 + n, code=f"Q{n}", name=f"分段{n}", kind="LOAD_BREAK_SWITCH", feeder_id=parent.feeder_id, node_a=parent,
            node_b=node,
        )  # fmt: skip
        area = PowerTransformer.objects.create(
            id=100 + n, code=f"R{n}", name=f"配变{n}", feeder_id=parent.feeder_id, node=node, unit_id=PowerTransformer.objects.all()[0].unit_id,
            capacity_ckva=31_500, ownership="PUBLIC", area_name=f"村{n}",
        )  # fmt: skip
        for place, owner in enumerate(dice.sample(OWNERS, dice.choice((1, 1, 2)))):
            UsagePoint.objects.create(
                id=100 + 2 * n + place, code=f"G{n}-{place}", account_id=account[owner], transformer=area, kind="LOAD",
                voltage_code="AC03802", connected_on=network.OPENED_ON,
            )  # fmt: skip
    network.mark_written()


def dark(opened: set[str], closed: set[str], out: set[str]) -> set[str]:
    """Accounts all of whose supplies lie on islands without a source, or behind a transformer that is out."""
    nodes = {pk: place for place, pk in enumerate(ConnectivityNode.objects.values_list("pk", flat=True))}
    edges = list(LineSegment.objects.values_list("node_a_id", "node_b_id"))
    for code, a, b, normal_open in Switch.objects.values_list("code", "node_a_id", "node_b_id", "normal_open"):
        if code in closed or (not normal_open and code not in opened):
            edges.append((a, b))
    ends = np.array([[nodes[a], nodes[b]] for a, b in edges])
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(nodes), len(nodes)))
    island = connected_components(graph, directed=False)[1]
    fed = {island[nodes[pk]] for pk in ConnectivityNode.objects.filter(is_source=True).values_list("pk", flat=True)}
    found: dict[str, list[bool]] = {}
    drawing = set(UsagePoint.objects.filter(kind="LOAD").values_list("account_id", flat=True))
    # Whoever only feeds in is a customer too; supply meters and sub-meters make none.
    customers = UsagePoint.objects.filter(kind="LOAD") | UsagePoint.objects.filter(kind="FEED_IN").exclude(
        account__in=drawing
    )
    for owner, code, node in customers.values_list(
        "account__account_number", "transformer__code", "transformer__node_id"
    ):
        found.setdefault(owner, []).append(code in out or island[nodes[node]] not in fed)
    return {owner for owner, all_off in found.items() if all(all_off)}


def planned(opened: set[str], closed: set[str], out: set[str]) -> str:
    """A plan with these isolation points, published whatever speaks against it."""
    kinds = ((IsolationKind.OPEN, opened), (IsolationKind.CLOSE, closed), (IsolationKind.OUT, out))
    points = tuple(Isolation(kind, code) for kind, codes in kinds for code in sorted(codes))
    number = make.drafted(make.request(isolation=points))
    PlannedOutage.objects.filter(number=number).update(state="PUBLISHED", published_at=make.NOW)
    return number


@pytest.mark.parametrize("seed", range(3))
def test_whoever_is_told_is_whoever_the_graph_leaves_dark(seed: int) -> None:
    dice = random.Random(seed)
    grown(dice)
    switches = list(Switch.objects.filter(normal_open=False).values_list("code", flat=True))
    areas = list(PowerTransformer.objects.values_list("code", flat=True))
    told_somebody = kept_somebody = 0
    for _ in range(10):
        opened = set(dice.sample(switches, dice.randint(1, 4)))
        closed = {"K9"} if dice.random() < 0.4 else set()
        out = set(dice.sample(areas, dice.choice((0, 0, 1, 3))))
        expected = dark(opened, closed, out)
        try:
            number = planned(opened, closed, out)
        except NobodyOff:
            assert expected == set()
            continue
        outage_notices.tell(number=number, at=LATER)
        told = list(
            OutageTold.objects.filter(telling__outage__number=number).values_list("account__account_number", flat=True)
        )
        assert (set(told), len(told)) == (expected, len(expected))
        # Nobody has been reached yet: the gap list names the same.
        assert {one.account_number for one in telling_view(Scope.everywhere(), number, now=LATER).gaps} == expected
        told_somebody += bool(expected)
        kept_somebody += bool(set(OWNERS) - expected)
    assert told_somebody
    assert kept_somebody
