"""Counts of several tables in one statement."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import Count, Q, Sum
from django.test.utils import CaptureQueriesContext

from wandeng.infra import counts, jobs
from wandeng.infra.models import Job

AT = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.django_db
def test_many_counts_are_one_query() -> None:
    for number in range(3):
        jobs.enqueue(kind="a" if number else "b", dedup_key=str(number), payload={"quarter": "25 %"}, at=AT)
    named = Job.objects.filter(kind="a").values("kind", "state").order_by("run_at")
    with CaptureQueriesContext(connection) as asked:
        found = counts.counted(
            all=Job.objects.all(), named=named, nobody=Job.objects.none(), of_quarter=Job.objects.filter(payload__contains="25 %")
        )  # fmt: skip
    assert found == {"all": 3, "named": 2, "nobody": 0, "of_quarter": 3}
    assert len(asked) == 1


@pytest.mark.django_db
def test_no_counts_are_no_names() -> None:
    assert counts.counted() == {}


@pytest.mark.django_db
def test_totals_are_what_the_framework_sums_also_over_no_rows() -> None:
    sums = {"n": Count("id"), "tries": Sum("attempts"), "done": Count("id", filter=Q(state="DONE"))}
    for name in ("a", "b"):
        jobs.enqueue(kind=name, dedup_key=name, payload={}, at=AT)

    every, none = Job.objects.all(), Job.objects.filter(kind="never")

    assert dict(zip(sums, counts.totals(every, **sums)[0], strict=True)) == every.aggregate(**sums)
    assert list(counts.totals(none, **sums)) == [(0, None, 0)]
