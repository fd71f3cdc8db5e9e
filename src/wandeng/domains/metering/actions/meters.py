"""The life of a meter: stocked, hung, exchanged, taken down, tested, scrapped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.metering.actions.readings import add_reading, require_digits
from wandeng.domains.metering.events import MeterExchanged, MeterTested, ReadingsAccepted
from wandeng.domains.metering.frames import finding
from wandeng.domains.metering.models import Meter, MeterInstallation, Reading, ReadingRoute
from wandeng.domains.metering.states import METER
from wandeng.domains.metering.types import Ratio, Registers
from wandeng.domains.network import queries as network
from wandeng.domains.network.types import PointFacts
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, events, ids
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import InstallationId
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True, slots=True)
class Hanging:
    """How a meter is hung: its multiplier with the transformers that make it, its route, and what it is billed by."""

    multiplier: int
    ratio: Ratio | None = None
    route_code: str = ""
    route_position: int = 0
    source: str = "REGISTER"

    def __post_init__(self) -> None:
        if self.multiplier < 1:
            raise InvalidInput(f"a multiplier is at least 1, not {self.multiplier}")
        if self.ratio is not None and self.ratio.multiplier != self.multiplier:
            raise InvalidInput(f"CT and PT give {self.ratio.multiplier}, not a multiplier of {self.multiplier}")


@transaction.atomic
def open_route(
    *, code: str, name: str, unit_code: str, reading_day: int = 1, months: int = 1, actor: Actor, at: datetime
) -> int:
    """Open a reading route (抄表段) with its reading day, read every ``months`` months."""
    unit = organization.unit(Scope.of(actor), unit_code)
    if not 1 <= reading_day <= 28 or not 1 <= months <= 12:
        raise InvalidInput(f"a route is read on a day from 1 to 28, every 1 to 12 months, not {reading_day}/{months}")
    if ReadingRoute.objects.filter(code=code).exists():
        raise Conflict(f"route {code} exists already")
    unit_id = organization.unit_id(unit_code)
    route = ReadingRoute.objects.create(
        id=ids.reserve(ReadingRoute, 1), code=code, name=name, unit_id=unit_id, reading_day=reading_day, months=months
    )
    facts = {"code": code, "reading_day": reading_day, "months": months}
    audit.record(actor=actor, action="route.open", subject=route, facts=facts, at=at, unit_path=unit.path)
    return route.id


@transaction.atomic
def stock_meter(*, asset_number: str, digits: int = 6, kind: str = "", actor: Actor, at: datetime) -> int:
    """Take a new meter into stock. Raises :class:`Conflict` for an asset number in use."""
    if not 4 <= digits <= 10:
        raise InvalidInput(f"a meter shows 4 to 10 whole digits, not {digits}")
    if Meter.objects.filter(asset_number=asset_number).exists():
        raise Conflict(f"meter {asset_number} exists already")
    meter = Meter.objects.create(id=ids.reserve(Meter, 1), asset_number=asset_number, digits=digits, kind=kind)
    finding.put_meter(meter.pk, asset_number)
    audit.record(actor=actor, action="meter.stock", subject=meter, facts={"asset_number": asset_number}, at=at)
    return meter.id


@transaction.atomic
def install_meter(
    *,
    usage_point: str,
    asset_number: str,
    start_reading: Registers,
    on: date,
    hanging: Hanging,
    actor: Actor,
    at: datetime,
) -> InstallationId:
    """Hang a meter from stock at a usage point that has none; its start reading is that of the day ``on``.

    Raises :class:`Conflict` when a meter hangs there, :class:`MoveRefused` when the meter is not in stock,
    :class:`InvalidInput` for a day to come, before the last meter came down, or before the point was connected.
    """
    not_to_come(on, at)
    point = network.usage_point(Scope.of(actor), usage_point)
    if MeterInstallation.objects.filter(usage_point_id=point.id, removed_on__isnull=True).exists():
        raise Conflict(f"a meter hangs at {usage_point} already: exchange it")
    if MeterInstallation.objects.filter(usage_point_id=point.id, removed_on__gt=on).exists() or on < point.connected_on:
        raise InvalidInput(f"no meter can be hung at {usage_point} as early as {on}")
    installed = _hang(point, asset_number, start_reading, on, hanging, actor, at)
    _log("meter.install", installed, {"asset_number": asset_number, "on": on}, actor, at)
    return InstallationId(installed.pk)


@transaction.atomic
def exchange_meter(
    *,
    usage_point: str,
    removed_reading: Registers,
    new_meter: str,
    new_multiplier: int,
    start_reading: Registers,
    on: date,
    actor: Actor,
    at: datetime,
    new_ratio: Ratio | None = None,
    reason: str = "",
) -> InstallationId:
    """Exchange the meter at a usage point (换表): the old one's last reading and the new one's first are those of the
    day ``on``, each billed with its own multiplier. The new meter keeps route and place.

    Raises as :func:`remove_meter` and :func:`install_meter`.
    """
    point = network.usage_point(Scope.of(actor), usage_point)
    old = _take_down(point, removed_reading, on, actor, at, reason)
    hanging = Hanging(new_multiplier, new_ratio, source=old.source)
    new = _hang(point, new_meter, start_reading, on, hanging, actor, at)
    MeterInstallation.objects.filter(pk=new.pk).update(route=old.route, route_position=old.route_position)
    facts = {
        "on": on,
        "removed": old.meter.asset_number,
        "removed_ckwh": removed_reading.total_ckwh,
        "installed": new_meter,
        "start_ckwh": start_reading.total_ckwh,
        "multiplier": new_multiplier,
    }
    _log("meter.exchange", new, facts, actor, at, reason)
    events.publish(MeterExchanged(point.id, old.pk, new.pk, on), at=at)
    return InstallationId(new.pk)


@transaction.atomic
def remove_meter(
    *, usage_point: str, removed_reading: Registers, on: date, actor: Actor, at: datetime, reason: str
) -> None:
    """Take the meter down (拆表); its last reading is that of the day ``on``.

    Raises :class:`NotFound` when none hangs there, :class:`InvalidInput` for a day to come, for the day it was hung or
    earlier, or for a reading below the last one; :class:`Conflict` for a later reading, or another one of the day.
    """
    old = _take_down(network.usage_point(Scope.of(actor), usage_point), removed_reading, on, actor, at, reason)
    _log("meter.remove", old, {"asset_number": old.meter.asset_number, "on": on}, actor, at, reason)


@transaction.atomic
def record_test(
    *, asset_number: str, tested_on: date, error_e4: int, passed: bool, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Record a test (检定) of a meter: its error in 10⁻⁴. A removed meter that passed goes back to stock.

    Raises :class:`NotFound`, :class:`InvalidInput` for a day to come.
    """
    not_to_come(tested_on, at)
    meter = _meter(asset_number)
    Meter.objects.filter(pk=meter.pk).update(tested_on=tested_on)
    if passed and meter.state == "REMOVED":
        move(meter, METER, "restock", actor=actor, at=at, reason=reason)
    facts = {"asset_number": asset_number, "on": tested_on, "error_e4": error_e4, "passed": passed}
    audit.record(actor=actor, action="meter.test", subject=meter, facts=facts, at=at, reason=reason)
    events.publish(MeterTested(meter.pk, tested_on, error_e4, passed), at=at)


