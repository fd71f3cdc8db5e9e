"""Bill runs and parked accounts as people see them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db.models import Count, QuerySet

from wandeng.domains.billing import gate
from wandeng.domains.billing.models import BillException, BillRun, BillShard
from wandeng.domains.billing.types import ExceptionView, GateFinding, RunView, Totals
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

PATH = "unit__path"


def run(scope: Scope, run_id: RunId) -> RunView:
    """One run with its totals and codes. Raises ``NotFound``, also outside the scope."""
    return _view(scope.one(BillRun.objects.select_related("unit"), PATH, "bill run", pk=run_id))


def runs(scope: Scope, *, month: Month | None = None) -> tuple[RunView, ...]:
    """Runs inside the scope, newest first."""
    rows = scope.limit(BillRun.objects.select_related("unit").order_by("-month", "-id"), PATH)
    if month is not None:
        rows = rows.filter(month=str(month))
    return tuple(_view(row) for row in rows)


def exceptions(
    scope: Scope, run_id: RunId, *, code: str = "", state: str = "", limit: int | None = None
) -> tuple[ExceptionView, ...]:
    """Parked accounts of a run, by code and account. Raises ``NotFound`` for a run outside the scope."""
    row = scope.one(BillRun.objects.all(), PATH, "bill run", pk=run_id)
    found = _chosen(row, code, state).select_related("account").prefetch_related("account__usage_points")
    found = found.order_by("code", "account__account_number", "id")
    return tuple(
        ExceptionView(
            exception_id=one.pk,
            run_id=row.pk,
            account_number=one.account.account_number,
            account_name=one.account.name,
            usage_point_code=_point_code(one),
            code=one.code,
            found=one.found,
            limit=one.limit_value,
            on=one.on_date,
            state=one.state,
            reason=one.reason,
            is_retaken=one.retaken_by_id is not None,
        )
        for one in (found[:limit] if limit else found)
    )


def _chosen(row: BillRun, code: str, state: str) -> QuerySet[BillException]:
    chosen = BillException.objects.filter(run=row)
    if code:
        chosen = chosen.filter(code=code)
    return chosen.filter(state=state) if state else chosen


def _point_code(one: BillException) -> str:
    """The point's code among its account's points."""
    return next((str(point.code) for point in one.account.usage_points.all() if point.pk == one.usage_point_id), "")


def _view(row: BillRun) -> RunView:
    codes = BillException.objects.filter(run=row, retaken_by__isnull=True).values_list("code")
    counted = dict(codes.annotate(n=Count("account_id", distinct=True)).order_by("code"))
    return view_of(row, list(row.shards.order_by("number")), counted)


def view_of(row: BillRun, shards: Sequence[BillShard], codes: dict[str, int]) -> RunView:
    """A run with its shards in order and its exception code → accounts, as people see it."""
    return RunView(
        run_id=row.pk,
        unit_id=row.unit_id,
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        unit_path=row.unit.path,
        territory=row.territory,
        month=Month.parse(row.month),
        sequence=row.sequence,
        kind=row.kind,
        state=row.state,
        book_hash=row.book_hash,
        created_by=row.created_by,
        created_at=row.created_at,
        approved_by=row.approved_by,
        shards=len(shards),
        totals=_with_codes(gate.totals(shards), codes),
        gate=tuple(GateFinding(**facts) for facts in json.loads(row.gate_findings)),
    )


def _with_codes(totals: Totals, codes: dict[str, int]) -> Totals:
    return totals + Totals(codes=codes)
