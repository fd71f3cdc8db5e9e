"""What people and files do with meters and readings."""

from wandeng.domains.metering.actions.batches import record_readings
from wandeng.domains.metering.actions.estimates import estimate_missing
from wandeng.domains.metering.actions.meters import (
    exchange_meter,
    install_meter,
    open_route,
    record_test,
    remove_meter,
    scrap_meter,
    stock_meter,
)
from wandeng.domains.metering.actions.readings import correct_reading, refuse_reading, release_reading

__all__ = [
    "correct_reading",
    "estimate_missing",
    "exchange_meter",
    "install_meter",
    "open_route",
    "record_readings",
    "record_test",
    "refuse_reading",
    "release_reading",
    "remove_meter",
    "scrap_meter",
    "stock_meter",
]
