"""Generators, and who needs one first: protected and important users who are off now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wandeng.calc.dispatch import Spot, distance_m
from wandeng.domains.emergency import rules
from wandeng.domains.emergency.models import BackupSupply, EmergencyGenerator, GeneratorDispatch
from wandeng.domains.emergency.types import Need
from wandeng.domains.network.queries import off
from wandeng.domains.reliability.frames import ongoing
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE

Rows = QuerySet[Any, Any]
_IMPORTANCE = ("SPECIAL", "FIRST", "SECOND", "TEMPORARY")
NEAREST = 3


def generators_rows(scope: Scope) -> Rows:
    """Generators: code, name, unit_name, capacity_ckva, state, longitude_e6, latitude_e6, account_number (whom it is sent to; empty
    for none), need_ckva. Lazy."""
    sent = GeneratorDispatch.objects.filter(generator=OuterRef("pk"), ended_at__isnull=True)
    return scope.limit(EmergencyGenerator.objects.all(), "unit__path").values(
        "id", "code", "name", "capacity_ckva", "state", "longitude_e6", "latitude_e6", "unit_id",
        unit_name=F("unit__name"),
        account_number=Coalesce(Subquery(sent.values("account__account_number")[:1]), Value("")),
        need_ckva=Subquery(sent.values("need_ckva")[:1]),
    )  # fmt: skip


def needs(
    scope: Scope, *, protected: Mapping[int, str], now: datetime, library: RuleLibrary, with_nearest: bool = True
) -> tuple[Need, ...]:
    """Who is off now and protected (account id → kind of protection, of the domain that keeps them) or important: life-support first,
    then whose own back-up ends first (of users without one known: now), then by importance. Users with another supply that is not off
    are left out. Without ``with_nearest`` nobody is told which free generators are near."""
    dark = ongoing.ongoing()
    since = dict(dark.group_by("area").agg(pl.col("since").min()).iter_rows())
    on = now.astimezone(BILLING_ZONE).date()
    users = off.important_users(scope, list(since), protected=set(protected), on=on)
    backups, with_them = _known_of([one.account_id for one in users])
    rule = rules.emergency(now, library=library).generators
    ready = scope.limit(EmergencyGenerator.objects.filter(state="FREE"), "unit__path").order_by("code")
    free = list(ready) if with_nearest else []
    found = []
    for one in users:
        backup = backups.get(one.account_id)
        began = max(since[area] for area in one.transformers)
        spent = int((now - began).total_seconds()) // 60
        spot = (
            Spot(one.longitude_e6, one.latitude_e6)
            if one.longitude_e6 is not None and one.latitude_e6 is not None
            else None
        )
        need = backup[1] if backup else one.contract_ckva
        near = _near(spot, need, free, rule.reach_m, rule.metres_a_minute)
        found.append(
            Need(
                one.account_number, one.account_name, one.importance, protected.get(one.account_id, ""), one.unit_name,
                one.transformer_name, need, began, max(0, backup[0] - spent) if backup else None,
                with_them.get(one.account_id, ""), near,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=_urgency))


def _known_of(accounts: list[int]) -> tuple[dict[int, tuple[int, int]], dict[int, str]]:
    """Of accounts: minutes and need of their own back-up, and the generator that is sent. One question for both."""
    own = BackupSupply.objects.filter(account__in=accounts).values_list("account_id", "minutes", "need_ckva", Value(""))
    sent = GeneratorDispatch.objects.filter(ended_at__isnull=True, account__in=accounts)
    both = own.union(sent.values_list("account_id", Value(-1), "need_ckva", "generator__code"), all=True)
    backups, with_them = {}, {}
    for account, minutes, need, generator in both:
        if generator:
            with_them[account] = generator
        else:
            backups[account] = (minutes, need)
    return backups, with_them


def _near(
    spot: Spot | None, need: int, free: list[EmergencyGenerator], reach: int, pace: int
) -> tuple[tuple[str, int], ...]:
    if spot is None:
        return ()
    ways = []
    for one in free:
        if one.capacity_ckva >= need and one.longitude_e6 is not None and one.latitude_e6 is not None:
            way = distance_m(spot, Spot(one.longitude_e6, one.latitude_e6))
            if way <= reach:
                ways.append((-(-way // pace), one.capacity_ckva, one.code))
    return tuple((code, minutes) for minutes, _size, code in sorted(ways)[:NEAREST])


def _urgency(one: Need) -> tuple[bool, bool, int, int, str]:
    importance = _IMPORTANCE.index(one.importance) if one.importance in _IMPORTANCE else len(_IMPORTANCE)
    return bool(one.generator), one.protection != "LIFE_SUPPORT", one.minutes_left or 0, importance, one.account_number
