from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from wandeng.domains.notices import actions, defaults, queries, rendering
from wandeng.domains.notices.models import NoticeTemplateVersion
from wandeng.domains.notices.tests import make
from wandeng.domains.notices.types import ChannelText, OwnDraft, TextInvalid
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed

ROOT = Actor("chief", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"}))
OTHER = replace(ROOT, code="second")
TOMORROW = date(2026, 9, 16)
TEXTS = {"SMS": ChannelText("户号{account_number}已交{amount}元。{utility}", "请通过{hotline}查询。")}


def draft(**more: object) -> int:
    words = {"code": "payment_received", "texts": TEXTS, "channels": ["SMS"], "valid_from": TOMORROW,
             "reason": "改短", "actor": ROOT, "at": make.AT}  # fmt: skip
    return actions.draft_version(**words | more)


@pytest.mark.django_db
def test_a_new_text_holds_from_its_day_once_a_second_person_approved() -> None:
    make.people()
    version = draft()
    with pytest.raises(OwnDraft):
        actions.approve_version(version_id=version, actor=ROOT, at=make.AT)
    assert make.paid(key="a").notice.version.number == 1
    actions.approve_version(version_id=version, actor=OTHER, at=make.AT)
    assert make.paid(key="b").notice.version.number == 1
    row = make.paid(key="c", at=make.AT + timedelta(days=1))
    assert row.notice.version.number == 2
    assert row.slots == '{"amount": "128.50"}', "only what the text needs is kept"


@pytest.mark.django_db
def test_the_database_refuses_to_change_an_approved_text() -> None:
    make.people()
    version = NoticeTemplateVersion.objects.get(template__code="payment_received")
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        NoticeTemplateVersion.objects.filter(pk=version.pk).update(texts="{}")
    version = draft()
    NoticeTemplateVersion.objects.filter(pk=version).update(reason="再改")


@pytest.mark.django_db
def test_a_text_that_has_held_is_not_withdrawn_and_a_draft_is() -> None:
    make.people()
    version = NoticeTemplateVersion.objects.get(template__code="payment_received")
    with pytest.raises(Conflict, match="has held"):
        actions.withdraw_version(version_id=version.pk, reason="x", actor=ROOT, at=make.AT)
    number = draft()
    actions.withdraw_version(version_id=number, reason="不要了", actor=ROOT, at=make.AT)
    with pytest.raises(Conflict):
        actions.approve_version(version_id=number, actor=OTHER, at=make.AT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"texts": {"SMS": ChannelText("{amount", "x")}}, "brace"),
        ({"texts": {"SMS": ChannelText("金额", "")}}, "without personal data"),
        ({"texts": {"SMS": ChannelText("金额", "{name}您好")}}, "names name"),
        ({"texts": {"SMS": ChannelText("金额", "{amount}")}}, "names amount"),
        ({"texts": {"SMS": ChannelText("字" * 700, "x")}}, "at most 10 parts"),
        ({"channels": ["SMS", "VOICE"]}, "each of its channels"),
        ({"channels": ["PIGEON"]}, "no channel PIGEON"),
        ({"valid_from": date(2026, 9, 1)}, "in the past"),
        ({"reason": " "}, "stated reason"),
    ],
)
def test_a_text_that_cannot_be_sent_is_refused(change: dict[str, object], sentence: str) -> None:
    make.people()
    with pytest.raises(InvalidInput, match=sentence):
        draft(**change)


@pytest.mark.django_db
def test_templates_are_written_by_those_who_stand_over_the_whole_installation() -> None:
    make.people()
    with pytest.raises(NotAllowed):
        draft(actor=replace(ROOT, unit_path="BS/BS-W/"))
    with pytest.raises(NotAllowed):
        draft(actor=replace(ROOT, roles=frozenset({"CALL_CLERK"})))


@pytest.mark.parametrize("default", defaults.DEFAULTS, ids=lambda one: one.code)
def test_the_products_own_texts_can_be_sent_and_tell_a_doubtful_number_nothing(default) -> None:
    for shown in queries.preview({str(channel): text for channel, text in default.texts.items()}):
        assert "{" not in shown.text + shown.reduced
        assert shown.parts <= 3
        for slot, (_word, example, personal) in rendering.SLOTS.items():
            assert not (personal and example in shown.reduced), slot


@given(st.text(max_size=300), st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), st.text()))
def test_filling_a_text_leaves_what_is_no_slot_as_it_was(text: str, slots: dict[str, str]) -> None:
    plain = text.replace("{", "").replace("}", "")
    assert rendering.fill(plain, slots) == plain
    for name, value in slots.items():
        assert rendering.fill(f"{plain}{{{name}}}", {name: value}) == plain + value


@given(st.text(alphabet=st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=700))
def test_a_short_message_of_many_parts_holds_67_signs_in_each(text: str) -> None:
    parts = rendering.parts_of("SMS", text)
    assert parts == 1 if len(text) <= 70 else (parts - 1) * 67 < len(text) <= parts * 67


def test_a_broken_text_is_refused_before_it_is_shown() -> None:
    with pytest.raises(TextInvalid):
        queries.preview({"SMS": ChannelText("}", "x")})
