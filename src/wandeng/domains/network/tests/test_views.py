from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wandeng.domains.network import actions, queries
from wandeng.domains.network.tests import make
from wandeng.domains.network.types import State
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 5)
COUNTY, WEST = Scope("BS/"), Scope("BS/BS-W/")


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def operate(code: str, *, is_open: bool, minute: int) -> None:
    actions.record_switching(
        switch=make.switch(code),
        is_open=is_open,
        at=make.AT + timedelta(minutes=minute),
        actor=make.DISPATCHER,
        reason="检修",
    )


def test_a_switch_tells_who_is_behind_it_and_who_keeps_another_supply() -> None:
    view = queries.switch_view(COUNTY, "K12", on=TODAY)
    assert (view.is_open, view.normal_open, view.fed_by) == (False, False, ("F1", "F1"))
    # Behind K12 lies T2 with 王五 and the hospital; the hospital keeps T4.
    assert (view.current.transformers, view.current.customers, view.current.capacity_ckva) == (1, 1, 31_500)
    assert [(area.code, area.customers) for area in view.current.areas] == [("T2", 2)]
    assert [(who.account_number, who.importance, who.keeps_supply) for who in view.current.important] == [
        ("1004", "FIRST", True)
    ]
    assert view.normal == view.current


def test_now_and_as_planned_differ_after_a_switching() -> None:
    operate("K12", is_open=True, minute=1)
    operate("K9", is_open=False, minute=2)
    view = queries.switch_view(COUNTY, "K9", on=TODAY)
    assert (view.is_open, view.normal_open, view.fed_by) == (False, True, ("F2", "F2"))
    assert [area.code for area in view.current.areas] == ["T2"]
    assert view.normal.transformers == 0
    assert [(line.is_open, line.actor, line.reason) for line in view.log] == [(False, "dispatcher-1", "检修")]
    feeder = queries.transformer_view(COUNTY, "T2", on=TODAY)
    assert (feeder.home_code, feeder.fed_code, feeder.behind.customers) == ("F1", "F2", 1)


def test_a_dead_transformer_has_no_feeder() -> None:
    operate("K12", is_open=True, minute=1)
    assert queries.transformer_view(COUNTY, "T2", on=TODAY).fed_code == ""
    assert queries.switch_view(COUNTY, "K12", on=TODAY).fed_by == ("F1", "")


def test_areas_and_names_outside_the_scope_are_counted_only() -> None:
    operate("K12", is_open=True, minute=1)
    operate("K9", is_open=False, minute=2)
    operate("K21", is_open=True, minute=3)
    operate("K12", is_open=False, minute=4)  # F1 now feeds T2, T4 and, by K22, T3
    view = queries.switch_view(WEST, "K11", on=TODAY)
    assert (view.current.transformers, [area.code for area in view.current.areas]) == (4, ["T1", "T2"])
    assert view.current.important == ()  # the hospital is a customer of the east office
    assert view.current.customers == 6  # all but the utility's own account
    with pytest.raises(NotFound):
        queries.switch_view(WEST, "K21", on=TODAY)
    with pytest.raises(NotFound):
        queries.transformer_view(WEST, "T4", on=TODAY)


def test_a_what_if_on_the_kept_state_says_what_the_command_says() -> None:
    kept = queries.trace_live(COUNTY, switch="K12", on=TODAY)
    loaded = queries.trace(COUNTY, switch="K12", state=State.CURRENT)
    assert (kept.lost, kept.moved, kept.feeders) == (loaded.lost, loaded.moved, loaded.feeders)
    assert [area.code for area in kept.lost.areas] == ["T2"]


def test_the_overview_counts_home_and_fed_and_dead() -> None:
    operate("K12", is_open=True, minute=1)
    shown = queries.overview(COUNTY, on=TODAY)
    (substation,) = shown.substations
    west, east = substation.feeders
    assert (west.transformers, west.customers, west.capacity_ckva) == (2, 4, 63_000)
    assert (west.fed_transformers, west.fed_customers) == (1, 2)
    assert (west.dead_transformers, west.dead_customers, west.off_normal) == (1, 2, 1)
    assert (east.fed_transformers, east.dead_transformers, east.off_normal) == (2, 0, 0)
    assert [(row.code, row.normal_open, row.actor) for row in shown.off_normal] == [("K12", False, "dispatcher-1")]
    operate("K9", is_open=False, minute=2)
    west, east = queries.overview(COUNTY, on=TODAY).feeders
    assert (west.dead_transformers, east.fed_transformers) == (0, 3)


