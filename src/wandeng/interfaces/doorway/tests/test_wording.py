"""Every refusal of the product has its sentence in Chinese, with the same values; nothing is told that nobody says."""

from __future__ import annotations

import ast
import re
from datetime import date

import pytest
from tests.kits import raised_sentences

from wandeng.domains.billing import states as billing
from wandeng.domains.customers import states as customers
from wandeng.domains.metering import states as metering
from wandeng.infra.effective.topics import TOPICS
from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.transitions import StateTable
from wandeng.interfaces.doorway import refusals
from wandeng.interfaces.doorway.wording import catalogue
from wandeng.kernel.errors import Conflict, InvalidInput, NoRuleInForce, NotAllowed, NotFound

ZH = "zh-hans"
TOLD = catalogue.sentences("zh_hans")


def test_every_refusal_has_a_chinese_sentence() -> None:
    said = {catalogue.shape(one.template): one for one in raised_sentences.refusal_sentences()}
    known = {catalogue.shape(english) for english in TOLD}
    untold = [f"{one.at}: {one.template}" for shape, one in said.items() if shape not in known]
    assert not untold, "write these into doorway/wording/zh_hans:\n" + "\n".join(untold)


def test_no_sentence_is_told_that_nobody_says() -> None:
    said = {catalogue.shape(one.template) for one in raised_sentences.refusal_sentences()}
    stale = [english for english in TOLD if catalogue.shape(english) not in said]
    assert not stale, "take these out of doorway/wording/zh_hans:\n" + "\n".join(stale)


def test_no_two_sentences_have_the_same_shape() -> None:
    shapes = [catalogue.shape(english) for english in TOLD]
    assert len(set(shapes)) == len(shapes), sorted(one for one in shapes if shapes.count(one) > 1)


@pytest.mark.parametrize("english", TOLD)
def test_a_told_sentence_uses_only_values_of_the_english_one(english: str) -> None:
    told = TOLD[english]
    assert set(catalogue.places(told)) <= set(catalogue.places(english))
    assert set(catalogue.tables(told)) <= catalogue.words("zh_hans").keys() | {"roles", "import_kinds"} | set(
        refusals.CONVERTERS
    )
    assert re.search(r"[\u4e00-\u9fff]", told)


def test_words_cover_every_state_verb_and_thing_of_the_state_tables() -> None:
    words = catalogue.words("zh_hans")
    tables = [one for module in (billing, customers, metering) for one in vars(module).values()]
    found = [one for one in tables if isinstance(one, StateTable)]
    assert len(found) >= 5
    for table in found:
        assert table.name in words["things"]
        assert set(table.moves) <= words["verbs"].keys()
        assert set(table.states) <= words["states"].keys()


def test_words_cover_every_thing_that_may_not_be_found() -> None:
    """``scope.one(rows, path, "bill run", …)``: its third argument stands in a sentence."""
    named = set()
    for path in raised_sentences.SOURCE.rglob("*.py"):
        if "tests" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "one":
                    named |= {one.value for one in node.args[2:3] if isinstance(one, ast.Constant)}
    assert "bill run" in named
    assert named <= catalogue.words("zh_hans")["things"].keys()


def test_words_cover_every_topic_of_the_rules() -> None:
    assert catalogue.words("zh_hans")["topics"].keys() == TOPICS.keys()


def test_values_and_codes_are_carried_over() -> None:
    refused = Conflict("agreement HT-7 is DRAFT: only a signed or expired one is renewed")
    assert refusals.sentence(refused, ZH) == "合同 HT-7 当前为“草稿”：只有已签订或已到期的合同才能续签"
    moved = Conflict("cannot approve bill run 12: it is HALTED, not CHECKED or PRICED")
    assert refusals.sentence(moved, ZH) == "电费批次 12 当前为“已拦停”，不能复核（应为审核通过或已计费）"


def test_roles_stand_as_the_words_on_the_door() -> None:
    refused = NotAllowed("p-17 needs the role BILLING_REVIEWER or ADMINISTRATOR for this")
    assert refusals.sentence(refused, ZH) == "p-17 没有此项权限，需要电费复核员或系统管理员岗位"


def test_quantities_are_told_in_whole_units() -> None:
    """1234567 × 0.01 kWh = 12345.67 kWh."""
    refused = InvalidInput("meter M1 showed 1234567 on 2026-01-01: it cannot come down with 1200000 (0.01 kWh)")
    assert refusals.sentence(refused, ZH) == "电能表 M1 在 2026-01-01 的示数为 12345.67，拆表示数不能为 12000.00（kWh）"


def test_times_are_told_in_local_time() -> None:
    refused = NotAllowed("too many failed logins: try again after 06:30 UTC")
    assert refusals.sentence(refused, ZH) == "登录失败次数过多，请于 14:30 之后再试"


def test_the_sentence_with_more_of_its_own_words_wins() -> None:
    assert refusals.sentence(NotFound("there is no unit 'x'"), ZH) == "没有找到单位“x”"
    assert refusals.sentence(NotFound("there is no unit x"), ZH) == "没有找到单位 x"
    assert refusals.sentence(NotFound("there is no account 4301"), ZH) == "没有找到户号 4301"


def test_a_missing_rule_names_its_topic() -> None:
    refused = NoRuleInForce("late_fee", date(2026, 3, 1), "hunan")
    assert refusals.sentence(refused, ZH) == "hunan 在 2026-03-01 没有生效的“电费违约金”规则"


def test_a_file_is_named_with_its_line() -> None:
    refused = FileRefused("a.csv", "NUL_BYTE", "contains a NUL byte: not a text file", 7)
    assert refusals.sentence(refused, ZH) == "a.csv 第 7 行：含有空字节，不是文本文件"
    assert refusals.sentence(refused, "en") == "a.csv:7: contains a NUL byte: not a text file"


def test_english_readers_get_the_sentence_as_it_was_raised() -> None:
    assert refusals.sentence(NotFound("there is no unit x"), "en") == "there is no unit x"


def test_a_sentence_nobody_told_is_still_shown() -> None:
    assert refusals.sentence(InvalidInput("brand new"), ZH) == "该操作不能完成：brand new"