@transaction.atomic
def scrap_meter(*, asset_number: str, actor: Actor, at: datetime, reason: str) -> None:
    """Scrap a meter that hangs nowhere. Raises :class:`MoveRefused` for one that does."""
    move(_meter(asset_number), METER, "scrap", actor=actor, at=at, reason=reason)


def _hang(
    point: PointFacts, asset_number: str, reading: Registers, on: date, hanging: Hanging, actor: Actor, at: datetime
) -> MeterInstallation:
    meter = _meter(asset_number)
    require_digits(reading, meter.digits)
    move(meter, METER, "install", actor=actor, at=at)
    route = None
    if hanging.route_code:
        route = ReadingRoute.objects.filter(code=hanging.route_code).first()
        if route is None:
            raise NotFound(f"there is no route {hanging.route_code}")
    installed = MeterInstallation.objects.create(
        id=ids.reserve(MeterInstallation, 1),
        meter=meter,
        usage_point_id=point.id,
        route=route,
        route_position=hanging.route_position,
        installed_on=on,
        multiplier=hanging.multiplier,
        source=hanging.source,
        **(hanging.ratio.columns() if hanging.ratio else {}),
    )
    first = add_reading(installed, on, reading, source="INSTALLATION", actor=actor, at=at)
    events.publish(ReadingsAccepted(first.pk, first.pk, 1, on, on), at=at)
    return installed


