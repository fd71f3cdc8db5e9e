"""The one policy table: which roles may call which route. A route that does not stand here is answered to nobody.

Each area keeps its part in a module of this folder as ``POLICY``: route name → :class:`Rule`. What a person sees of a
route is a matter of scope (``infra/scope.py``); whether they may call it at all is a matter of this table.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from wandeng.interfaces.doorway.policy.rules import ANYBODY, EVERYBODY, NOBODY, RESIDENT, Rule
from wandeng.kernel.errors import NotFound

__all__ = ["ANYBODY", "EVERYBODY", "NOBODY", "RESIDENT", "Rule", "rule_of", "same_as", "table"]


class TwoRules(RuntimeError):
    """A defect of ours: two areas claim one route."""


@cache
def table() -> dict[str, Rule]:
    """Route name → rule, of all areas."""
    merged: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        for route, rule in getattr(import_module(f"{__name__}.{module.name}"), "POLICY", {}).items():
            if route in merged:
                raise TwoRules(f"{route} stands twice in the policy table")
            merged[route] = rule
    return merged


def same_as(route: str, of: str) -> None:
    """Guard a route by the rule of another: a list on the API by that of its page."""
    if table().setdefault(route, rule_of(of)) is not rule_of(of):
        raise TwoRules(f"{route} stands twice in the policy table")


def rule_of(route: str) -> Rule:
    """The rule of a route. Raises :class:`NotFound` for one that is not listed: it is answered to nobody."""
    rule = table().get(route)
    if rule is None:
        raise NotFound(f"there is no page {route}")
    return rule
