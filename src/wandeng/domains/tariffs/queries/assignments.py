"""Which usage points are priced by what: the terms of an account over time, and how many a price code holds for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet

from wandeng.domains.organization import queries as organization
from wandeng.domains.tariffs.actions import terms_of
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.domains.tariffs.types import ContractTerms
from wandeng.infra.models import RuleText
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, dict[str, Any]]

TERMS_COLUMNS = (
    "id", "point_code", "account_number", "account_name", "unit_code", "price_code", "valid_from", "valid_to",
    "running_capacity_ckva", "contract_demand_ckw", "pf_standard",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TermsPiece:
    """The terms of a usage point for days ``from_on`` ≤ day < ``to_on``."""

    from_on: date
    to_on: date
    terms: ContractTerms


@dataclass(frozen=True, slots=True)
class PointTerms:
    """A usage point and everything it was ever priced by, newest first."""

    usage_point: str
    account_number: str
    account_name: str
    unit_path: str
    pieces: tuple[TermsPiece, ...]

    def on(self, day: date) -> TermsPiece | None:
        """The piece in force on a day."""
        return next((one for one in self.pieces if one.from_on <= day < one.to_on), None)


@dataclass(frozen=True, slots=True)
class RuleTextKept:
    """A rule file word for word, as it stood when something was first priced by it."""

    content_hash: str
    path: str
    text: str


def points_by_code(scope: Scope, on: date) -> dict[str, int]:
    """Price code → usage points inside the scope that it holds for on a day."""
    rows = _inside(scope).filter(valid_from__lte=on, valid_to__gt=on)
    return dict(rows.order_by("price_code").values_list("price_code").annotate(n=Count("id")))


def terms_rows(scope: Scope, *, price_code: str = "", on: date | None = None) -> Rows:
    """Price assignments inside the scope by account: TERMS_COLUMNS; of one code, or those in force on a day."""
    rows = _inside(scope).order_by("-id")
    if price_code:
        rows = rows.filter(price_code=price_code)
    if on is not None:
        rows = rows.filter(valid_from__lte=on, valid_to__gt=on)
    named: Rows = rows.annotate(
        point_code=F("usage_point__code"),
        account_number=F("usage_point__account__account_number"),
        account_name=F("usage_point__account__name"),
        unit_code=F("usage_point__account__unit__code"),
    ).values(*TERMS_COLUMNS)
    return named


def account_terms(scope: Scope, account_number: str) -> tuple[PointTerms, ...]:
    """The terms of an account's usage points over all time; empty for an account without any inside the scope."""
    rows = _inside(scope).filter(usage_point__account__account_number=account_number)
    named = rows.select_related("usage_point__account__unit").order_by("usage_point__code", "-valid_from")
    found: dict[str, list[PriceAssignment]] = {}
    for row in named:
        found.setdefault(row.usage_point.code, []).append(row)
    return tuple(
        PointTerms(
            code,
            account_number,
            rows[0].usage_point.account.name,
            rows[0].usage_point.account.unit.path,
            tuple(TermsPiece(row.valid_from, row.valid_to, terms_of(row)) for row in rows),
        )
        for code, rows in found.items()
    )


def texts_of(path: str) -> tuple[RuleTextKept, ...]:
    """Every wording of a rule file that something was priced by, oldest first."""
    rows = RuleText.objects.filter(path=path).order_by("first_used_at", "content_hash")
    return tuple(RuleTextKept(row.content_hash, row.path, row.text) for row in rows)


def _inside(scope: Scope) -> QuerySet[PriceAssignment]:
    rows = PriceAssignment.objects.all()
    if not scope.prefix:
        return rows
    units = [unit.unit_id for unit in organization.unit_tree(scope)]
    return rows.filter(usage_point__account__unit_id__in=units)
