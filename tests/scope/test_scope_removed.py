"""The tests of scope find what they are there for: with the scope taken out of views at random, each is told (S2).

``WANDENG_SEED`` repeats a choice; the seed stands in what the test prints.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.api import test_foreign_objects as reading
from tests.api import world
from tests.scope import county, samples
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway.asking import asking_for
from wandeng.interfaces.doorway.lists.definition import registered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
REMOVED = 20

COMMON_LISTS = {
    "articles": "one knowledge base for the whole installation",
    "article-drafts": "one knowledge base for the whole installation",
    "article-opinions": "one knowledge base for the whole installation",
    "standards": "one register that everybody works by",
    "meter-stock": "a meter that hangs nowhere belongs to no unit",
    "notice-templates": "one set of texts for the whole installation",
}
"""Lists whose rows belong to no unit, and why."""


@contextmanager
def no_scope() -> Iterator[None]:
    """Every query that is asked within answers about the whole installation: :class:`Scope` filters by its prefix."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Scope, "prefix", property(lambda _scope: ""))
        yield


def foreign_rows(name: str) -> list[str]:
    """What a list shows to the east of what it shows to the west."""
    definition, now = registered()[name], county.now()
    return sorted(_keys(definition, "adm-w", now) & _keys(definition, "adm-e", now))


def _keys(definition: Any, code: str, now: Any) -> set[str]:
    return {str(row[definition.key]) for row in definition.rows(asking_for(code, now=now))[:500]}


def test_no_list_shows_the_rows_of_another_office(place: county.County) -> None:
    shared, empty = {}, []
    for name, definition in registered().items():
        if name in COMMON_LISTS:
            continue
        if not _keys(definition, "adm-w", county.now()) and name not in samples.ROOT_LISTS:
            empty.append(name)
        if rows := foreign_rows(name):
            shared[name] = rows[:5]
    assert shared == {}
    assert empty == [], ", ".join(empty)


def test_each_of_twenty_views_without_its_scope_is_told(place: county.County) -> None:
    held = world.Held(place.west, place.absent)
    others = reading.strangers()[:1]
    details = dict(reading.operations("GET"))
    views = sorted(details) + sorted(registered().keys() - COMMON_LISTS.keys())
    seed = int(os.environ.get("WANDENG_SEED", "") or random.SystemRandom().randrange(10**6))
    print(f"WANDENG_SEED={seed}")
    untold = []
    for view in random.Random(seed).sample(views, REMOVED):
        with no_scope():
            found = reading.leaks_of(view, details[view], held, others) if view in details else foreign_rows(view)
        if not found:
            untold.append(view)
    assert untold == [], f"seed {seed}: {', '.join(untold)}"
