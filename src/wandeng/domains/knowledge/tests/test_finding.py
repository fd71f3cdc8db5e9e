"""Finding: by words, initials, pinyin and shortcut, best first; beside a form, the most particular first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wandeng.domains.knowledge import actions, queries
from wandeng.domains.knowledge.tests.make import AT, CHIEF, TODAY, WRITER, article, text
from wandeng.domains.knowledge.types import Belongs, Text

pytestmark = pytest.mark.django_db


def found(asked: str, **more: str) -> list[str]:
    return [one.code for one in queries.search(asked, on=TODAY, **more)]  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _articles() -> None:
    article("tiers", text("居民阶梯电价", "三档计价。", "一户一表"))
    article("tou", text("分时电价", "高峰、低谷。与阶梯电价不同。"))
    article("bank", text("银行代扣", "到银行签约。"), kind="SCRIPT")
    article("ok", text("已受理", "您好，已受理。"), kind="PHRASE", shortcut="sl")


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("居民阶梯电价", "tiers"),
        ("阶梯", "tiers"),
        ("ＪＭＪＴＤＪ", "tiers"),
        ("jmjtdj", "tiers"),
        ("jietidianjia", "tiers"),
        ("yihuyibiao", "tiers"),
        ("yhyb", "tiers"),
        ("一户一表", "tiers"),
        ("fsdj", "tou"),
        ("低谷", "tou"),
        ("yinhang", "bank"),
        ("sl", "ok"),
        ("bank", "bank"),
        ("电价 低谷", "tou"),
    ],
)
def test_an_article_is_found_by_what_people_type(asked: str, first: str) -> None:
    assert found(asked)[0] == first


def test_the_title_stands_before_the_text() -> None:
    assert found("阶梯电价") == ["tiers", "tou"]


def test_every_word_must_fit_and_signs_of_patterns_mean_themselves() -> None:
    assert found("电价 银行") == []
    assert found("%") == found("_") == found("没有这个词") == []
    assert found("|") == found("")


def test_kinds_narrow_and_use_breaks_ties() -> None:
    assert found("", kind="SCRIPT") == ["bank"]
    actions.note_use(code="tou", actor=WRITER, at=AT)
    assert found("")[0] == "tou"
    assert found("电价") == ["tou", "tiers"]


def test_a_search_takes_three_statements() -> None:
    queries.search("电价 低谷", on=TODAY)
    with CaptureQueriesContext(connection) as asked:
        queries.search("电价 低谷", on=TODAY)
    assert len(asked) == 3


def test_a_text_is_found_from_its_approval_on_and_from_its_first_day_and_no_longer_when_its_article_is_retired() -> (
    None
):
    assert found("充电桩") == []
    article("pile", text("充电桩报装", "个人充电桩。"), on=TODAY + timedelta(days=3))
    assert found("充电桩") == []
    later = queries.search("充电桩", on=TODAY + timedelta(days=3))
    assert [one.code for one in later] == ["pile"]
    actions.retire(code="bank", reason="没有了", actor=CHIEF, at=AT)
    assert found("银行") == []


def test_a_new_version_takes_the_place_of_the_old_one_from_its_day_on() -> None:
    since = TODAY + timedelta(days=10)
    new = actions.draft(
        code="tou", text=text("分时电价", "尖峰。"), valid_from=since, reason="改了", actor=WRITER, at=AT
    )
    assert found("尖峰") == []
    actions.approve(version_id=new, actor=CHIEF, at=AT)
    assert (found("尖峰"), found("低谷")) == ([], ["tou"])
    on_the_day = [[one.code for one in queries.search(word, on=since)] for word in ("尖峰", "低谷")]
    assert on_the_day == [["tou"], []]
    actions.withdraw(version_id=new, reason="不改了", actor=CHIEF, at=AT)
    assert [one.code for one in queries.search("低谷", on=since)] == ["tou"]


@pytest.mark.parametrize(
    ("asked", "fit"),
    [("tiers", 0), ("居民阶梯电价", 1), ("一户一表", 2), ("居民", 3), ("阶梯", 4), ("一户", 5), ("jmjt", 6), ("jtdj", 7),
     ("三档", 8), ("居民 三档", 8), ("居民 阶梯", 4)],
)  # fmt: skip
def test_the_order_is_by_where_a_word_stands(asked: str, fit: int) -> None:
    assert [one.fit for one in queries.search(asked, on=TODAY) if one.code == "tiers"] == [fit]


def test_beside_a_form_stands_what_belongs_there() -> None:
    article("complaint", text("受理投诉", "x", process="complaint"), kind="SCRIPT")
    article("price", text("电价投诉", "x", process="complaint", case_class="PRICE"), kind="SCRIPT")
    article("handle", text("四不放过", "x", process="complaint", step="HANDLE"))
    article("fault", text("报修", "x", process="fault_repair"), kind="SCRIPT")
    article("always", Text("问候", "您好", (), (), (Belongs(),)), kind="PHRASE")

    def beside(**more: object) -> list[str]:
        return [one.code for one in queries.beside(process="complaint", on=TODAY, **more)]  # type: ignore[arg-type]

    assert beside() == ["complaint", "always"]
    assert beside(classes=("BUSINESS", "PRICE")) == ["price", "complaint", "always"]
    assert beside(step="HANDLE") == ["complaint", "handle", "always"]
    assert beside(limit=1) == ["complaint"]


def test_what_belongs_to_two_places_of_a_form_stands_there_once() -> None:
    places = (Belongs("complaint"), Belongs("complaint", "PRICE"))
    article("twice", Text("两处", "x", (), (), places))
    assert [one.code for one in queries.beside(process="complaint", classes=("PRICE",), on=TODAY)] == ["twice"]
