from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from wandeng.domains.network import actions
from wandeng.domains.network.models import SwitchOperation
from wandeng.domains.network.tests import make
from wandeng.infra.models import Event, Operation
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound, Refused
from wandeng.kernel.ids import SwitchId

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def record(code: str, is_open: bool, at: datetime = make.AT, actor: Actor = make.DISPATCHER) -> None:
    actions.record_switching(switch=make.switch(code), is_open=is_open, at=at, actor=actor, reason="检修")


def test_a_switching_is_a_line_in_the_log_an_entry_in_the_audit_and_an_event() -> None:
    recorded = actions.record_switching(
        switch=make.switch("K12"), is_open=True, at=make.AT, actor=make.WEST, reason="检修"
    )
    row = SwitchOperation.objects.get()
    assert (row.pk, row.switch.code, row.is_open, row.at) == (recorded.id, "K12", True, make.AT)
    assert (row.actor, row.reason) == ("dispatcher-w", "检修")
    event = Event.objects.get(name="network.switch_operated")
    assert event.key == f"switch:{make.switch('K12')}"
    logged = Operation.objects.get(action="switch.operate")
    assert logged.unit_path == "BS/BS-W/"
    assert '"switch":"K12"' in logged.facts


def assert_refused(refusal: type[Refused], words: str, code: str, is_open: bool, **how: object) -> None:
    before = SwitchOperation.objects.count()
    with pytest.raises(refusal, match=words):
        record(code, is_open, **how)  # type: ignore[arg-type]
    assert SwitchOperation.objects.count() == before
    assert Event.objects.count() == before


def test_a_switch_is_not_operated_to_where_it_stands() -> None:
    assert_refused(actions.AlreadyInPosition, "K9 already stands open", "K9", True)
    record("K9", False)
    assert_refused(actions.AlreadyInPosition, "K9 already stands closed", "K9", False, at=LATER)


def test_the_log_of_a_switch_grows_only_at_its_end() -> None:
    record("K12", True, LATER)
    assert_refused(actions.OperationOutOfOrder, "must be later", "K12", False, at=make.AT)
    assert_refused(actions.OperationOutOfOrder, "must be later", "K12", False, at=LATER)
    record("K11", True, make.AT)


def test_only_dispatchers_switch_and_only_what_their_units_feed() -> None:
    clerk = Actor("clerk", unit_path="BS/", roles=frozenset({"BILLING_CLERK"}))
    assert_refused(NotAllowed, "DISPATCHER", "K12", True, actor=clerk)
    assert_refused(NotFound, "there is no unit", "K21", True, actor=make.WEST)


def test_an_unknown_switch_and_a_time_without_zone_are_refused() -> None:
    with pytest.raises(NotFound, match="there is no switch 99"):
        actions.record_switching(switch=SwitchId(99), is_open=True, at=make.AT, actor=make.DISPATCHER, reason="")
    assert_refused(InvalidInput, "time zone", "K12", True, at=make.AT.replace(tzinfo=None))
