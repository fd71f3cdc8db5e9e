"""What stands where: substations, their feeders, and what is not as planned."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import numpy as np
from django.db.models import OuterRef, Subquery

from wandeng.domains.network import live
from wandeng.domains.network.models import Feeder, PowerTransformer, Substation, Switch, SwitchOperation
from wandeng.domains.network.types import FeederStanding, NetworkOverview, OffNormal, SubstationStanding
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import SwitchId


def overview(scope: Scope, *, on: date) -> NetworkOverview:
    """Substations with the feeders of the scope, by code: home equipment, what each feeds now, what is not as planned.

    A substation of another unit stands here when one of its feeders is in the scope.
    """
    states = live.states(on)
    counted = _Counts(states)
    switched = off_normal(scope, on=on)
    off = Counter(row.feeder_code for row in switched)
    feeders: dict[int, list[FeederStanding]] = defaultdict(list)
    rows = scope.limit(Feeder.objects.select_related("substation", "unit"), "unit__path").order_by("code")
    for row in rows:
        feeders[row.substation_id].append(counted.standing(row, off[row.code]))
    substations = Substation.objects.filter(pk__in=feeders).select_related("unit").order_by("code")
    codes = dict(rows.values_list("pk", "code"))
    report = states.current.states()
    return NetworkOverview(
        substations=tuple(SubstationStanding(s.code, s.name, s.unit.name, tuple(feeders[s.pk])) for s in substations),
        off_normal=switched,
        loops=tuple(codes[feeder] for feeder in report.loops if feeder in codes),
        parallel=tuple(
            tuple(codes[feeder] for feeder in group if feeder in codes)
            for group in report.parallel
            if any(feeder in codes for feeder in group)
        ),
    )


def off_normal(scope: Scope, *, on: date) -> tuple[OffNormal, ...]:
    """The switches of the scope that do not stand as planned, the latest operation first."""
    states = live.states(on)
    moved = np.setxor1d(states.normal.open_switches(), states.current.open_switches()).tolist()
    last = SwitchOperation.objects.filter(switch=OuterRef("pk")).order_by("-at", "-id")
    rows = scope.limit(Switch.objects.filter(pk__in=moved).select_related("feeder"), "feeder__unit__path").annotate(
        at=Subquery(last.values("at")[:1]),
        actor=Subquery(last.values("actor")[:1]),
        reason=Subquery(last.values("reason")[:1]),
    )
    return tuple(
        OffNormal(
            id=SwitchId(row.pk),
            code=row.code,
            name=row.name,
            kind=row.kind,
            feeder_code=row.feeder.code,
            feeder_name=row.feeder.name,
            normal_open=row.normal_open,
            at=row.at,
            actor=row.actor or "",
            reason=row.reason or "",
        )
        for row in rows.order_by("-at", "code")
    )


class _Counts:
    """Transformers, capacity and customers by feeder: at home, fed now, and dead at home."""

    def __init__(self, states: live.Live) -> None:
        network = states.current.network
        fed_by = dict(
            zip(network.transformer_ids.tolist(), states.current.feeders_of_transformers().tolist(), strict=True)
        )
        self.home: Counter[int] = Counter()
        self.capacity: Counter[int] = Counter()
        self.customers: Counter[int] = Counter()
        self.fed: Counter[int] = Counter()
        self.fed_customers: Counter[int] = Counter()
        self.dead: Counter[int] = Counter()
        self.dead_customers: Counter[int] = Counter()
        for transformer, feeder, capacity in PowerTransformer.objects.values_list("pk", "feeder_id", "capacity_ckva"):
            supplied = states.supplied.get(transformer, 0)
            self.home[feeder] += 1
            self.capacity[feeder] += capacity
            self.customers[feeder] += supplied
            now = fed_by.get(transformer, live.UNFED)
            if now == live.UNFED:
                self.dead[feeder] += 1
                self.dead_customers[feeder] += supplied
            else:
                self.fed[now] += 1
                self.fed_customers[now] += supplied

    def standing(self, row: Feeder, off: int) -> FeederStanding:
        """The figures of one feeder."""
        return FeederStanding(
            id=row.pk,
            code=row.code,
            name=row.name,
            substation_code=row.substation.code,
            unit_code=row.unit.code,
            unit_name=row.unit.name,
            transformers=self.home[row.pk],
            capacity_ckva=self.capacity[row.pk],
            customers=self.customers[row.pk],
            fed_transformers=self.fed[row.pk],
            fed_customers=self.fed_customers[row.pk],
            dead_transformers=self.dead[row.pk],
            dead_customers=self.dead_customers[row.pk],
            off_normal=off,
        )
