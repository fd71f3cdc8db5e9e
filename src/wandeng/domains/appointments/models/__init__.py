"""Places and their slots, appointments, vehicles with routes and runs."""

from wandeng.domains.appointments.models.booked import Appointment, AppointmentTelling
from wandeng.domains.appointments.models.routes import (
    MobileServiceVehicle,
    RouteRun,
    RouteStop,
    RunStop,
    RunSwap,
    ServiceRoute,
    StopService,
)
from wandeng.domains.appointments.models.slots import OpeningPattern, ServicePlace, ServiceSlot

__all__ = [
    "Appointment",
    "AppointmentTelling",
    "MobileServiceVehicle",
    "OpeningPattern",
    "RouteRun",
    "RouteStop",
    "RunStop",
    "RunSwap",
    "ServicePlace",
    "ServiceRoute",
    "ServiceSlot",
    "StopService",
]
