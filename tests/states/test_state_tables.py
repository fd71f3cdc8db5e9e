"""The state tables of all domains: well formed, known to the database, and kept by ``infra.transitions``.

Nothing here names a table: a new one is tested from its first day.
"""

from __future__ import annotations

import importlib
import itertools
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.tree import DOMAINS, domain_names, domain_of
from tests.kits.bare_rows import bare_row, refuse_commit
from wandeng.infra.models import StateChange
from wandeng.infra.transitions import MoveRefused, StateTable, move
from wandeng.kernel.actors import Actor


def state_tables() -> list[tuple[str, StateTable]]:
    return [
        (domain, table)
        for domain in domain_names()
        if (DOMAINS / domain / "states.py").exists()
        for table in vars(importlib.import_module(f"wandeng.domains.{domain}.states")).values()
        if isinstance(table, StateTable)
    ]


def known_states(model: type[models.Model]) -> set[str]:
    """The states that the check constraints of a table admit."""
    conditions = [c.condition for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    children = itertools.chain.from_iterable(q.children for q in conditions if len(q.children) == 1 and not q.negated)
    return {state for child in children if child[0] == "state__in" for state in child[1]}


@pytest.mark.parametrize(("domain", "table"), state_tables(), ids=lambda value: getattr(value, "name", value))
def test_a_state_table_and_the_database_know_the_same_states(domain: str, table: StateTable) -> None:
    stateful = [model for model in apps.get_models() if domain_of(model) == domain and known_states(model)]
    assert set(table.states) in [known_states(model) for model in stateful]


@pytest.mark.parametrize(("domain", "table"), state_tables(), ids=lambda value: getattr(value, "name", value))
def test_every_state_can_be_reached_and_only_final_ones_cannot_be_left(domain: str, table: StateTable) -> None:
    moves = [(origin, table.moves[verb][1]) for verb in table.moves for origin in table.origins(verb)]
    reached = {table.start}
    while new := {target for origin, target in moves if origin in reached} - reached:
        reached |= new
    assert reached == set(table.states)
    assert set(table.states) - {origin for origin, _ in moves} == set(table.final)


def every_pair() -> list[tuple[type[models.Model], StateTable, str, str]]:
    return [
        (model, table, verb, state)
        for domain, table in state_tables()
        for model in apps.get_models()
        if domain_of(model) == domain and known_states(model) == set(table.states)
        for verb in table.moves
        for state in table.states
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "table", "verb", "state"), every_pair(), ids=lambda v: getattr(v, "__name__", None))
def test_each_arrow_works_and_every_other_pair_is_refused(
    model: type[models.Model], table: StateTable, verb: str, state: str
) -> None:
    row = bare_row(model, state=state)
    words = {"actor": Actor("dispatcher"), "at": datetime(2026, 3, 1, tzinfo=UTC), "reason": "tried"}
    if state in table.origins(verb):
        target = table.moves[verb][1]
        assert move(row, table, verb, **words) == (state, target)
        assert (row.state, StateChange.objects.get().to_state) == (target, target)
    else:
        with pytest.raises(MoveRefused):
            move(row, table, verb, **words)
        row.refresh_from_db()
        assert (row.state, StateChange.objects.count()) == (state, 0)
    refuse_commit()