def _take_down(
    point: PointFacts, reading: Registers, on: date, actor: Actor, at: datetime, reason: str
) -> MeterInstallation:
    not_to_come(on, at)
    hanging = MeterInstallation.objects.select_related("meter", "route", "usage_point__account__unit")
    old = hanging.filter(usage_point_id=point.id, removed_on__isnull=True).first()
    if old is None:
        raise NotFound(f"no meter hangs at {point.code}")
    if on <= old.installed_on:
        raise InvalidInput(
            f"meter {old.meter.asset_number} was hung on {old.installed_on}: it comes down later than that"
        )
    require_digits(reading, old.meter.digits)
    write_last(old, reading, on, actor, at)
    if not MeterInstallation.objects.filter(pk=old.pk, removed_on__isnull=True).update(removed_on=on):
        raise Conflict(f"somebody else took the meter at {point.code} down first")
    move(old.meter, METER, "remove", actor=actor, at=at, reason=reason)
    return old


def write_last(
    old: MeterInstallation, reading: Registers, on: date, actor: Actor, at: datetime, *, source: str = "REMOVAL"
) -> None:
    """The last reading of a meter at a place, unless the day has the same one. Raises :class:`Conflict` for a later reading
    or another one of the day, :class:`InvalidInput` for one below the last."""
    standing = Reading.objects.filter(installation=old, is_current=True).exclude(state="REFUSED")
    if standing.filter(read_on__gt=on).exists():
        raise Conflict(f"meter {old.meter.asset_number} was read after {on}: correct that first")
    same_day = standing.filter(read_on=on).first()
    if same_day is not None:
        if same_day.state == "ACCEPTED" and same_day.total_ckwh == reading.total_ckwh:
            return
        raise Conflict(f"meter {old.meter.asset_number} shows another reading of {on}: decide about that first")
    before = standing.filter(state="ACCEPTED", read_on__lt=on).order_by("-read_on").first()
    if before is not None and reading.total_ckwh < before.total_ckwh and not _rolled_over(old, before, reading):
        raise InvalidInput(
            f"meter {old.meter.asset_number} showed {before.total_ckwh} on {before.read_on}: "
            f"it cannot come down with {reading.total_ckwh} (0.01 kWh)"
        )
    last = add_reading(old, on, reading, source=source, actor=actor, at=at)
    events.publish(ReadingsAccepted(last.pk, last.pk, 1, on, on), at=at)


def _rolled_over(old: MeterInstallation, before: Reading, reading: Registers) -> bool:
    """Whether the lower reading means no more energy than the higher one would have left the register to go: the
    meter was nearer to its end than the new reading is to zero, by half of its range."""
    modulus: int = 10 ** (old.meter.digits + 2)
    return reading.total_ckwh + modulus - before.total_ckwh < modulus // 2


def _meter(asset_number: str) -> Meter:
    meter = Meter.objects.filter(asset_number=asset_number).first()
    if meter is None:
        raise NotFound(f"there is no meter {asset_number}")
    return meter


def not_to_come(on: date, at: datetime) -> None:
    """Raises :class:`InvalidInput` for a day after that of ``at``."""
    if on > at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"{on} is yet to come")


def _log(
    action: str, installed: MeterInstallation, facts: dict[str, object], actor: Actor, at: datetime, reason: str = ""
) -> None:
    path = installed.usage_point.account.unit.path
    audit.record(actor=actor, action=action, subject=installed, facts=facts, at=at, reason=reason, unit_path=path)
