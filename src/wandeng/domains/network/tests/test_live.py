from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl
import pytest

from wandeng.domains.network import actions, live, revision
from wandeng.domains.network.frames import loading
from wandeng.domains.network.models import NetworkRevision, SwitchOperation
from wandeng.domains.network.tests import make
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.ids import SwitchId

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def _marked_town() -> Iterator[None]:
    make.town()
    revision.renew(revision.Part.EQUIPMENT)
    yield
    live._kept = None


def operate(code: str, *, is_open: bool, minute: int) -> None:
    actions.record_switching(
        switch=make.switch(code),
        is_open=is_open,
        at=make.AT + timedelta(minutes=minute),
        actor=make.DISPATCHER,
        reason="检修",
    )


def test_an_unchanged_network_is_kept() -> None:
    assert live.states(TODAY) is live.states(TODAY)


def test_a_switching_is_followed_and_leaves_what_was_handed_out_as_it_was() -> None:
    before = live.states(TODAY)
    operate("K12", is_open=True, minute=1)
    after = live.states(TODAY)
    assert (before.current.is_open(make.switch("K12")), after.current.is_open(make.switch("K12"))) == (False, True)
    assert after.normal is before.normal
    assert after.current.network is before.current.network  # moved, not built anew
    # T2 alone lies behind K12: 王五 is out, the hospital has T4.
    assert len(after.current.unfed().customers) == 1


def test_what_another_process_wrote_is_seen_by_its_mark_alone() -> None:
    live.states(TODAY)
    SwitchOperation.objects.create(
        switch_id=make.switch("K12"), is_open=True, at=make.AT, actor="other", reason="another process"
    )
    assert not live.states(TODAY).current.is_open(make.switch("K12"))
    revision.renew(revision.Part.SWITCHING)
    assert live.states(TODAY).current.is_open(make.switch("K12"))


def test_a_state_followed_step_by_step_equals_one_built_from_the_log() -> None:
    live.states(TODAY)
    for minute, (code, is_open) in enumerate([("K12", True), ("K9", False), ("K22", True), ("K22", False)], start=1):
        operate(code, is_open=is_open, minute=minute)
        kept = live.states(TODAY)
        live._kept = None
        fresh = live.states(TODAY)
        assert kept.current.feeders_of_transformers().tolist() == fresh.current.feeders_of_transformers().tolist()
        assert kept.current.open_switches().tolist() == fresh.current.open_switches().tolist()
        live._kept = kept


def test_another_day_counts_the_customers_of_that_day() -> None:
    assert live.states(TODAY).supplied
    assert set(live.states(make.OPENED_ON - timedelta(days=1)).supplied.values()) == {0}


def test_a_double_supply_counts_at_each_of_its_transformers() -> None:
    # T1 张三 李四, T2 王五 and the hospital, T3 赵六 and the photovoltaic account, T4 the hospital.
    assert live.states(TODAY).supplied == {1: 2, 2: 2, 3: 2, 4: 1}


def test_a_network_without_marks_is_never_kept() -> None:
    NetworkRevision.objects.all().delete()
    assert live.states(TODAY) is not live.states(TODAY)


def test_an_import_that_writes_something_renews_the_mark_and_one_that_does_not_leaves_it() -> None:
    rows = pl.DataFrame({"line": [1], "switch_id": [int(make.switch("K12"))], "at": [make.AT], "is_open": [True],
                         "actor": ["scada"], "reason": [""]}).with_columns(
        pl.col("at").dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    )  # fmt: skip
    marks = [revision.marks()]
    for _ in range(2):
        with ColumnStore() as store, store.transaction():
            loading.load_switch_operations(store, rows)
        marks.append(revision.marks())
    assert marks[0].equipment == marks[2].equipment
    assert marks[0].switching != marks[1].switching == marks[2].switching
    assert live.states(TODAY).current.is_open(SwitchId(int(make.switch("K12"))))


def test_equipment_that_changed_is_built_anew() -> None:
    before = live.states(TODAY)
    switch = pl.DataFrame({"line": [1], "code": ["K12"], "name": ["西线分段开关"], "kind": ["LOAD_BREAK_SWITCH"],
                           "normal_open": [True]})  # fmt: skip
    with ColumnStore() as store, store.transaction():
        loading.load_equipment(store, "switch", switch)
    after = live.states(TODAY)
    assert after.normal.network is not before.normal.network
    assert after.normal.is_open(make.switch("K12"))
