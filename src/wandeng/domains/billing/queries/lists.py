"""Rows for lists of people: bill runs, parked accounts, bills. Lazy: a list filters, sorts and cuts them before they are
read, and whoever asks sees his own units only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from wandeng.calc.rating.frames import FindingCode
from wandeng.domains.billing.models import Bill, BillException, BillRun, BillShard
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.infra.kept_rows import kept
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, dict[str, Any]]

ENERGY_CODES = (FindingCode.ZERO, FindingCode.JUMP, FindingCode.OVER_CAPACITY, FindingCode.NEGATIVE)
"""Findings whose figures are energies: what was measured, and what it was held against."""

RUN_COLUMNS = (
    "run", "unit_code", "unit_name", "month", "kind", "sequence", "state", "accounts", "bills", "energy_ckwh",
    "amount_fen", "parked", "created_by", "maker", "created_at", "approved_by", "approver", "approved_at",
)  # fmt: skip
EXCEPTION_COLUMNS = (
    "id", "run_id", "month", "run_state", "unit_code", "account_number", "account_name", "code", "found_ckwh",
    "limit_ckwh", "on_date", "state", "reason", "retaken",
)  # fmt: skip
BILL_COLUMNS = (
    "number", "account_number", "account_name", "customer_class", "unit_code", "unit_name", "month_index", "revision",
    "kind", "state", "run_id", "period_from", "period_to", "energy_ckwh", "amount_fen", "due_on",
)  # fmt: skip


def run_rows(scope: Scope) -> Rows:
    """Bill runs, newest first: RUN_COLUMNS. ``parked`` counts the accounts that are parked still."""
    return scope.limit(_runs(), "unit__path")


@kept
def _runs() -> Rows:
    """The rows for everybody."""
    open_ones = BillException.objects.filter(run=OuterRef("pk"), state="PARKED").order_by().values("run")
    rows = BillRun.objects.order_by("-id").annotate(
        run=F("id"),
        unit_code=F("unit__code"),
        unit_name=F("unit__name"),
        accounts=_of_shards("accounts"),
        bills=_of_shards("bills"),
        energy_ckwh=_of_shards("energy_ckwh"),
        amount_fen=_of_shards("amount_fen"),
        maker=organization.name_of("created_by"),
        approver=organization.name_of("approved_by"),
        parked=_number(open_ones.annotate(n=Count("account_id", distinct=True)).values("n")),
    )
    found: Rows = rows.values(*RUN_COLUMNS)
    return found


def exception_rows(scope: Scope, *, run: int | None = None) -> Rows:
    """Parked accounts of a run, or of all runs, newest run first: EXCEPTION_COLUMNS. ``retaken`` is the shard that priced
    the account again, null when none has."""
    rows = scope.limit(BillException.objects.order_by("-run_id", "code", "id"), "run__unit__path")
    if run is not None:
        rows = rows.filter(run_id=run)
    named: Rows = rows.annotate(
        month=F("run__month"),
        run_state=F("run__state"),
        unit_code=F("account__unit__code"),
        account_number=F("account__account_number"),
        account_name=F("account__name"),
        retaken=F("retaken_by_id"),
        found_ckwh=_if_energy("found"),
        limit_ckwh=_if_energy("limit_value"),
    ).values(*EXCEPTION_COLUMNS)
    return named


def bill_rows(scope: Scope) -> Rows:
    """Bills with the state of their runs, newest month first: BILL_COLUMNS. The order is the reverse of an index, so the
    first page of millions costs as much as the first of ten."""
    rows = _bills()
    units = organization.unit_tree(scope)
    # Who sees every unit is asked no unit: a database that begins with the units would sort all bills for one page.
    if len(units) < len(organization.unit_tree(Scope.everywhere())):
        rows = in_units(rows, [unit.unit_id for unit in units])
    return rows


def in_units(rows: Rows, units: Sequence[int]) -> Rows:
    """Of :func:`bill_rows` those of accounts of these units. Asked as membership: a database that joined the accounts first
    would sort all bills of an office for one page, and this way walks the index of bills."""
    return rows.filter(account_id__in=customers.ids_in(units))


@kept
def _bills() -> Rows:
    """The same as for runs."""
    rows = Bill.objects.order_by("-month_index", "-account_id", "-revision")
    named: Rows = rows.annotate(
        number=F("id"),
        account_number=F("account__account_number"),
        account_name=F("account__name"),
        customer_class=F("account__customer_class"),
        unit_code=F("account__unit__code"),
        unit_name=F("account__unit__name"),
        state=F("shard__run__state"),
        run_id=F("shard__run_id"),
    ).values(*BILL_COLUMNS)
    return named


def of_run(rows: Rows, run: int) -> Rows:
    """Of :func:`bill_rows` those of a run, by the ranges of ids that were reserved for its shards: no index is needed.

    The months are named as well: a database that begins with the accounts then finds each one's bill by its index.
    """
    reserved = BillShard.objects.filter(run_id=run).exclude(bill_ids=0).order_by("first_bill_id")
    found = list(reserved.values_list("first_bill_id", "bill_ids", "month_index"))
    wanted = Q(pk__in=())
    for first, end in _joined([(first, first + count) for first, count, _ in found]):
        wanted |= Q(pk__gte=first, pk__lt=end)
    return rows.filter(wanted, month_index__in={month for _, _, month in found}).order_by("pk")


def of_accounts(rows: Rows, account_number: str) -> Rows:
    """Of :func:`bill_rows` those of one account. The index has the month first, so the months are named as well."""
    months = list(BillShard.objects.order_by("month_index").values_list("month_index", flat=True).distinct())
    return rows.filter(month_index__in=months, account__account_number=account_number)


def in_states(rows: Rows, *states: str) -> Rows:
    """Of :func:`bill_rows` those whose run is in one of the states."""
    return rows.filter(shard_id__in=BillShard.objects.filter(run__state__in=states).values("pk"))


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for first, end in ranges:
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((first, end))
    return joined


def _if_energy(column: str) -> Case:
    return Case(When(code__in=ENERGY_CODES, then=F(column)), output_field=BigIntegerField())


def _of_shards(column: str) -> Coalesce:
    found = BillShard.objects.filter(run=OuterRef("pk")).order_by().values("run")
    return _number(found.annotate(n=Sum(column)).values("n"))


def _number(found: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(found, output_field=BigIntegerField()), 0)
