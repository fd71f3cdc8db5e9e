"""From how many calls on there is one fault: the dated rule, or what a storm ordered for the unit."""

from __future__ import annotations

from wandeng.domains.cases.models import StormGrouping
from wandeng.infra.effective.topics.repairs import Repairs
from wandeng.infra.statements import Reading


def in_force(rule: Repairs, unit_path: str) -> Repairs:
    """The rule with the thresholds that stand for a unit now; those of the nearest unit above where there are several."""
    standing = [one for one in _STANDING() if unit_path.startswith(one.unit.path)]
    if not standing:
        return rule
    nearest = max(standing, key=lambda one: len(one.unit.path))
    grouping = rule.grouping.model_copy(
        update={
            "window_minutes": nearest.window_minutes, "transformer_cases": nearest.transformer_cases,
            "feeder_transformers": nearest.feeder_transformers,
        }
    )  # fmt: skip
    return rule.model_copy(update={"grouping": grouping})


_STANDING: Reading[StormGrouping] = Reading(
    lambda: StormGrouping.objects.filter(until__isnull=True).select_related("unit").order_by("pk")
)
