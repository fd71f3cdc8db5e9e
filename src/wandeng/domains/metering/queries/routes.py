"""Reading routes: how far each is, and the sheet of one in walk order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from wandeng.domains.metering import judging, rules
from wandeng.domains.metering.actions.readings import UNIT_OF_READING
from wandeng.domains.metering.frames.points import period_edges
from wandeng.domains.metering.models import MeterInstallation, Reading, ReadingRoute, RereadOrder
from wandeng.domains.metering.queries.readings import IN_FORCE, held
from wandeng.domains.metering.types import (
    REGISTERS,
    EntryLimits,
    Progress,
    ReaderDay,
    Registers,
    RouteDue,
    RouteFacts,
    Sheet,
    SheetReading,
    SheetRow,
)
from wandeng.infra.counts import totals
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.kept_rows import kept
from wandeng.infra.scope import Scope, within
from wandeng.infra.statements import Reading as Written
from wandeng.kernel.periods import Month

Rows = QuerySet[Any, Any]
Row = TypeVar("Row", bound=Model)
HISTORY = timedelta(days=400)
"""How far back a sheet looks for the readings before its day; what is older is looked up by itself."""
SOON = timedelta(days=3)
_STANDS = Q(IN_FORCE, is_current=True)


def read_on(reading_day: int, months: int, month: Month) -> date | None:
    """The day on which a route is read for the bill of a month; ``None``: not for this month.

    >>> read_on(1, 1, Month(2026, 11)), read_on(20, 1, Month(2026, 11))
    (datetime.date(2026, 12, 1), datetime.date(2026, 11, 20))
    """
    edges = period_edges(month, reading_day, months)
    return None if edges is None else edges[-1]


def last_month(reading_day: int, months: int, on: date) -> Month:
    """The newest month whose reading day has come."""
    month = Month.of(on)
    while True:
        day = read_on(reading_day, months, month)
        if day is not None and day <= on:
            return month
        month = month.plus(-1)


def routes_rows(scope: Scope, month: Month) -> Rows:
    """Routes with their progress for the bill of a month: id, code, name, unit_id, unit_name, reading_day, months, read_on
    (null: not read for it), due, read, missing, held."""
    return scope.limit(_progressing(month, _days_used()), "unit__path")


@kept
def _progressing(month: Month, used: tuple[tuple[int, int], ...]) -> Rows:
    """The rows for everybody."""
    rows = ReadingRoute.objects.annotate(day=_day_of("", month, used))
    due = _hung_on(MeterInstallation.objects.filter(route=OuterRef("pk")), OuterRef("day"))
    standing = Reading.objects.filter(_STANDS, installation__route=OuterRef("pk"), read_on=OuterRef("day"))
    on_sheet = standing.filter(installation__installed_on__lt=F("read_on"), installation__source="REGISTER").exclude(
        installation__removed_on__lte=F("read_on")
    )
    waiting = on_sheet.filter(state="HELD")
    return rows.annotate(
        due_count=Coalesce(_count(due, "route"), 0),
        read_count=Coalesce(_count(on_sheet, "installation__route"), 0),
        held_count=Coalesce(_count(waiting, "installation__route"), 0),
    ).values(
        "id",
        "code",
        "name",
        "unit_id",
        "reading_day",
        "months",
        "due_count",
        "read_count",
        "held_count",
        unit_name=F("unit__name"),
        read_on=F("day"),
        missing_count=F("due_count") - F("read_count"),
    )


def route(scope: Scope, code: str) -> RouteFacts:
    """A route without a month. Raises :class:`NotFound`."""
    row = scope.one(ReadingRoute.objects.select_related("unit"), "unit__path", "route", code=code)
    return _facts(row, None)


def sheet(
    scope: Scope, code: str, month: Month, *, start: int, count: int, library: RuleLibrary, only_missing: bool = False
) -> Sheet:
    """A part of a route's sheet: up to ``count`` meters from place ``start`` on, in walk order.

    Raises :class:`NotFound` for the route, :class:`NoRuleInForce`.
    """
    route = scope.one(ReadingRoute.objects.select_related("unit"), "unit__path", "route", code=code)
    day = read_on(route.reading_day, route.months, month)
    facts = _facts(route, day)
    if day is None:
        return Sheet(facts, Progress(0, 0, 0, 0), (), 0, 0)
    hung = _hung_on(MeterInstallation.objects.filter(route=route), Value(day, DateField())).order_by(
        "route_position", "id"
    )
    places = {pk: place for place, pk in enumerate(hung.values_list("pk", flat=True))}
    if only_missing:
        stands = Reading.objects.filter(_STANDS, installation=OuterRef("pk"), read_on=day)
        hung = hung.filter(~Exists(stands))
    limits = rules.entry_limits(library, territory=route.unit.territory, on=day)
    chosen = list(_with_all(hung)[start : start + count])
    rows = _rows(chosen, day, limits, places)
    return Sheet(facts, _progress(route, day, len(places)), rows, start, hung.count() if only_missing else len(places))


def sheet_row(scope: Scope, installation_id: int, day: date, *, library: RuleLibrary) -> SheetRow:
    """One meter of a sheet, as it stands now. Raises :class:`NotFound`, :class:`NoRuleInForce`."""
    path = "usage_point__account__unit__path"
    row = scope.one(_with_all(MeterInstallation.objects.all()), path, "installation", pk=installation_id)
    limits = rules.entry_limits(library, territory=row.usage_point.account.unit.territory, on=day)
    before = MeterInstallation.objects.filter(route_id=row.route_id).filter(
        Q(route_position__lt=row.route_position) | Q(route_position=row.route_position, pk__lt=row.pk)
    )
    place = _hung_on(before, Value(day, DateField())).count()
    return _rows([row], day, limits, {row.pk: place})[0]


def progress(scope: Scope, code: str, month: Month) -> Progress:
    """How far a route is. Raises :class:`NotFound`."""
    route = scope.one(ReadingRoute.objects.all(), "unit__path", "route", code=code)
    day = read_on(route.reading_day, route.months, month)
    if day is None:
        return Progress(0, 0, 0, 0)
    hung = _hung_on(MeterInstallation.objects.filter(route=route), Value(day, DateField()))
    return _progress(route, day, hung.count())


def reader_day(scope: Scope, *, on: date, limit: int = 12) -> ReaderDay:
    """What waits for a reader: up to ``limit`` routes that are not complete though their day has come, the latest day
    first; those whose day comes within three days; held readings; orders to read again."""
    due, soon = [], []
    for route in _ROUTES(*scope.bounds):
        month = last_month(route.reading_day, route.months, on)
        day = read_on(route.reading_day, route.months, month)
        if day is not None:
            due.append((day, route))
        coming = read_on(route.reading_day, route.months, month.plus(route.months))
        if coming is not None and on < coming <= on + SOON:
            soon.append(_facts(route, coming))
    counted = _progress_of(due)
    open_ones = [
        RouteDue(_facts(route, day), counted[route.pk])
        for day, route in sorted(due, key=lambda pair: (-pair[0].toordinal(), pair[1].code))
        if counted[route.pk].missing
    ]
    return ReaderDay(tuple(open_ones[:limit]), tuple(soon), *_waiting(scope, on))


def readings_waiting(scope: Scope, *, on: date) -> ReaderDay:
    """:func:`reader_day` without its routes: held readings and orders to read again."""
    return ReaderDay((), (), *_waiting(scope, on))


def _waiting(scope: Scope, on: date) -> tuple[int, int, int]:
    """Held readings, orders to read again, those of them that are late."""
    rereads, late = _REREADS(on, *scope.bounds)[0]
    return _HELD(*scope.bounds)[0][0], rereads, late


def _progress_of(due: Iterable[tuple[date, ReadingRoute]]) -> dict[int, Progress]:
    """Progress of many routes, each on its day."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for day, route in due:
        by_day[day].append(route.pk)
    found: dict[int, Progress] = {}
    for day, routes in by_day.items():
        meters, read = dict(_on_sheets(len(routes))(day, *routes)), dict(_read(len(routes))(day, *routes))
        for pk in routes:
            found[pk] = Progress(meters.get(pk, 0), read.get(pk, 0), 0, 0)
    return found


