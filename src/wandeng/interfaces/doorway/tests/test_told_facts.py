"""What is stored as JSON is read as words: every fact that the product writes has a name, and its value a unit."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

import pytest
from django.utils import translation

import wandeng
from wandeng import domains
from wandeng.flows import work
from wandeng.infra import webhooks
from wandeng.infra.operations import facts_of
from wandeng.interfaces.doorway import told_facts
from wandeng.interfaces.doorway.words import administration, facts

SOURCE = Path(wandeng.__file__).parent
HOLDERS = ("facts", "told", "payload", "asker", "where")
"""What the dictionaries are called that go to the log or to a job."""
LOGS = ("audit.record(", "enqueue(", "recording.record(", "record(", "audit.line(")
"""Signs of a file that writes the log or queues a job."""
OF_NESTED = {"found", "limit", "rule", "halts"}
"""Parts of what the run-level check found, which is kept as JSON within a fact."""
OF_CLASSES = {"first_class", "second_class", "grade", "urgency"}
"""What a reclassified case says anew, named by its columns."""
OF_TOTALS = {"accounts", "bills", "lines", "parked", "moved", "energy_ckwh", "amount_fen", "largest_fen"}
"""What a preview states, taken from its totals by name."""
OF_NOTICES = {"days", "late_fee", "owed"}
"""What a notice says beside what is logged."""
OF_ENVELOPE = {"data", "timestamp", "type"}
"""What an event lies in when it is sent; the page shows what is inside."""


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def written() -> set[str]:
    """The names of facts in the files that write the log or queue a job, without the "before" of a pair."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        if "tests" in path.parts or not any(sign in text for sign in LOGS):
            continue
        for node in ast.walk(ast.parse(text)):
            found |= set(_keys(node))
    return {name.removeprefix("was_") if name.removeprefix("was_") in found else name for name in found}


def _keys(node: ast.AST) -> Iterator[str]:
    """Constant keys of dictionaries given a holder's name, by assignment or as an argument, or handed to what writes the log."""
    held: list[ast.AST] = []
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        held += [node.value] if isinstance(target, ast.Name) and target.id in HOLDERS else []
    if isinstance(node, ast.Call):
        held += [one.value for one in node.keywords if one.arg in HOLDERS]
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called in ("_log", "_enqueue", "record"):
            held += [one for one in node.args if isinstance(one, ast.Dict)]
    for one in held:
        if isinstance(one, ast.Dict | ast.BinOp):
            dictionaries = [inner for inner in ast.walk(one) if isinstance(inner, ast.Dict)]
            yield from (
                key.value for each in dictionaries for key in each.keys
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )  # fmt: skip


def told_to_others() -> set[str]:
    """The fields of every event that an endpoint may hear."""
    folders = [one.name for one in pkgutil.iter_modules(domains.__path__)]
    modules = [import_module(f"{domains.__name__}.{one}.events") for one in folders if _has_events(one)]
    events = [one for module in modules for one in vars(module).values() if is_dataclass(one)]
    return {one.name for event in events if event.NAME in webhooks.kinds() for one in fields(event)}


def _has_events(domain: str) -> bool:
    return (SOURCE / "domains" / domain / "events.py").exists()


def test_every_fact_that_is_written_has_a_name() -> None:
    assert sorted((written() | OF_TOTALS) - set(facts.NAMES) - OF_NOTICES - OF_ENVELOPE) == []


def test_every_field_of_an_event_has_a_name() -> None:
    assert {"run_id", "owed_fen_after"} <= told_to_others()
    assert sorted(told_to_others() - set(facts.NAMES)) == []


def test_no_name_is_kept_for_what_nobody_writes() -> None:
    known = written() | told_to_others() | OF_TOTALS | OF_NESTED | OF_CLASSES | set(administration.COLOURS)
    assert sorted(set(facts.NAMES) - known) == []


def test_every_kind_of_job_and_event_has_a_word() -> None:
    kinds = work.kinds(lambda: None, None)
    assert sorted(set(kinds) - set(administration.JOB_KINDS)) == []
    assert sorted(set(administration.JOB_KINDS) - set(kinds)) == []


def test_a_change_is_told_with_names_units_and_words() -> None:
    stored = (
        '{"amount_fen":-123456,"energy_ckwh":59501029,"is_open":true,"from_on":"2026-11-29","at":"2026-11-21T12:57:45+00:00",'
        '"roles":["CELL_MANAGER","METER_READER"],"was_active":0,"active":1,"bank":"102"}'
    )
    told = {one.name: (one.before, one.after) for one in told_facts.changes(facts_of(stored))}
    assert told == {
        "金额": (None, "−¥1,234.56"),
        "电量": (None, "595,010.29 kWh"),
        "已断开": (None, "是"),
        "自": (None, "2026-11-29"),
        "时间": (None, "2026-11-21 20:57"),  # 12:57 UTC
        "角色": (None, "网格（台区）经理、抄表员"),
        "启用": ("否", "是"),
        "银行": (None, "工商银行"),
    }


def test_a_move_is_told_in_the_words_of_its_thing() -> None:
    (draft,) = told_facts.changes(facts_of('{"from":"DRAFT","to":"PUBLISHED"}'), "organization.Announcement")
    assert str(draft) == "状态：草稿 → 已发布"
    (done,) = told_facts.changes(facts_of('{"from":"PARKED","to":"PENDING"}'), "infra.Delivery")
    assert str(done) == "状态：搁置 → 待送达"


def test_a_stretch_of_time_is_no_state() -> None:
    told = told_facts.changes(facts_of('{"from":"2026-01-01","person":"u1","to":"9999-01-01"}'))
    assert [str(one) for one in told] == ["有效期：2026-01-01 → 长期", "人员：u1"]


def test_facts_within_facts_are_told_too() -> None:
    terms = '{"from":"2026-01-01","to":"9999-01-01","terms":{"price_code":"RES","free_ckwh":1000,"loss_method":0}}'
    assert str(told_facts.changes(facts_of(terms))[1]) == "计费约定：每月免费电量（kWh）：10.00 kWh；执行电价：RES"
    found = '{"findings":"[{\\"code\\":\\"BILL_LIMIT\\",\\"found\\":\\"2\\",\\"halts\\":true}]"}'
    assert str(told_facts.changes(facts_of(found))[0]) == "总检发现：编码：最大一户金额；发现：2；拦停：是"
    codes = '{"codes":{"ZERO":3}}'
    assert str(told_facts.changes(facts_of(codes))[0]) == "异常：零电量：3"


def test_what_is_not_of_the_product_shows_as_it_stands() -> None:
    assert [str(one) for one in told_facts.stated({"colour": "RED", "[odd": "[odd"})] == ["[odd：[odd", "colour：RED"]
