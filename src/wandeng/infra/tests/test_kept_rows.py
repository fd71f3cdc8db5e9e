"""Rows that are put together once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db.models import QuerySet

from wandeng.infra import jobs
from wandeng.infra.kept_rows import kept
from wandeng.infra.models import Job

AT = datetime(2026, 11, 22, tzinfo=UTC)


def add(kind: str) -> None:
    jobs.enqueue(kind=kind, dedup_key=f"{kind}{Job.objects.count()}", payload={}, at=AT)


@pytest.mark.django_db
def test_rows_are_put_together_once_and_read_each_time() -> None:
    made = []

    @kept
    def of_kind(kind: str) -> QuerySet[Job]:
        made.append(kind)
        return Job.objects.filter(kind=kind)

    add("a")
    assert [row.kind for row in of_kind("a")] == ["a"]
    add("a")
    assert len(of_kind("a")) == 2
    assert of_kind("a").filter(dedup_key="a0").count() == 1
    assert of_kind("a").count() == 2
    assert list(of_kind("b")) == []
    assert made == ["a", "b"]


def test_threads_do_not_share_them() -> None:
    made: list[int] = []

    @kept
    def rows() -> QuerySet[Job]:
        made.append(threading.get_ident())
        return Job.objects.all()

    others = [threading.Thread(target=rows) for _ in range(2)]
    rows()
    rows()
    for one in others:
        one.start()
    for one in others:
        one.join()
    assert len(made) == 3