def test_feeders_in_parallel_are_named() -> None:
    operate("K9", is_open=False, minute=1)
    assert queries.overview(COUNTY, on=TODAY).parallel == (("F1", "F2"),)


def test_an_office_sees_its_own_feeders_of_a_shared_substation() -> None:
    shown = queries.overview(WEST, on=TODAY)
    assert [(s.code, [f.code for f in s.feeders]) for s in shown.substations] == [("S1", ["F1"])]


def test_the_diagram_names_the_other_feeder_behind_a_tie_and_who_feeds_each_stretch() -> None:
    operate("K12", is_open=True, minute=1)
    drawn = queries.feeder_diagram(COUNTY, "F1", on=TODAY)
    assert [(row.thing.value, row.id) for row in drawn.diagram.rows] == [
        ("switch", make.switch("K11")), ("transformer", 1), ("switch", make.switch("K12")), ("transformer", 2),
        ("tie", make.switch("K9")),
    ]  # fmt: skip
    tie = drawn.switches[make.switch("K9")]
    assert (tie.beyond_code, tie.is_open, tie.normal_open) == ("F2", True, True)
    assert [drawn.fed_by[row.node] for row in drawn.diagram.rows] == ["F1", "F1", "F1", "", ""]
    assert drawn.adrift == ()
    # The same tie ends the other feeder's diagram.
    east = queries.feeder_diagram(COUNTY, "F2", on=TODAY)
    assert east.switches[east.diagram.rows[-1].id].beyond_code == "F1"


def test_lists_are_limited_to_the_scope_and_name_what_they_show() -> None:
    operate("K12", is_open=True, minute=1)
    assert [row["code"] for row in queries.transformers_rows(WEST, on=TODAY).order_by("code")] == ["T1", "T2"]
    counted = {row["code"]: row["customers"] for row in queries.transformers_rows(COUNTY, on=TODAY)}
    assert counted == {"T1": 2, "T2": 2, "T3": 2, "T4": 1}
    positions = {row["code"]: row["is_open"] for row in queries.switches_rows(COUNTY)}
    assert positions == {"K11": False, "K12": True, "K21": False, "K22": False, "K9": True}
    assert [(row["switch_code"], row["feeder_code"]) for row in queries.operations_rows(COUNTY)] == [("K12", "F1")]
    assert list(queries.operations_rows(Scope("BS/BS-E/"))) == []
    assert queries.substations_rows(COUNTY).get()["feeder_count"] == 2
    feeders = {row["code"]: (row["transformer_count"], row["switch_count"]) for row in queries.feeders_rows(COUNTY)}
    assert feeders == {"F1": (2, 3), "F2": (2, 2)}


def test_the_customers_behind_a_switch_are_a_list() -> None:
    behind = queries.transformers_behind(COUNTY, "K22", state=State.CURRENT, on=TODAY)
    rows = queries.points_behind(queries.points_rows(COUNTY), behind, on=TODAY)
    assert [(row["account_number"], row["transformer_code"]) for row in rows] == [("1004", "T4")]
    # Sub-meters, supply meters and own generators make nobody a customer of T2 or T3.
    all_of_them = queries.points_behind(queries.points_rows(COUNTY), [2, 3], on=TODAY).order_by("code")
    assert [row["code"] for row in all_of_them] == ["P3", "P4", "P6", "P7"]


@pytest.mark.parametrize("ask", ["overview", "switch_view", "feeder_diagram", "transformer_view"])
def test_a_page_costs_few_queries(ask: str) -> None:
    operate("K12", is_open=True, minute=1)
    code = {"switch_view": ["K12"], "feeder_diagram": ["F1"], "transformer_view": ["T2"]}.get(ask, [])
    with CaptureQueriesContext(connection) as captured:
        getattr(queries, ask)(COUNTY, *code, on=TODAY)
    assert len(captured) <= 10
