"""How long repairs take, stage by stage: what counts, for whom, and what does not."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kits import storm_world as storm

from wandeng.domains.cases.actions import intake, work
from wandeng.domains.cases.queries import stage_times
from wandeng.domains.cases.queries.stage_times import StagesBy, StageTimes
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Request
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import Month, Period

OCTOBER = Month(2026, 10).period


@pytest.fixture
def charter(db: None) -> Charter:
    return storm.build()


def asked(charter: Charter, by: StagesBy = StagesBy.UNIT, period: Period = OCTOBER) -> StageTimes:
    return stage_times.stage_times(Scope.everywhere(), unit_code="c01", period=period, by=by, charter=charter)


def apart(charter: Charter, account: str, minute: int, **also: str) -> str:
    """A fault of another area, so that no incident joins them."""
    request = Request("fault_repair", "PHONE_95598", storm.FAULT, account_number=account, **also)  # type: ignore[arg-type]
    return intake.open_case(
        request=request, actor=make.actor("CALL_CLERK"), at=make.after(minute), charter=charter
    ).number


def test_a_stage_is_the_time_from_the_step_before(charter: Charter) -> None:
    make.repair(charter, apart(charter, "A1-01", 0), minutes=5)
    make.repair(charter, apart(charter, "B1-01", 0), minutes=9, until="ACCEPT")

    found = asked(charter)

    assert [code for code, _zh, _en in found.stages] == ["DISPATCH", "ACCEPT", "ARRIVE", "RESTORE", "WHOLE"]
    assert found.whole
    assert found.whole.cases == 2
    dispatch, accept, arrive, restore, whole = found.whole.spreads
    assert (dispatch.cases, dispatch.p50_s, dispatch.p90_s, dispatch.longest_s) == (2, 300, 540, 540)
    assert [one.p95_s for one in (accept, arrive, restore)] == [60, 60, 60]
    assert (whole.stage, whole.cases, whole.p50_s) == ("WHOLE", 1, 8 * 60)
    assert [(one.code, one.cases) for one in found.groups] == [("c01", 2)]


def test_a_step_that_was_sent_back_counts_where_the_time_went(charter: Charter) -> None:
    number = apart(charter, "A1-01", 0)
    work.finish(number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(1), charter=charter)
    work.send_back(
        number=number,
        to_step="DISPATCH",
        reason="不在辖区",
        actor=make.actor("CELL_MANAGER"),
        at=make.after(2),
        charter=charter,
    )
    make.repair(charter, number, minutes=10, until="ACCEPT")

    found = asked(charter)

    assert found.whole
    assert [(one.stage, one.p50_s) for one in found.whole.spreads] == [("DISPATCH", 60), ("ACCEPT", 600)]


def test_cases_are_taken_apart_by_class_and_month(charter: Charter) -> None:
    make.repair(charter, apart(charter, "A1-01", 0, first_class="LOW_VOLTAGE", second_class="LINE"), minutes=5)
    make.repair(charter, apart(charter, "B1-01", 0), minutes=7)

    by_class = {one.code: one for one in asked(charter, StagesBy.CLASS).groups}

    assert by_class["LOW_VOLTAGE/LINE"].name_zh == "低压故障 · 低压线路故障"
    assert by_class["LOW_VOLTAGE/LINE"].spreads[0].p50_s == 300
    assert by_class[""].spreads[0].p50_s == 420
    assert [one.code for one in asked(charter, StagesBy.MONTH).groups] == ["2026-10"]


def test_other_months_and_other_units_are_not_counted(charter: Charter) -> None:
    make.repair(charter, apart(charter, "A1-01", 0))

    assert asked(charter, period=Month(2026, 9).period).whole is None
    with pytest.raises(NotFound):
        stage_times.stage_times(
            Scope("elsewhere/"), unit_code="c01", period=OCTOBER, by=StagesBy.UNIT, charter=charter
        )  # fmt: skip


def test_a_period_longer_than_a_year_is_refused(charter: Charter) -> None:
    with pytest.raises(InvalidInput, match="at most 366 days"):
        asked(charter, period=Period(date(2025, 1, 1), date(2026, 12, 1)))
