"""Values that the doors get from outlets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class OutletKind(StrEnum):
    """What kind of place it is (网点类型)."""

    HALL = "HALL"
    VILLAGE = "VILLAGE"
    AGENT = "AGENT"
    BANK = "BANK"
    TERMINAL = "TERMINAL"


class OutletService(StrEnum):
    """What is done there (服务). Whoever offers PAY counts for the payment circle."""

    PAY = "PAY"
    PREPAY = "PREPAY"
    INVOICE = "INVOICE"
    BUSINESS = "BUSINESS"
    ADVICE = "ADVICE"


class RoadClass(StrEnum):
    """Class of a road (道路等级); how fast one goes on each is a dated rule."""

    MAIN = "MAIN"
    COUNTY = "COUNTY"
    VILLAGE = "VILLAGE"
    STREET = "STREET"
    PATH = "PATH"


class SettlementArea(StrEnum):
    """Town or country: the circle is a promise of towns, a point in every village one of the country."""

    CITY = "CITY"
    RURAL = "RURAL"


class ChangeKind(StrEnum):
    """What a scenario changes."""

    ADD = "ADD"
    CLOSE = "CLOSE"


class ServedBy(StrEnum):
    """What serves a village (村村设点): a point in it, a vehicle that comes often enough, or nothing."""

    OUTLET = "OUTLET"
    VEHICLE = "VEHICLE"
    NOTHING = "NOTHING"


@dataclass(frozen=True, slots=True)
class ExceptionShown:
    """Days on which an outlet's hours differ; ``hours`` empty: closed."""

    id: int
    from_on: date
    to_on: date
    hours: str
    reason: str
    set_by: str


@dataclass(frozen=True, slots=True)
class OutletShown:
    """An outlet with what lies ahead of its hours; degrees in 10⁻⁶."""

    code: str
    name: str
    kind: OutletKind
    unit_code: str
    unit_name: str
    address: str
    public_phone: str
    longitude_e6: int
    latitude_e6: int
    services: tuple[OutletService, ...]
    hours: str
    open_on: str
    valid_from: date
    valid_to: date | None
    exceptions: tuple[ExceptionShown, ...]


@dataclass(frozen=True, slots=True)
class VehicleStop:
    """A stop of a mobile service vehicle, as the flow tells it; degrees in 10⁻⁶."""

    longitude_e6: int
    latitude_e6: int


@dataclass(frozen=True, slots=True)
class PointProposed:
    """A next point: where, and the people it brings inside beyond those before it."""

    place: int
    settlement_code: str
    settlement_name: str
    longitude_e6: int
    latitude_e6: int
    people: int


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A change of a scenario: the outlet that is closed or the settlement that gets a point."""

    kind: ChangeKind
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaShare:
    """People of town or country, and those inside."""

    area: SettlementArea
    people: int
    people_inside: int
    customers: int
    customers_inside: int


@dataclass(frozen=True, slots=True)
class VillageWithout:
    """An administrative village that nothing serves: its code, the name of its largest settlement, its people."""

    village: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Spotted:
    """Something on the map; degrees in 10⁻⁶, ``people`` 0 of outlets."""

    code: str
    name: str
    longitude_e6: int
    latitude_e6: int
    people: int
    is_inside: bool


@dataclass(frozen=True, slots=True)
class CircleShown:
    """A payment circle: who is inside, who is not, which villages have nothing, where next points would serve most."""

    id: int
    unit_code: str
    unit_name: str
    road_map: str
    on: date
    name: str
    minutes: int
    outlets: int
    people: int
    people_inside: int
    customers: int
    customers_inside: int
    at_most: int
    villages: int
    villages_without: int
    computed_at: datetime
    computed_by: str
    areas: tuple[AreaShare, ...]
    points: tuple[PointProposed, ...]
    changes: tuple[ChangeShown, ...]
    without: tuple[VillageWithout, ...]
