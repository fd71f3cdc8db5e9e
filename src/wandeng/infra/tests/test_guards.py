"""What was recorded stays as it was recorded, also for whoever speaks SQL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from wandeng.infra.models import Operation, RuleText, StateChange

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _rows() -> None:
    RuleText.objects.create(content_hash="ab", path="hunan/residential/2024-01-01.toml", text="x", first_used_at=AT)
    StateChange.objects.create(
        subject_type="billing.BillRun", subject_id=1, move="approve", from_state="CHECKED", to_state="APPROVED",
        actor="reviewer", at=AT,
    )  # fmt: skip
    Operation.objects.create(at=AT, actor="clerk", action="bill_run.open", subject_type="x", subject_code="1")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE infra_ruletext SET text = 'cheaper'",
        "DELETE FROM infra_ruletext",
        "UPDATE infra_statechange SET actor = 'somebody else'",
        "DELETE FROM infra_statechange",
        "UPDATE infra_operation SET reason = 'better'",
        "DELETE FROM infra_operation",
    ],
)
def test_a_record_is_neither_changed_nor_deleted(statement: str) -> None:
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert RuleText.objects.get().text == "x"
    assert StateChange.objects.get().actor == "reviewer"
    assert Operation.objects.get().reason == ""
