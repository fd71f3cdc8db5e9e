"""Articles: two persons, dated versions, nothing approved is rewritten, opinions reach the owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from wandeng.domains.knowledge import actions, queries
from wandeng.domains.knowledge.models import ArticleOpinion, ArticleVersion
from wandeng.domains.knowledge.tests.make import AT, BOSS, CHIEF, TODAY, WRITER, article, text
from wandeng.domains.knowledge.types import Belongs, OwnText, Text, TextHasHeld
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def test_a_text_is_approved_by_a_second_person_only() -> None:
    version = actions.create(code="a", kind="ARTICLE", text=text(), valid_from=TODAY, actor=CHIEF, at=AT)
    with pytest.raises(OwnText):
        actions.approve(version_id=version, actor=CHIEF, at=AT)
    actions.approve(version_id=version, actor=BOSS, at=AT)
    assert queries.article("a", on=TODAY).in_force is not None
    with pytest.raises(Conflict):
        actions.approve(version_id=version, actor=BOSS, at=AT)


def test_the_database_refuses_one_person_in_both_roles() -> None:
    version = actions.create(code="a", kind="ARTICLE", text=text(), valid_from=TODAY, actor=WRITER, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArticleVersion.objects.filter(pk=version).update(approved_by="writer")


def test_an_approved_text_never_changes() -> None:
    version = article("a", text())
    for column in ("title", "text", "sources", "keywords"):
        with pytest.raises(DatabaseError), transaction.atomic():
            ArticleVersion.objects.filter(pk=version).update(**{column: "另写"})


def test_a_later_version_takes_over_on_its_day_and_the_old_one_stays_readable() -> None:
    article("a", text(words="旧文"))
    version = actions.draft(
        code="a", text=text(words="新文"), valid_from=TOMORROW, reason="政策调整", actor=WRITER, at=AT
    )
    actions.approve(version_id=version, actor=CHIEF, at=AT)
    today, tomorrow = queries.article("a", on=TODAY), queries.article("a", on=TOMORROW)
    assert [one.in_force and one.in_force.text for one in (today, tomorrow)] == ["旧文", "新文"]
    assert [one.number for one in tomorrow.versions] == [2, 1]
    assert [found.number for found in queries.search("新文", on=TODAY)] == []
    assert [found.number for found in queries.search("新文", on=TOMORROW)] == [2]
    marks = [(one.how, one.text) for one in queries.changes("a", before=1, after=2, on=TODAY)]
    assert {("GONE", "旧文"), ("NEW", "新文"), ("SAME", "# 阶梯电价")} <= set(marks)


def test_two_versions_cannot_hold_from_the_same_day() -> None:
    article("a", text())
    version = actions.draft(code="a", text=text(), valid_from=TODAY, reason="改", actor=WRITER, at=AT)
    with pytest.raises(Conflict, match="another version"):
        actions.approve(version_id=version, actor=CHIEF, at=AT)


def test_a_draft_is_withdrawn_by_its_author_and_a_held_text_by_nobody() -> None:
    version = actions.create(code="a", kind="ARTICLE", text=text(), valid_from=TODAY, actor=WRITER, at=AT)
    stranger = Actor("other", unit_path="BS/", roles=frozenset({"CALL_CLERK"}))
    with pytest.raises(NotAllowed):
        actions.withdraw(version_id=version, reason="不用了", actor=stranger, at=AT)
    actions.withdraw(version_id=version, reason="不用了", actor=WRITER, at=AT)
    held = article("b", text())
    with pytest.raises(TextHasHeld):
        actions.withdraw(version_id=held, reason="不用了", actor=BOSS, at=AT)


def test_who_may_not_write_and_who_may_not_approve() -> None:
    reader = Actor("reader", unit_path="BS/", roles=frozenset({"METER_READER"}))
    with pytest.raises(NotAllowed):
        actions.create(code="a", kind="ARTICLE", text=text(), valid_from=TODAY, actor=reader, at=AT)
    version = actions.create(code="a", kind="ARTICLE", text=text(), valid_from=TODAY, actor=WRITER, at=AT)
    below = Actor("below", unit_path="BS/W/", roles=frozenset({"COUNTY_MANAGER"}))
    for actor in (reader, below):
        with pytest.raises(NotAllowed):
            actions.approve(version_id=version, actor=actor, at=AT)


@pytest.mark.parametrize(
    "written",
    [
        Text("", "x"),
        Text("x", " "),
        Text("标" * 121, "x"),
        Text("x", "x" * 20_001),
        Text("x", "x", ("a,b",)),
        Text("x", "x", belongs=(Belongs(step="ACCEPT"),)),
    ],
)
def test_what_is_no_text_is_refused(written: Text) -> None:
    with pytest.raises(InvalidInput):
        actions.create(code="a", kind="ARTICLE", text=written, valid_from=TODAY, actor=WRITER, at=AT)


def test_codes_shortcuts_and_days_are_checked() -> None:
    def create(**more: object) -> None:
        given = {"code": "a", "kind": "PHRASE", "text": text(), "valid_from": TODAY, "actor": WRITER, "at": AT} | more
        actions.create(**given)  # type: ignore[arg-type]

    for wrong in ({"code": "A b"}, {"kind": "NOVEL"}, {"shortcut": "中"}, {"kind": "ARTICLE", "shortcut": "sl"},
                  {"valid_from": TODAY - timedelta(days=1)}):  # fmt: skip
        with pytest.raises(InvalidInput):
            create(**wrong)
    create(shortcut="sl")
    with pytest.raises(Conflict):
        create(code="a")
    with pytest.raises(Conflict, match="shortcut"):
        create(code="b", shortcut="sl")


def test_a_telephone_number_is_masked_before_it_is_stored() -> None:
    article("a", text(words="请打13800001001找张经理"))
    shown = queries.article("a", on=TODAY).in_force
    assert shown is not None
    assert "13800001001" not in shown.text


def test_an_opinion_reaches_the_owner_and_is_answered_once() -> None:
    article("a", text())
    with pytest.raises(InvalidInput):
        actions.say(code="a", is_helpful=False, actor=BOSS, at=AT)
    actions.say(code="a", is_helpful=False, remark="没写合表", actor=BOSS, at=AT)
    assert queries.open_opinions("writer") == 1
    key = ArticleOpinion.objects.get().pk
    with pytest.raises(NotAllowed):
        actions.answer(
            opinion_id=key, words="x", actor=Actor("w2", unit_path="BS/", roles=frozenset({"CALL_CLERK"})), at=AT
        )
    actions.answer(opinion_id=key, words="下一版补上", actor=WRITER, at=AT)
    with pytest.raises(Conflict):
        actions.answer(opinion_id=key, words="又一次", actor=WRITER, at=AT)
    assert queries.open_opinions("writer") == 0
    actions.say(code="a", is_helpful=True, actor=BOSS, at=AT)
    shown = queries.article("a", on=TODAY)
    # One person, one opinion of a version: the second replaced the first, with its answer.
    assert (shown.helpful, shown.unhelpful, shown.opinions[0].answer) == (1, 0, "")


def test_uses_are_counted_by_day() -> None:
    article("a", text())
    for at in (AT, AT, AT + timedelta(days=1)):
        actions.note_use(code="a", actor=WRITER, at=at)
    assert queries.article("a", on=TODAY).uses == 3
    with pytest.raises(NotFound):
        actions.note_use(code="b", actor=WRITER, at=AT)


def test_a_retired_article_is_no_longer_found_but_read() -> None:
    article("a", text())
    actions.retire(code="a", reason="已并入另一篇", actor=BOSS, at=AT)
    assert queries.search("阶梯", on=TODAY) == ()
    assert queries.article("a", on=TODAY).versions[0].text
    with pytest.raises(Conflict):
        actions.draft(code="a", text=text(), valid_from=TODAY, reason="再用", actor=WRITER, at=AT)
    with pytest.raises(Conflict):
        actions.retire(code="a", reason="再一次", actor=BOSS, at=AT)
