from __future__ import annotations

from datetime import timedelta

import pytest

from wandeng.domains.network import checks
from wandeng.domains.network.checks import NetworkFault
from wandeng.domains.network.models import ConnectivityNode, LineSegment, Switch, SwitchOperation
from wandeng.domains.network.tests import make
from wandeng.infra.columns import ColumnStore

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def faults() -> list[NetworkFault]:
    with ColumnStore() as store:
        return checks.all_faults(store)


def test_the_town_has_no_fault() -> None:
    assert faults() == []


def test_a_feeder_without_source_and_what_it_leaves_dark_are_found() -> None:
    ConnectivityNode.objects.filter(code="N20").update(is_source=False)
    assert faults() == [NetworkFault("F2", "NO_SOURCE"), NetworkFault("T3", "NOT_FED"), NetworkFault("T4", "NOT_FED")]


def test_a_feeder_with_two_sources_is_found_and_stops_the_other_checks() -> None:
    ConnectivityNode.objects.filter(code="N13").update(is_source=True)
    Switch.objects.filter(code="K21").update(normal_open=True)
    assert faults() == [NetworkFault("F1", "SEVERAL_SOURCES")]


def test_a_plan_that_feeds_a_transformer_from_elsewhere_or_not_at_all_is_found() -> None:
    Switch.objects.filter(code="K22").update(normal_open=True)
    assert faults() == [NetworkFault("T4", "NOT_FED")]
    Switch.objects.filter(code="K9").update(normal_open=False)
    assert faults() == [NetworkFault("T4", "FED_BY_ANOTHER")]


def test_closed_rings_and_feeders_in_parallel_are_found() -> None:
    node = dict(ConnectivityNode.objects.values_list("code", "pk"))
    LineSegment.objects.create(id=2, code="L2", node_a_id=node["N11"], node_b_id=node["N13"])
    assert faults() == [NetworkFault("F1", "LOOP")]
    Switch.objects.filter(code="K12").update(normal_open=True)
    Switch.objects.filter(code="K9").update(normal_open=False)
    assert NetworkFault("F2", "PARALLEL") in faults()


def test_a_log_that_operates_a_switch_to_where_it_stands_is_found() -> None:
    for code, is_open, hours in (
        ("K11", False, 0),
        ("K12", True, 0),
        ("K12", False, 1),
        ("K21", True, 0),
        ("K21", True, 1),
    ):
        SwitchOperation.objects.create(
            switch_id=make.switch(code), is_open=is_open, at=make.AT + timedelta(hours=hours), actor="import"
        )
    assert faults() == [NetworkFault("K11", "OPERATED_TWICE"), NetworkFault("K21", "OPERATED_TWICE")]
