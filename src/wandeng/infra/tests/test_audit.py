from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from wandeng.infra import audit
from wandeng.infra.models import Operation
from wandeng.kernel.actors import SYSTEM

AT = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


def record(facts: dict[str, object], reason: str = "") -> Operation:
    return audit.record(
        actor=SYSTEM, action="x.y", subject=("thing", "T1"), facts=facts, reason=reason, at=AT, unit_path="HN/"
    )


@pytest.mark.django_db
def test_an_operation_says_who_did_what_to_which_thing_when_and_why() -> None:
    record({"to": 2, "from": date(2026, 1, 1)}, reason="检修")
    row = Operation.objects.get()
    assert (row.actor, row.action, row.subject_type, row.subject_code, row.at) == ("system", "x.y", "thing", "T1", AT)
    assert (row.unit_path, row.reason, row.facts) == ("HN/", "检修", '{"from":"2026-01-01","to":2}')


def test_equal_facts_give_equal_bytes_whatever_their_order() -> None:
    assert audit.canonical({"b": [Decimal("1.50"), None], "a": {"d": True, "c": "中"}}) == (
        '{"a":{"c":"中","d":true},"b":["1.50",null]}'
    )
    assert audit.canonical({"a": 1, "b": 2}) == audit.canonical({"b": 2, "a": 1})


@pytest.mark.parametrize("facts", [{"phone": "1"}, {"was": {"name": "x"}}, {"rows": [{"id_number": "x"}]}])
def test_personal_data_is_refused_however_deep_it_lies(facts: dict[str, object]) -> None:
    with pytest.raises(audit.PersonalDataInLog):
        audit.canonical(facts)


@pytest.mark.parametrize("value", [0.1, object()])
def test_a_value_without_an_exact_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        audit.canonical({"value": value})


@pytest.mark.django_db
def test_numbers_a_person_typed_into_the_reason_are_masked() -> None:
    row = record({}, reason="客户 13812345678 来电，证件 43042619900101123X，表号 4301234567890138123")
    assert row.reason == "客户 138****5678 来电，证件 430****123X，表号 4301234567890138123"
