from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Job, StateChange
from wandeng.infra.transitions import MoveRefused, StateTable, move, move_many
from wandeng.kernel.actors import Actor

AT = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
CLERK = Actor("clerk")
TABLE = StateTable(
    "job",
    "QUEUED",
    {"start": ("QUEUED", "RUNNING"), "end": ("RUNNING", "DONE"), "park": (("QUEUED", "RUNNING"), "PARKED")},
    final=("DONE", "PARKED"),
)


def job(key: str, state: str = "QUEUED") -> Job:
    return Job.objects.create(kind="k", dedup_key=key, state=state, run_at=AT, created_at=AT)


def test_a_table_knows_its_states_in_the_order_they_are_met() -> None:
    assert TABLE.states == ("QUEUED", "RUNNING", "DONE", "PARKED")
    assert TABLE.origins("park") == ("QUEUED", "RUNNING")


@pytest.mark.django_db
def test_a_move_changes_the_row_writes_history_and_returns_both_states() -> None:
    row = job("a")
    later = AT + timedelta(hours=1)
    assert move(row, TABLE, "start", actor=CLERK, at=AT, reason="why", run_at=later) == ("QUEUED", "RUNNING")
    assert (row.state, row.run_at) == ("RUNNING", later)
    entry = StateChange.objects.get()
    assert (entry.subject_type, entry.subject_id, entry.move) == ("infra.Job", row.pk, "start")
    assert (entry.from_state, entry.to_state, entry.actor, entry.at, entry.reason) == (
        "QUEUED", "RUNNING", "clerk", AT, "why",
    )  # fmt: skip


@pytest.mark.django_db
def test_who_comes_second_is_refused_though_their_copy_looks_right() -> None:
    row = job("a")
    stale = Job.objects.get(pk=row.pk)
    move(row, TABLE, "park", actor=CLERK, at=AT)
    with pytest.raises(MoveRefused, match="it is PARKED, not QUEUED"):
        move(stale, TABLE, "start", actor=CLERK, at=AT)
    assert StateChange.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_rows_move_from_each_origin_and_those_elsewhere_are_left() -> None:
    rows = [job("a"), job("b", "RUNNING"), job("c", "DONE"), job("d")]
    later = AT + timedelta(days=1)
    with ColumnStore() as store, store.transaction():
        moved = move_many(
            store, Job, TABLE, "park", [row.pk for row in rows[:3]], actor=CLERK, at=later, reason="r",
            also={"last_error": "x"},
        )  # fmt: skip
    assert moved == [rows[0].pk, rows[1].pk]
    assert list(Job.objects.order_by("pk").values_list("state", "last_error")) == [
        ("PARKED", "x"), ("PARKED", "x"), ("DONE", ""), ("QUEUED", ""),
    ]  # fmt: skip
    history = StateChange.objects.order_by("subject_id").values_list("subject_id", "from_state", "to_state", "at")
    assert list(history) == [(rows[0].pk, "QUEUED", "PARKED", later), (rows[1].pk, "RUNNING", "PARKED", later)]
    assert set(StateChange.objects.values_list("subject_type", "move", "actor", "reason")) == {
        ("infra.Job", "park", "clerk", "r")
    }


@pytest.mark.django_db(transaction=True)
def test_a_row_is_moved_once_though_the_move_leads_from_one_of_its_origins_to_another() -> None:
    chain = StateTable("job", "QUEUED", {"on": (("QUEUED", "RUNNING"), "RUNNING")})
    row = job("a")
    with ColumnStore() as store, store.transaction():
        assert move_many(store, Job, chain, "on", [row.pk], actor=CLERK, at=AT) == [row.pk]
    assert StateChange.objects.get().from_state == "QUEUED"
