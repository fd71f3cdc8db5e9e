"""Finding: by words, initials, pinyin and shortcut, best first; beside a form, the most particular first."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wandeng.domains.knowledge import actions, queries
from wandeng.domains.knowledge.tests.make import AT, TODAY, WRITER, article, text
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
    with CaptureQueriesContext(connection) as asked:
        queries.search("电价 低谷", on=TODAY)
    assert len(asked) == 3


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
