"""Important and named users of areas that are off: those without another supply that is not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from wandeng.domains.network.queries.behind import supplied_points
from wandeng.infra.scope import Scope


@dataclass(frozen=True, slots=True)
class UserOff:
    """A user without supply; the transformers that supply it, and the place of the first: degrees × 10⁶."""

    account_id: int
    account_number: str
    account_name: str
    importance: str
    unit_name: str
    transformer_name: str
    transformers: tuple[int, ...]
    contract_ckva: int
    longitude_e6: int | None
    latitude_e6: int | None


def important_users(
    scope: Scope, areas: Collection[int], *, protected: Collection[int], on: date
) -> tuple[UserOff, ...]:
    """Users of these transformers with an importance, or named by account id in ``protected``, all whose supplies are among them,
    by account number."""
    hit = (
        supplied_points(on)
        .filter(transformer__in=list(areas))
        .filter(~Q(account__importance="") | Q(account__in=list(protected)))
    )
    named = scope.limit(hit, "account__unit__path").order_by().values("account_id")
    off = set(areas)
    found: dict[int, list[tuple[Any, ...]]] = {}
    rows = supplied_points(on).filter(account__in=named).order_by("account__account_number", "pk")
    for row in rows.values_list(
        "account_id", "account__account_number", "account__name", "account__importance", "account__unit__name",
        "transformer__name", "transformer_id", "contract_capacity_ckva", "transformer__node__longitude_e6",
        "transformer__node__latitude_e6",
    ):  # fmt: skip
        found.setdefault(row[0], []).append(row)
    return tuple(_user(several) for several in found.values() if all(one[6] in off for one in several))


def _user(several: list[tuple[Any, ...]]) -> UserOff:
    """A user from the rows of its supplies."""
    account, number, name, importance, unit, transformer, _id, _contract, longitude, latitude = several[0]
    return UserOff(
        account, number, name, importance, unit, transformer, tuple(sorted({one[6] for one in several})),
        sum(one[7] for one in several), longitude, latitude,
    )  # fmt: skip
