"""Traces over the small town; the drawing stands in ``make``."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wandeng.domains.network import actions, queries
from wandeng.domains.network.frames import connectivity
from wandeng.domains.network.models import ConnectivityNode, UsagePoint
from wandeng.domains.network.tests import make
from wandeng.domains.network.types import State, Traced, TraceResult
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
LATER = make.AT + timedelta(hours=1)
NOTHING: tuple[list[str], list[str]] = ([], [])


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def operate(code: str, is_open: bool, after: timedelta = timedelta()) -> None:
    at = make.AT + after
    actions.record_switching(switch=make.switch(code), is_open=is_open, at=at, actor=make.DISPATCHER, reason="检修")


def trace(code: str, state: State = State.NORMAL, scope: Scope = EVERYWHERE, **how: object) -> TraceResult:
    return queries.trace(scope, switch=code, state=state, **how)  # type: ignore[arg-type]


def names(traced: Traced) -> tuple[list[str], list[str]]:
    return [area.code for area in traced.areas], [account.account_number for account in traced.accounts]


def test_opening_a_switch_names_the_areas_and_customers_behind_it() -> None:
    result = trace("K11")
    # the hospital (1004) hangs on T2 as well, but T4 keeps it supplied
    assert names(result.lost) == (["T1", "T2"], ["1001", "1002", "1003"])
    assert names(result.regained) == names(result.moved) == NOTHING
    assert [(area.code, area.customers) for area in result.lost.areas] == [("T1", 2), ("T2", 1)]
    assert result.lost.capacity_ckva == 2 * 31_500
    assert result.made_open
    assert result.feeders == ("F1",)
    assert (result.switch.name, result.switch.feeder_name, result.switch.is_open) == ("西线出线断路器", "西线", False)


def test_submeters_and_supply_meters_make_no_customer_but_a_pure_feed_in_does() -> None:
    assert names(trace("K21").lost) == (["T3", "T4"], ["1005", "1006"])


def test_an_important_user_is_lost_only_with_its_last_supply() -> None:
    operate("K22", True)
    result = trace("K12", State.CURRENT)
    assert names(result.lost) == (["T2"], ["1003", "1004"])
    [hospital] = result.lost.important
    assert (hospital.name, hospital.importance, hospital.transformer_codes) == ("县人民医院", "FIRST", ("T2", "T4"))
    assert result.lost.areas[0].important == (hospital,)
    assert trace("K12", State.NORMAL).lost.important == ()


def test_closing_a_tie_brings_back_what_was_lost() -> None:
    operate("K12", True)
    result = trace("K9", State.CURRENT)
    assert not result.made_open
    assert names(result.regained) == (["T2"], ["1003"])
    assert names(result.lost) == names(result.moved) == NOTHING
    assert result.feeders == ("F2",)
    assert result.parallel == ()


def test_closing_a_tie_between_live_feeders_is_reported_and_moves_nobody() -> None:
    result = trace("K9")
    assert result.parallel == (("F1", "F2"),)
    assert names(result.lost) == names(result.regained) == names(result.moved) == NOTHING


def test_opening_one_side_of_feeders_in_parallel_moves_what_hung_there() -> None:
    operate("K9", False)
    # in parallel all is fed by F1 and F2; after K12 opens T2 is fed by F2 alone, which fed it before: nobody moves
    assert names(trace("K12", State.CURRENT).moved) == NOTHING
    assert trace("K12", State.CURRENT).parallel == ()


def test_the_normal_state_ignores_the_log_and_the_current_state_is_the_log_up_to_a_moment() -> None:
    operate("K12", True)
    operate("K12", False, timedelta(hours=1))
    operate("K12", True, timedelta(hours=2))

    def stands_open(state: State, **how: object) -> bool:
        return trace("K12", state, **how).switch.is_open

    assert not stands_open(State.NORMAL)
    assert not stands_open(State.CURRENT, at=make.AT - timedelta(seconds=1))
    assert stands_open(State.CURRENT, at=make.AT)
    assert not stands_open(State.CURRENT, at=LATER)
    assert not stands_open(State.CURRENT, at=LATER + timedelta(minutes=59))
    assert stands_open(State.CURRENT, at=LATER + timedelta(hours=1))
    assert stands_open(State.CURRENT)


def test_a_trace_writes_nothing() -> None:
    trace("K12", make_open=True)
    with ColumnStore() as store:
        assert connectivity.positions(store).num_rows == 0
        assert connectivity.topology(store, state=State.CURRENT).unfed().transformers.size == 0


def test_a_direction_the_switch_already_has_is_refused() -> None:
    with pytest.raises(actions.AlreadyInPosition, match="K9 already stands open in the normal state"):
        trace("K9", make_open=True)
    assert names(trace("K9", make_open=False).regained) == NOTHING


def test_an_unknown_switch_is_refused_with_similar_ones() -> None:
    with pytest.raises(NotFound, match=r"there is no switch K1; did you mean K11, K12\?"):
        trace("K1")
    with pytest.raises(NotFound, match=r"联络; did you mean K9\?"):
        trace("联络")
    with pytest.raises(NotFound, match=r"there is no switch ZZ$"):
        trace("ZZ")


def test_a_person_of_one_office_is_told_how_many_elsewhere_but_not_who() -> None:
    west = Scope("BS/BS-W/")
    operate("K22", True)
    result = trace("K12", State.CURRENT, west)
    assert names(result.lost) == (["T2"], ["1003"])
    assert result.lost.accounts_elsewhere == 1
    assert result.lost.areas[0].customers == 2
    assert result.lost.important == ()
    with pytest.raises(NotFound, match=r"there is no switch K21$"):
        trace("K21", scope=west)
    operate("K21", True)
    operate("K9", False)
    assert names(trace("K12", State.CURRENT, west).lost) == (["T2"], ["1003"])
    assert trace("K12", State.CURRENT, west).lost.areas_elsewhere == 1


def test_points_count_from_their_first_day_to_the_day_they_are_disconnected() -> None:
    UsagePoint.objects.filter(code="P1").update(disconnected_on=date(2026, 3, 5))
    UsagePoint.objects.filter(code="P2").update(connected_on=date(2026, 3, 6))

    def customers(**how: object) -> list[str]:
        return names(trace("K11", **how).lost)[1]

    # 2026-03-05 00:00 in Shanghai is 2026-03-04 16:00 UTC
    midnight = make.AT.replace(day=4, hour=16)
    assert customers(at=midnight - timedelta(seconds=1)) == ["1001", "1003"]
    assert customers(at=midnight) == ["1003"]
    assert customers(at=midnight + timedelta(days=1)) == ["1002", "1003"]
    assert customers() == ["1002", "1003"]


def test_a_feeder_with_two_sources_refuses_every_trace_by_name() -> None:
    ConnectivityNode.objects.filter(code="N13").update(is_source=True)
    with pytest.raises(InvalidInput, match="more than one source node: F1;"):
        trace("K21")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        trace("K11", State.CURRENT, at=make.AT.replace(tzinfo=None))
