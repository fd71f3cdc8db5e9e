"""What pages and commands show of meters, routes and readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wandeng.domains.metering.types.readings import Ratio, Registers


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of one reading that a person typed. ``state``: ACCEPTED or HELD, with the reason; ``superseded``: the
    reading it took the place of; ``unchanged``: it stood so already and nothing was written."""

    reading_id: int
    state: str
    hold_reason: str
    superseded: int | None = None
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """A reading route. ``read_on`` is its reading day for the month asked for, ``None`` when it is not read for it."""

    code: str
    name: str
    unit_code: str
    unit_name: str
    reading_day: int
    months: int
    read_on: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a route is: meters ``due``, ``read`` of them (accepted or held), ``held`` and ``estimated`` among those."""

    due: int
    read: int
    held: int
    estimated: int

    @property
    def missing(self) -> int:
        return self.due - self.read

    @property
    def percent(self) -> int:
        """Whole per cent read, rounded down: 100 only when nothing is missing."""
        return self.read * 100 // self.due if self.due else 100


@dataclass(frozen=True, slots=True)
class SheetReading:
    """The reading that stands on a sheet's day."""

    reading_id: int
    registers: Registers
    state: str
    hold_reason: str
    source: str
    actor: str
    superseded: int | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One meter on a reading sheet, in walk order.

    ``previous``: the accepted reading before the day. ``expected_ckwh``: what the meter would show at its last rate, and
    ``most_ckwh`` the highest face that is not held as a jump; both null without a rate. ``registers``: the columns the
    meter has. ``energy_ckwh``: what the standing reading means, multiplier included.
    """

    installation_id: int
    place: int
    usage_point: str
    account_number: str
    account_name: str
    address: str
    asset_number: str
    digits: int
    multiplier: int | None
    registers: tuple[str, ...]
    previous_on: date | None
    previous: Registers | None
    expected_ckwh: int | None
    most_ckwh: int | None
    reading: SheetReading | None
    energy_ckwh: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of a route's sheet for a month: rows from ``start`` (0 is the first meter) of ``count`` that were asked for."""

    route: RouteFacts
    progress: Progress
    rows: tuple[SheetRow, ...]
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class InstallationShown:
    """Where a meter hung, from a day to a day."""

    installation_id: int
    usage_point: str
    account_number: str
    account_name: str
    unit_name: str
    route_code: str
    route_position: int
    installed_on: date
    removed_on: date | None
    ratio: Ratio
    multiplier: int | None
    source: str


@dataclass(frozen=True, slots=True)
class MeterView:
    """A meter with its places, newest first."""

    asset_number: str
    kind: str
    digits: int
    rated_current_ma: int
    state: str
    tested_on: date | None
    installations: tuple[InstallationShown, ...]

    @property
    def hangs(self) -> InstallationShown | None:
        """Where it hangs now."""
        first = self.installations[0] if self.installations else None
        return first if first is not None and first.removed_on is None else None


@dataclass(frozen=True, slots=True)
class MeterReading:
    """One reading of a meter. ``energy_ckwh`` and ``days``: since the accepted one before it at the same place, multiplier
    included; null for the first, for one that does not count, and where the multiplier is not known."""

    reading_id: int
    installation_id: int
    read_on: date
    registers: Registers
    source: str
    state: str
    hold_reason: str
    is_current: bool
    supersedes: int | None
    received_at: datetime
    actor: str
    energy_ckwh: int | None
    days: int | None


@dataclass(frozen=True, slots=True)
class ExchangePreview:
    """What an exchange of meters would mean, before it is done.

    ``energy_ckwh``: through the old meter since ``last_on``, multiplier included. ``doubts``: codes of ``HoldReason``, and
    ``NOT_IN_STOCK``, ``UNKNOWN_METER``, ``MULTIPLIER_CHANGES``, ``READ_LATER``.
    """

    old_meter: str
    old_multiplier: int | None
    installed_on: date
    last_on: date | None
    last_ckwh: int | None
    energy_ckwh: int | None
    new_meter: str
    new_digits: int | None
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldView:
    """A held reading with all a person needs to decide. ``energy_ckwh`` and ``usual_ckwh``: what it would mean, and what
    the same days take at the last rate; ``reread``: the open order, 0 when none is."""

    reading: MeterReading
    usage_point: str
    account_number: str
    account_name: str
    address: str
    asset_number: str
    multiplier: int | None
    capacity_ckva: int
    previous_on: date | None
    previous: Registers | None
    energy_ckwh: int | None
    usual_ckwh: int | None
    reread: int


@dataclass(frozen=True, slots=True)
class RereadShown:
    """An order to read a meter again."""

    order_id: int
    reading_id: int
    state: str
    due_on: date
    ordered_at: datetime
    ordered_by: str
    reason: str
    taken_by: str


@dataclass(frozen=True, slots=True)
class RouteDue:
    """A route that is to be read about now, with its progress."""

    route: RouteFacts
    progress: Progress


@dataclass(frozen=True, slots=True)
class ReaderDay:
    """What waits for a meter reader: routes whose day has come and that are not complete, those of the next days, held
    readings and orders to read again."""

    due: tuple[RouteDue, ...]
    soon: tuple[RouteFacts, ...]
    held: int
    rereads: int
    rereads_late: int
