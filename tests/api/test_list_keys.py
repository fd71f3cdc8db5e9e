"""Every list of the product by its keys alone has the same rows in the same order as with its columns, and far pages are near
ones further on."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from tests.api import world
from tests.kits import bill_world
from wandeng.interfaces.doorway.asking import asking_for
from wandeng.interfaces.doorway.lists import asked
from wandeng.interfaces.doorway.lists.definition import ListDefinition, registered
from wandeng.interfaces.doorway.lists.keys import keys_of

pytestmark = pytest.mark.django_db(transaction=True)


def orders(definition: ListDefinition) -> list[str]:
    """What can be asked of the order of a list."""
    return ["", *(sign + one.key for one in definition.columns if one.is_sortable for sign in ("", "-"))]


def test_every_list_by_its_keys_is_the_list(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.WANDENG_OUTGOING = "hooks.example.com"
    world.build()
    monkeypatch.setattr(asked, "FAR", 1)
    wrong: list[tuple[str, str, Any]] = []
    shorter = 0
    for definition in registered().values():
        asking = asking_for("adm", now=bill_world.NOW)
        for order in orders(definition):
            question = asked.ask(definition, asking, QueryDict(f"sort={order}"))
            key = definition.key
            whole = [row[key] for row in question.rows]
            bare = keys_of(question.rows, key)
            shorter += str(bare.query).count(" JOIN ") < str(question.rows.query).count(" JOIN ")
            if [row[key] for row in bare] != whole or keys_of(question.rows.order_by(), key).count() != len(whole):
                wrong.append((definition.name, order, whole))
            pages = [asked.page(question, QueryDict(f"page={page}&size=1")) for page in range(1, len(whole[:4]) + 1)]
            if [row[key] for page in pages for row in page.rows] != whole[:4]:
                wrong.append((definition.name, order, [page.rows for page in pages]))
    assert wrong == []
    assert shorter > 50
