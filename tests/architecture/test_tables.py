"""What the tables of the domains may point at and hold."""

from __future__ import annotations

import configparser

from django.apps import apps
from django.db import models

from tests.architecture.tree import ROOT, domain_names, domain_of


def ranks() -> dict[str, int]:
    """Height of each domain in the order of ``.importlinter``; neighbours on one line are equal."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:domains"]["layers"].split("\n")[1:]
    return {name.strip(): len(lines) - i for i, line in enumerate(lines) for name in line.split("|")}


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
