"""How outages are shared out (停电公平性): each area's planned outages of the year, written and still to come."""

from __future__ import annotations

from collections import Counter
from datetime import date

from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import earlier, rules
from wandeng.domains.outages.models import OutageArea
from wandeng.domains.outages.types import AreaShare, Fairness
from wandeng.domains.reliability.frames import repeating
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope


def fairness(
    scope: Scope, *, unit_code: str, on: date, limit: int = 100, library: RuleLibrary | None = None
) -> Fairness:
    """Areas of a unit by what they had and have ahead in the year of ``on``: those with most first, and how many areas have how
    many. Raises :class:`NotFound`, ``NoRuleInForce``."""
    unit = organization.unit(scope, unit_code)
    rule = rules.planning(on, territory=unit.territory, library=library)
    times = rules.frequent(on, territory=unit.territory, library=library).times
    inside = network.transformers_rows(scope.narrowed(unit.path), on=on)
    areas = {pk: (code, name, place, feeder, where) for pk, code, name, place, feeder, where in inside.values_list(
        "pk", "code", "name", "area_name", "feeder_name", "unit_name")}  # fmt: skip
    with ColumnStore() as store:
        repeats = repeating.repeats(store, on=on, territory=unit.territory, library=library)
    written = {area: (planned, recent) for area, planned, recent in repeats.iter_rows() if area in areas}
    year = rules.midnight(date(on.year, 1, 1)), rules.midnight(date(on.year + 1, 1, 1))
    ahead = OutageArea.objects.filter(
        version__state="STANDS", version__outage__state__in=earlier.TO_COME, version__outage__category="PLANNED",
        version__starts_at__gte=year[0], version__starts_at__lt=year[1],
    )  # fmt: skip
    to_come = Counter(area for area in ahead.values_list("transformer_id", flat=True) if area in areas)
    nothing = (0, 0)
    sums = {area: written.get(area, nothing)[0] + to_come[area] for area in written.keys() | to_come.keys()}
    most = sorted(sums, key=lambda area: (-sums[area], -written.get(area, nothing)[1], areas[area][0]))
    spread = Counter(sums.values())
    spread[0] += len(areas) - len(sums)
    return Fairness(
        unit_code=unit.code,
        unit_name=unit.name,
        on=on,
        areas=len(areas),
        most_planned=rule.yearly.most_planned,
        frequent_times=times,
        spread=tuple((count, spread[count]) for count in sorted(spread)),
        full=sum(1 for count in sums.values() if count >= rule.yearly.most_planned),
        rows=tuple(
            AreaShare(*areas[area], written.get(area, nothing)[0], to_come[area], written.get(area, nothing)[1])
            for area in most[:limit]
        ),
    )
