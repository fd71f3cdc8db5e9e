"""Readings that wait for a person, and the orders to read meters again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from wandeng.domains.metering import judging
from wandeng.domains.metering.actions.readings import UNIT_OF_READING
from wandeng.domains.metering.models import Reading, RereadOrder
from wandeng.domains.metering.queries.meters import reading_shown
from wandeng.domains.metering.queries.readings import IN_FORCE, held
from wandeng.domains.metering.types import HeldView, RereadShown
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]
OPEN = ("ORDERED", "TAKEN")


def held_rows(scope: Scope) -> Rows:
    """Held readings: id, read_on, total_ckwh, hold_reason, source, received_at, asset_number, multiplier, point_code,
    account_number, account_name, route_code, unit_id, unit_name, previous_on, previous_ckwh, reread (state of the open
    order, or empty)."""
    before = Reading.objects.filter(
        IN_FORCE,
        installation=OuterRef("installation"),
        is_current=True,
        state="ACCEPTED",
        read_on__lt=OuterRef("read_on"),
    ).order_by("-read_on")
    order = RereadOrder.objects.filter(reading=OuterRef("pk"), state__in=OPEN)
    rows = scope.limit(held(""), UNIT_OF_READING)
    return rows.values(
        "id",
        "read_on",
        "total_ckwh",
        "hold_reason",
        "source",
        "received_at",
        asset_number=F("installation__meter__asset_number"),
        multiplier=F("installation__multiplier"),
        point_code=F("installation__usage_point__code"),
        account_number=F("installation__usage_point__account__account_number"),
        account_name=F("installation__usage_point__account__name"),
        route_code=F("installation__route__code"),
        unit_id=F("installation__usage_point__account__unit_id"),
        unit_name=F("installation__usage_point__account__unit__name"),
        previous_on=Subquery(before.values("read_on")[:1]),
        previous_ckwh=Subquery(before.values("total_ckwh")[:1]),
        reread=Coalesce(Subquery(order.values("state")[:1]), Value("")),
    )


def held_view(scope: Scope, reading_id: int) -> HeldView:
    """A reading that waits, with what a person needs to decide. A decided one is shown too, with its state.

    Raises :class:`NotFound`.
    """
    rows = Reading.objects.select_related("installation__meter", "installation__usage_point__account")
    row = scope.one(rows, UNIT_OF_READING, "reading", pk=reading_id)
    place = row.installation
    before = Reading.objects.filter(installation=place, is_current=True, state="ACCEPTED", read_on__lt=row.read_on)
    modulus = judging.modulus_of(place.meter.digits)
    last = judging.accepted_before(list(before.order_by("-read_on")[:2]), row.read_on, modulus)
    energy = usual = None
    if last is not None and place.multiplier is not None:
        energy = (row.total_ckwh - last.registers.total_ckwh) % modulus * place.multiplier
        advance = judging.expected(last, row.read_on)
        usual = None if advance is None else advance * place.multiplier
    account = place.usage_point.account
    order = RereadOrder.objects.filter(reading=row, state__in=OPEN).values_list("pk", flat=True).first()
    return HeldView(
        reading=reading_shown(row, energy, None if last is None else (row.read_on - last.read_on).days),
        usage_point=place.usage_point.code,
        account_number=account.account_number,
        account_name=account.name,
        address=account.address,
        asset_number=place.meter.asset_number,
        multiplier=place.multiplier,
        capacity_ckva=place.usage_point.contract_capacity_ckva,
        previous_on=None if last is None else last.read_on,
        previous=None if last is None else last.registers,
        energy_ckwh=energy,
        usual_ckwh=usual,
        reread=order or 0,
    )


def rereads_rows(scope: Scope) -> Rows:
    """Orders to read again: id, state, due_on, ordered_at, ordered_by, reason, taken_by, reading_id, read_on, total_ckwh,
    hold_reason, asset_number, account_number, account_name, address, route_code, unit_id, unit_name."""
    rows = scope.limit(RereadOrder.objects.all(), f"reading__{UNIT_OF_READING}")
    place = "reading__installation__usage_point__account"
    return rows.values(
        "id",
        "state",
        "due_on",
        "ordered_at",
        "ordered_by",
        "reason",
        "taken_by",
        "reading_id",
        read_on=F("reading__read_on"),
        total_ckwh=F("reading__total_ckwh"),
        hold_reason=F("reading__hold_reason"),
        asset_number=F("reading__installation__meter__asset_number"),
        account_number=F(f"{place}__account_number"),
        account_name=F(f"{place}__name"),
        address=F(f"{place}__address"),
        route_code=F("reading__installation__route__code"),
        unit_id=F(f"{place}__unit_id"),
        unit_name=F(f"{place}__unit__name"),
    )


def reread(scope: Scope, order_id: int) -> RereadShown:
    """An order to read again. Raises :class:`NotFound`."""
    row = scope.one(RereadOrder.objects.all(), f"reading__{UNIT_OF_READING}", "re-read order", pk=order_id)
    return RereadShown(
        order_id=row.pk,
        reading_id=row.reading_id,
        state=row.state,
        due_on=row.due_on,
        ordered_at=row.ordered_at,
        ordered_by=row.ordered_by,
        reason=row.reason,
        taken_by=row.taken_by,
    )


def late_rereads(scope: Scope, *, on: date) -> int:
    """How many open orders are past their day."""
    rows = RereadOrder.objects.filter(state__in=OPEN, due_on__lt=on)
    return scope.limit(rows, f"reading__{UNIT_OF_READING}").count()
