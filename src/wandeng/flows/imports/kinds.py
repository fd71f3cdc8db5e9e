"""Every kind that can be imported, in the order in which a new installation needs them."""

from __future__ import annotations

from wandeng.flows.imports import (
    contacts,
    curves,
    customers,
    interruptions,
    meters,
    network,
    offline_receipts,
    organizations,
    outlets,
    planned_outages,
    prepay_agreements,
    price_assignments,
    purchases,
    rationing,
    readings,
    service_routes,
    standards,
    supply_events,
    switch_operations,
    switch_ratings,
    voltage,
)
from wandeng.infra.imports.spec import Kind
from wandeng.kernel.errors import NotFound

KINDS: tuple[Kind, ...] = (
    organizations.KIND,
    network.KIND,
    customers.KIND,
    contacts.KIND,
    meters.KIND,
    price_assignments.KIND,
    readings.KIND,
    curves.KIND,
    switch_operations.KIND,
    switch_ratings.KIND,
    interruptions.KIND,
    supply_events.KIND,
    planned_outages.KIND,
    voltage.POINTS,
    voltage.READINGS,
    voltage.SUMS,
    rationing.KIND,
    purchases.KIND,
    offline_receipts.KIND,
    prepay_agreements.KIND,
    service_routes.KIND,
    outlets.ROAD_MAPS,
    outlets.SETTLEMENTS,
    outlets.OUTLETS,
    standards.KIND,
)


def kind(name: str) -> Kind:
    """The kind of this name, English or Chinese. Raises :class:`NotFound` naming those there are."""
    for found in KINDS:
        if name in (found.name, found.zh):
            return found
    raise NotFound(f"there is no import kind '{name}': {', '.join(f'{k.name} {k.zh}' for k in KINDS)}")
