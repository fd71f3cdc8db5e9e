"""What is emptied between tests that commit: everything that was written, and no guard with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from tests.kits import emptying
from wandeng.domains.organization import actions
from wandeng.domains.organization.models import Unit
from wandeng.infra.models import Operation
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
GUARDS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname, tgenabled FROM pg_trigger ORDER BY tgname, tgrelid",
}


def guards() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDS[connection.vendor])
        return cursor.fetchall()


def opened_unit() -> None:
    actions.create_unit(code="BS", name="白水县供电公司", kind="COUNTY", territory="demo", actor=SYSTEM, at=AT)


def test_rows_go_and_guards_stay() -> None:
    opened_unit()
    before = guards()
    emptying.empty()
    assert (Unit.objects.count(), Operation.objects.count()) == (0, 0)
    assert emptying.with_rows() == []
    assert guards() == before
    assert len(before) > 20
    opened_unit()
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM infra_operation")
