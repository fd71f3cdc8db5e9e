"""What people and files do with meters and readings."""

from wandeng.domains.metering.actions.batches import record_readings
from wandeng.domains.metering.actions.entry import enter_reading
from wandeng.domains.metering.actions.estimates import estimate_instead, estimate_missing
from wandeng.domains.metering.actions.handing import hand_over_meter, take_special_reading
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
from wandeng.domains.metering.actions.rereads import (
    cancel_reread,
    complete_reread,
    give_back_reread,
    order_reread,
    take_reread,
)

__all__ = [
    "cancel_reread",
    "complete_reread",
    "correct_reading",
    "enter_reading",
    "estimate_instead",
    "estimate_missing",
    "exchange_meter",
    "give_back_reread",
    "hand_over_meter",
    "install_meter",
    "open_route",
    "order_reread",
    "record_readings",
    "record_test",
    "refuse_reading",
    "release_reading",
    "remove_meter",
    "scrap_meter",
    "stock_meter",
    "take_reread",
    "take_special_reading",
]
