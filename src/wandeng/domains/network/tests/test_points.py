"""Usage points are connected, changed and disconnected; a customer's own transformer is taken up."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.kits import bill_world as world

from wandeng.domains.network import actions, queries, revision
from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
CLERK = Actor("clerk", unit_path="c01/", roles=frozenset({"CELL_MANAGER"}))
STRANGER = Actor("stranger", unit_path="c02/", roles=frozenset({"CELL_MANAGER"}))
DAY = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _county() -> None:
    world.found()
    world.add_account("1", total={})


def connect(actor: Actor = CLERK, **also: object) -> None:
    told = {"code": "P-new", "account_number": "1", "transformer_code": "T-c01", "voltage_code": "AC00022",
            "contract_capacity_ckva": 8_00, "connected_on": DAY, "actor": actor, "at": AT}  # fmt: skip
    actions.connect_point(**(told | also))  # type: ignore[arg-type]


def test_a_point_is_connected_once_and_whoever_keeps_the_network_hears_of_it() -> None:
    before = revision.marks()
    connect()
    assert revision.marks().equipment != before.equipment
    assert UsagePoint.objects.get(code="P-new").contract_capacity_ckva == 8_00
    assert Operation.objects.get().action == "point.connect"
    with pytest.raises(Conflict, match="exists already"):
        connect()
    with pytest.raises(InvalidInput):
        connect(code="P-2", metered_side="MIDDLE")
    with pytest.raises(NotFound):
        connect(STRANGER, code="P-3")


def test_a_point_ends_once_and_after_it_began() -> None:
    connect()
    told = {"code": "P-new", "actor": CLERK, "at": AT, "reason": "销户"}
    with pytest.raises(InvalidInput, match="cannot end"):
        actions.disconnect_point(on=DAY, **told)  # type: ignore[arg-type]
    actions.disconnect_point(on=date(2026, 9, 2), **told)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="is disconnected since 2026-09-02"):
        actions.disconnect_point(on=date(2026, 9, 3), **told)  # type: ignore[arg-type]
    found = queries.points_of(Scope.everywhere(), "1")
    assert [(one.code, one.disconnected_on) for one in found] == [("P1", None), ("P-new", date(2026, 9, 2))]


def test_a_change_that_changes_nothing_is_refused() -> None:
    connect()
    told = {"code": "P-new", "actor": CLERK, "at": AT, "reason": "减容"}
    actions.change_point(contract_capacity_ckva=5_00, **told)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="like that already"):
        actions.change_point(contract_capacity_ckva=5_00, **told)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput):
        actions.change_point(contract_capacity_ckva=0, **told)  # type: ignore[arg-type]


def test_a_transformer_of_a_customer_stands_at_the_head_of_its_feeder() -> None:
    told = {"code": "ZB1", "name": "专变", "feeder_code": "F-c01", "capacity_ckva": 400_00, "ownership": "CUSTOMER",
            "actor": CLERK, "at": AT}  # fmt: skip
    actions.build_transformer(**told)  # type: ignore[arg-type]
    made = PowerTransformer.objects.get(code="ZB1")
    assert (made.node.code, made.unit.code, made.ownership) == ("N-c01", "c01", "CUSTOMER")
    with pytest.raises(Conflict):
        actions.build_transformer(**told)  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="has no node"):
        actions.build_transformer(**(told | {"code": "ZB2", "node_code": "N-9"}))  # type: ignore[arg-type]
    # It is no candidate of anybody's scheme, but it is load on its feeder.
    assert [one.code for one in queries.public_transformers(Scope.everywhere())] == ["T-c01"]
    load = queries.feeder_loads([made.feeder_id], on=DAY)[made.feeder_id]
    assert load.capacity_ckva == 800_00