@lru_cache(maxsize=256)
def _on_sheets(routes: int) -> Written[tuple[int, int]]:
    """Meters on the sheet of a day of each of so many routes: by the day and their ids."""

    def make(day: date, *ids: int) -> Rows:
        hung = _hung_on(MeterInstallation.objects.filter(route__in=ids), Value(day, DateField()))
        return hung.order_by().values_list("route").annotate(n=Count("pk"))

    return Written(make, date, *[int] * routes, planned_once=True)


@lru_cache(maxsize=256)
def _read(routes: int) -> Written[tuple[int, int]]:
    """The same for those of them that are read."""

    def make(day: date, *ids: int) -> Rows:
        # Asked of the meter that is joined for its route anyway: a sheet inside would be looked up twice.
        stand = Reading.objects.filter(_STANDS, read_on=day, installation__route__in=ids).order_by()
        hung = _hung_on(stand, Value(day, DateField()), "installation__")
        return hung.values_list("installation__route").annotate(n=Count("pk"))

    return Written(make, date, *[int] * routes, planned_once=True)


_DAYS: Written[tuple[int, int]] = Written(
    lambda: ReadingRoute.objects.order_by("reading_day", "months").values_list("reading_day", "months").distinct()
)
_ROUTES: Written[ReadingRoute] = Written(
    lambda length, prefix: within(
        ReadingRoute.objects.select_related("unit").order_by("code"), "unit__path", length, prefix
    ),
    int, str, planned_once=True,
)  # fmt: skip
_REREADS: Written[tuple[int, int]] = Written(
    lambda on, length, prefix: totals(
        within(
            RereadOrder.objects.filter(state__in=("ORDERED", "TAKEN")), f"reading__{UNIT_OF_READING}", length, prefix
        ),
        n=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on)),
    ),
    date, int, str, planned_once=True,
)  # fmt: skip
_HELD: Written[tuple[int]] = Written(
    lambda length, prefix: totals(within(held(""), UNIT_OF_READING, length, prefix), n=Count("pk")),
    int,
    str,
    planned_once=True,
)


