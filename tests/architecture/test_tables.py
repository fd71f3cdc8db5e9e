"""What the tables of the domains may point at, and which states they know."""

from __future__ import annotations

import configparser
import importlib
import itertools

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.tree import DOMAINS, ROOT, domain_names
from wandeng.infra.transitions import StateTable


def ranks() -> dict[str, int]:
    """Height of each domain in the order of ``.importlinter``; neighbours on one line are equal."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:domains"]["layers"].split("\n")[1:]
    return {name.strip(): len(lines) - i for i, line in enumerate(lines) for name in line.split("|")}


def domain_of(model: type[models.Model]) -> str | None:
    parts = model.__module__.split(".")
    return parts[2] if parts[:2] == ["wandeng", "domains"] else None


def upward_keys(heights: dict[str, int]) -> list[str]:
    found = []
    for model in apps.get_models():
        here = domain_of(model)
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and isinstance(field.related_model, type)):
                continue
            there = domain_of(field.related_model)
            if there is None or here == there:
                continue
            if here is None or heights[here] <= heights[there]:
                found.append(f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}")
    return found


def test_foreign_keys_point_only_down_the_order_of_the_domains() -> None:
    assert upward_keys(ranks()) == []


def test_a_key_that_points_up_is_seen() -> None:
    upside_down = {name: -height for name, height in ranks().items()}
    assert "network.UsagePoint.account -> customers.CustomerAccount" in upward_keys(upside_down)


def test_every_domain_has_its_place_and_its_tables() -> None:
    assert set(ranks()) == set(domain_names())
    assert {domain_of(model) for model in apps.get_models()} - {None} <= set(domain_names())


def test_money_and_measures_are_never_float_columns() -> None:
    floats = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.FloatField)
    ]
    assert floats == []


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
