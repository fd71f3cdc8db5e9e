"""The register of standards: its rows, one whole, and how many are due for review."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When

from wandeng.domains.knowledge.models import Standard, StandardReview
from wandeng.domains.knowledge.types import ReviewShown, StandardShown
from wandeng.kernel.errors import NotFound

Rows = QuerySet[Any, dict[str, Any]]
STANDARD_COLUMNS = (
    "code", "title", "kind", "unit_code", "unit_name", "post", "status", "valid_from", "review_on", "is_due",
    "supersedes", "link",
)  # fmt: skip
_REVIEWED = ("IN_FORCE", "REVISING")


def standard_rows(*, on: date) -> Rows:
    """Standards of the whole utility: STANDARD_COLUMNS. Everybody works by them, so they know no scope; ``is_due``: the
    day of the next review has come."""
    rows: Rows = Standard.objects.annotate(
        unit_code=F("unit__code"),
        unit_name=F("unit__name"),
        is_due=Case(When(status__in=_REVIEWED, review_on__lte=on, then=Value(True)), default=Value(False)),
    ).values(*STANDARD_COLUMNS)
    return rows


def due_count(*, on: date) -> int:
    """How many standards are due for review on a day."""
    return Standard.objects.filter(status__in=_REVIEWED, review_on__lte=on).count()


def standard(code: str) -> StandardShown:
    """A standard with its reviews, newest first. Raises :class:`NotFound`."""
    row = Standard.objects.select_related("unit").filter(code=code).first()
    if row is None:
        raise NotFound(f"there is no standard {code}")
    before = Standard.objects.filter(code=row.supersedes).values_list("title", flat=True).first()
    after = tuple(Standard.objects.filter(supersedes=row.code).order_by("code").values_list("code", flat=True))
    reviews = StandardReview.objects.filter(standard=row).order_by("-at", "-id")
    return StandardShown(
        row.code, row.title, row.kind, row.unit.code, row.unit.name, row.unit.path, row.post, row.status,
        row.valid_from, row.review_on, row.supersedes, before or "", after, row.link,
        tuple(ReviewShown(one.on, one.outcome, one.remark, one.next_on, one.person, one.at) for one in reviews),
    )  # fmt: skip