def _progress(route: ReadingRoute, day: date, due: int) -> Progress:
    hung = _hung_on(MeterInstallation.objects.filter(route=route), Value(day, DateField()))
    counts = Reading.objects.filter(_STANDS, installation__in=hung, read_on=day).aggregate(
        read=Count("pk"),
        held=Count("pk", filter=Q(state="HELD")),
        estimated=Count("pk", filter=Q(source="ESTIMATE")),
    )
    return Progress(due, **counts)


def _days_used() -> tuple[tuple[int, int], ...]:
    """The reading days and the spans in months that some route has: all that could be had are hundreds, and each stands in
    every part of a query."""
    return tuple(_DAYS())


def _day_of(route: str, month: Month, used: tuple[tuple[int, int], ...]) -> Case:
    """Each route's reading day for the month, by its columns; null where it is not read for it."""
    whens = [
        When(**{f"{route}reading_day": day, f"{route}months": months}, then=Value(found))
        for day, months in used
        if (found := read_on(day, months, month)) is not None
    ]
    return Case(*whens, default=None, output_field=DateField())


def _hung_on(rows: QuerySet[Row], day: Any, meter: str = "") -> QuerySet[Row]:
    """Register meters that are on a sheet of this day: hung before it, and not taken down by it; ``meter`` is the way from
    the rows to the meter."""
    return rows.filter(
        Q((f"{meter}removed_on__isnull", True)) | Q((f"{meter}removed_on__gt", day)),
        **{f"{meter}source": "REGISTER", f"{meter}installed_on__lt": day},
    )


def _count(rows: QuerySet[Any], by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n"))


def _facts(route: ReadingRoute, day: date | None) -> RouteFacts:
    return RouteFacts(route.code, route.name, route.unit.code, route.unit.name, route.reading_day, route.months, day)


def _with_all(rows: QuerySet[MeterInstallation]) -> QuerySet[MeterInstallation]:
    return rows.select_related("meter", "usage_point__account__unit")


def _rows(
    chosen: list[MeterInstallation], day: date, limits: EntryLimits, places: dict[int, int]
) -> tuple[SheetRow, ...]:
    readings: dict[int, list[Reading]] = defaultdict(list)
    ids = [row.pk for row in chosen]
    recent = Reading.objects.filter(_STANDS, installation__in=ids, read_on__gte=day - HISTORY)
    for reading in recent:
        readings[reading.installation_id].append(reading)
    bare = [pk for pk in ids if not any(r.state == "ACCEPTED" and r.read_on != day for r in readings[pk])]
    if bare:
        for reading in Reading.objects.filter(_STANDS, installation__in=bare, read_on__lt=day - HISTORY):
            readings[reading.installation_id].append(reading)
    return tuple(_row(row, readings[row.pk], day, limits, places[row.pk]) for row in chosen)


def _row(row: MeterInstallation, known: list[Reading], day: date, limits: EntryLimits, place: int) -> SheetRow:
    modulus = judging.modulus_of(row.meter.digits)
    last = judging.accepted_before(known, day, modulus)
    standing = next((reading for reading in known if reading.read_on == day), None)
    usual, most = judging.expected(last, day), judging.most(last, day, row.multiplier, limits)
    energy = None
    if standing is not None and last is not None and last.read_on < day and row.multiplier is not None:
        energy = (standing.total_ckwh - last.registers.total_ckwh) % modulus * row.multiplier
    account = row.usage_point.account
    return SheetRow(
        installation_id=row.pk,
        place=place,
        usage_point=row.usage_point.code,
        account_number=account.account_number,
        account_name=account.name,
        address=account.address,
        asset_number=row.meter.asset_number,
        digits=row.meter.digits,
        multiplier=row.multiplier,
        registers=registers_shown(last, standing),
        previous_on=None if last is None else last.read_on,
        previous=None if last is None else last.registers,
        expected_ckwh=None if usual is None or last is None else (last.registers.total_ckwh + usual) % modulus,
        most_ckwh=None if most is None or last is None else (last.registers.total_ckwh + most) % modulus,
        reading=None if standing is None else _standing(standing),
        energy_ckwh=energy,
    )


def registers_shown(last: judging.Last | None, standing: Reading | None) -> tuple[str, ...]:
    """The registers that a meter has: those of its last reading, or of the one that stands; the total always."""
    names = [name for name in (*REGISTERS, "demand_e4") if name != "total_ckwh"]
    known = [name for name in names if last is not None and getattr(last.registers, name) is not None]
    known += [name for name in names if standing is not None and getattr(standing, name) is not None]
    return ("total_ckwh", *[name for name in names if name in known])


def _standing(row: Reading) -> SheetReading:
    registers = Registers(**{name: getattr(row, name) for name in Registers.__dataclass_fields__})
    return SheetReading(row.pk, registers, row.state, row.hold_reason, row.source, row.actor, row.supersedes)
