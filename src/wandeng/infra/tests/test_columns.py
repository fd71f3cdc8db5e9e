from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from wandeng.infra import columns
from wandeng.infra.columns import ColumnStore, arrow_schema, cast
from wandeng.infra.models import Job, Operation
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 5, 8, 0, 1, tzinfo=UTC)


def jobs(*keys: str) -> pa.Table:
    return pa.table(
        {
            "queue": ["default"] * len(keys),
            "kind": ["k"] * len(keys),
            "dedup_key": list(keys),
            "payload": ["{}"] * len(keys),
            "state": ["QUEUED"] * len(keys),
            "run_at": pa.array([AT] * len(keys), pa.timestamp("us", tz="UTC")),
            "attempts": pa.array([0] * len(keys), pa.int64()),
            "lease_owner": [""] * len(keys),
            "fence": pa.array([0] * len(keys), pa.int64()),
            "last_error": [""] * len(keys),
            "created_at": pa.array([AT] * len(keys), pa.timestamp("us", tz="UTC")),
        }
    )


def append_and_fail(store: ColumnStore, key: str) -> None:
    with store.transaction():
        store.append(Job, jobs(key))
        raise ZeroDivisionError


def test_rows_written_as_columns_are_read_by_the_models_and_back() -> None:
    with ColumnStore() as store:
        assert store.append(Job, jobs("a", "b")) == 2
        shown = store.read("SELECT dedup_key, run_at, attempts, lease_until FROM infra_job ORDER BY id").column_names
        assert shown == ["dedup_key", "run_at", "attempts", "lease_until"]
        read = store.read("SELECT * FROM infra_job ORDER BY id", schema=arrow_schema(Job))
    assert [(job.dedup_key, job.run_at, job.lease_until) for job in Job.objects.order_by("id")] == [
        ("a", AT, None),
        ("b", AT, None),
    ]
    assert read.schema.names == arrow_schema(Job).names
    assert read.column("run_at").to_pylist() == [AT, AT]
    assert read.column("attempts").type == pa.int16()


@pytest.mark.parametrize("at", [AT, AT.replace(microsecond=120_000)])
def test_times_written_by_both_ways_are_equal_in_sql_and_read_whole(at: datetime) -> None:
    Operation.objects.create(at=at, actor="a", action="x", subject_type="t", subject_code="1")
    with ColumnStore() as store:
        moment = pa.array([at], pa.timestamp("us", tz="UTC"))
        rows = jobs("a")
        store.append(Job, rows.set_column(rows.column_names.index("run_at"), "run_at", moment))
        same = store.scalar("SELECT COUNT(*) FROM infra_operation o, infra_job j WHERE o.at = j.run_at")
        read = store.read("SELECT run_at FROM infra_job", schema=pa.schema([arrow_schema(Job).field("run_at")]))
    assert same == 1
    assert read.column(0).to_pylist() == [at]


def test_a_failed_transaction_leaves_nothing() -> None:
    with ColumnStore() as store:
        with pytest.raises(ZeroDivisionError):
            append_and_fail(store, "a")
        assert store.scalar("SELECT COUNT(*) FROM infra_job") == 0


def test_an_inner_transaction_falls_alone_and_stands_only_with_the_outer_one() -> None:
    with ColumnStore() as store:
        with store.transaction():
            store.append(Job, jobs("outer"))
            with pytest.raises(ZeroDivisionError):
                append_and_fail(store, "inner")
        assert store.read("SELECT dedup_key FROM infra_job").column(0).to_pylist() == ["outer"]


def test_parameters_are_values_on_both_databases_and_never_text() -> None:
    with ColumnStore() as store:
        store.append(Job, jobs("it's", "b"))
        found = store.read("SELECT id FROM infra_job WHERE dedup_key = ? AND kind = ?", ("it's", "k"))
    assert found.num_rows == 1


def test_a_column_without_any_value_takes_the_wanted_type() -> None:
    nothing = pa.table({"day": pa.nulls(2, pa.int64()), "flag": pa.array([1, 0])})
    wanted = pa.schema([("day", pa.date32()), ("flag", pa.bool_())])
    assert cast(nothing, wanted).to_pylist() == [{"day": None, "flag": True}, {"day": None, "flag": False}]
    assert cast(nothing.slice(0, 0), wanted).schema == wanted
    some = pa.table({"day": ["2026-01-02"], "flag": [True]})
    assert cast(some, wanted).to_pylist() == [{"day": date(2026, 1, 2), "flag": True}]


def statistics_of(table: str) -> int:
    """The rows that the planner believes a table to have; -1 when nobody has counted."""
    with ColumnStore() as store:
        if not store.is_sqlite:
            return int(store.scalar("SELECT reltuples FROM pg_class WHERE relname = ?", (table,)))
        if not store.scalar("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"):
            return -1
        told = store.scalar("SELECT stat FROM sqlite_stat1 WHERE tbl = ?", (table,))
        return int(told.split()[0]) if told else -1


def test_statistics_are_taken_of_the_tables_that_were_filled() -> None:
    with ColumnStore() as store:
        store.append(Job, jobs(*(f"k{i}" for i in range(300))))
        store.append(Job, jobs("last"))
        assert store.appended == {Job: 301}
        store.analyze(store.appended)
    assert statistics_of("infra_job") == 301


def test_what_was_read_with_parameters_does_not_end_the_transaction() -> None:
    """The driver of PostgreSQL wraps a statement with parameters into a transaction of its own unless it knows of ours."""
    with ColumnStore() as store, contextlib.suppress(KeyError), store.transaction():
        store.execute("INSERT INTO infra_idblock (name, next_id) VALUES (?, ?)", ("kept", 1))
        store.read("SELECT next_id FROM infra_idblock WHERE name = ?", ("kept",))
        with store.transaction():
            store.execute("UPDATE infra_idblock SET next_id = next_id + ? WHERE name = ?", (1, "kept"))
        raise KeyError
    with ColumnStore() as store:
        assert store.scalar("SELECT COUNT(*) FROM infra_idblock WHERE name = ?", ("kept",)) == 0


def test_moments_are_utc_also_where_a_library_tells_arrow_to_ignore_time_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYARROW_IGNORE_TIMEZONE", "1")
    local = datetime(2026, 1, 29, 8, tzinfo=BILLING_ZONE)
    assert columns.moments(local, 2).to_pylist() == [datetime(2026, 1, 29, tzinfo=UTC)] * 2
    assert columns.moments([local, local]).type.tz == "UTC"
