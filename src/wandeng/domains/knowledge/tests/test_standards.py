"""Standards: looked at again by those who own them, with the next day set."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from wandeng.domains.knowledge import actions, queries
from wandeng.domains.knowledge.models import Standard
from wandeng.domains.knowledge.tests.make import AT, BOSS, TODAY, WRITER
from wandeng.domains.organization.models import Unit
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
NEXT = TODAY + timedelta(days=3 * 365)


def standard(code: str = "Q/1", **more: object) -> Standard:
    unit, _ = Unit.objects.get_or_create(
        code="BS", defaults={"id": 1, "name": "白石", "kind": "COUNTY", "path": "BS/", "territory": "hunan"}
    )
    given = {"title": "低压业扩管理标准", "kind": "MANAGEMENT", "unit": unit, "status": "IN_FORCE", "review_on": TODAY}
    return Standard.objects.create(id=Standard.objects.count() + 1, code=code, **(given | more))


def test_a_standard_is_due_from_its_day_until_it_was_looked_at() -> None:
    standard()
    assert queries.due_count(on=TODAY - timedelta(days=1)) == 0
    assert queries.due_count(on=TODAY) == 1
    actions.review(code="Q/1", outcome="KEPT", next_on=NEXT, actor=BOSS, at=AT)
    assert queries.due_count(on=TODAY) == 0
    shown = queries.standard("Q/1")
    assert (shown.review_on, shown.status, shown.reviews[0].person) == (NEXT, "IN_FORCE", "boss")


def test_abolished_is_the_end() -> None:
    standard()
    with pytest.raises(InvalidInput):
        actions.review(code="Q/1", outcome="ABOLISH", actor=BOSS, at=AT)
    actions.review(code="Q/1", outcome="ABOLISH", remark="并入新标准", actor=BOSS, at=AT)
    assert queries.standard("Q/1").status == "ABOLISHED"
    with pytest.raises(Conflict):
        actions.review(code="Q/1", outcome="KEPT", next_on=NEXT, actor=BOSS, at=AT)


def test_what_is_refused() -> None:
    standard()
    for outcome, next_on, remark in (
        ("KEPT", None, ""),
        ("KEPT", TODAY, ""),
        ("REVISE", NEXT, ""),
        ("LATER", NEXT, "x"),
    ):
        with pytest.raises(InvalidInput):
            actions.review(code="Q/1", outcome=outcome, next_on=next_on, remark=remark, actor=BOSS, at=AT)
    with pytest.raises(NotAllowed):
        actions.review(code="Q/1", outcome="KEPT", next_on=NEXT, actor=WRITER, at=AT)
    elsewhere = Actor("e", unit_path="XX/", roles=frozenset({"COUNTY_MANAGER"}))
    with pytest.raises(NotFound):
        actions.review(code="Q/1", outcome="KEPT", next_on=NEXT, actor=elsewhere, at=AT)
    with pytest.raises(NotFound):
        queries.standard("Q/2")


def test_what_replaced_it_is_shown_on_both() -> None:
    standard("Q/1", status="ABOLISHED", review_on=None, title="旧标准")
    standard("Q/2", supersedes="Q/1")
    assert queries.standard("Q/2").supersedes_title == "旧标准"
    assert queries.standard("Q/1").followed_by == ("Q/2",)


def test_one_in_force_without_a_day_of_review_cannot_be_stored() -> None:
    for wrong in ({"review_on": None}, {"supersedes": "Q/1"}, {"kind": "OTHER"}, {"status": "GONE"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            standard(**wrong)


def test_the_register_is_listed_with_what_is_due() -> None:
    standard("Q/1")
    standard("Q/2", review_on=date(2030, 1, 1))
    assert [(row["code"], row["is_due"]) for row in queries.standard_rows(on=TODAY).order_by("code")] == [
        ("Q/1", True),
        ("Q/2", False),
    ]
