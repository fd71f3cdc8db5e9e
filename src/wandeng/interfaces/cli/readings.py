"""``wandeng readings``: held readings, estimates, corrections, meter exchanges."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.types import HOLD_REASONS_ZH, HeldReading, Registers
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_scaled, parse_scaled

app = typer.Typer(no_args_is_help=True, help="Readings (抄表): held ones, estimates, corrections, meter exchange.")

_READING_ID = Annotated[int, typer.Argument(help="Reading id, as 'held' or 'show' lists it.")]
_SHOWN = {
    "reading_id": "编号 id",
    "read_on": "日期 day",
    "asset_number": "表号 meter",
    "total_ckwh": "总示数 total, 0.01 kWh",
    "source": "来源 source",
    "state": "状态 state",
    "hold_reason": "原因 reason",
    "supersedes": "更正 supersedes",
}
_OPTIONAL = ("sharp", "peak", "valley", "deep", "reactive", "reactive-export", "export")


class EstimateBy(StrEnum):
    """How to estimate."""

    AVERAGE = "average"
    LAST_YEAR = "last_year"


@app.command()
def held(
    reason: Annotated[str, typer.Option("--reason", "-r", help="Only this reason, e.g. JUMP.")] = "",
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 200,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List readings that wait for a person (待审示数)."""
    rows = queries.held_readings(terminal.scope(terminal.acting(as_person), unit), reason=reason, limit=limit)
    if as_json:
        terminal.show_json(rows)
        return
    console = Console()
    if not rows:
        console.print("no readings are held", style="dim")
        return
    headings = ("编号 id", "户号 account", "表号 meter", "日期 day", "示数 kWh", "上次 before", "倍率 ×", "原因 reason")
    table = Table(*headings, title=f"待审示数 held ({len(rows)})", title_justify="left")
    for row in rows:
        table.add_row(*[Text(cell) for cell in _held_cells(row)])
    console.print(table)


@app.command()
def show(
    usage_point: Annotated[str, typer.Argument(help="Usage point (计量点).")],
    limit: terminal.Limit = 100,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List the readings of a usage point, newest first."""
    rows = queries.readings_of(terminal.scope(terminal.acting(as_person), ""), usage_point=usage_point, limit=limit)
    empty = f"no readings of {usage_point}"
    terminal.show_list(rows, _SHOWN, title=f"示数 {usage_point}", empty=empty, as_json=as_json)


@app.command()
def release(
    reading_id: _READING_ID,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Accept a held reading (放行)."""
    actions.release_reading(reading_id=reading_id, actor=terminal.acting(as_person), at=terminal.now(), reason=reason)
    terminal.done(f"reading {reading_id} is accepted", {"reading": reading_id, "state": "ACCEPTED"}, as_json=as_json)


@app.command()
def refuse(
    reading_id: _READING_ID,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Refuse a held reading (退回)."""
    actions.refuse_reading(reading_id=reading_id, actor=terminal.acting(as_person), at=terminal.now(), reason=reason)
    terminal.done(f"reading {reading_id} is refused", {"reading": reading_id, "state": "REFUSED"}, as_json=as_json)


@app.command()
def estimate(
    on: Annotated[str, typer.Option("--on", help="The day whose readings are missing.")],
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="Unit (单位).")],
    by: Annotated[
        EstimateBy, typer.Option("--by", help="Average of the last months, or last year.")
    ] = EstimateBy.AVERAGE,
    months: Annotated[int, typer.Option("--months", help="Months of the average.")] = 3,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Estimate missing readings (估抄), marked as estimates."""
    actor = terminal.acting(as_person)
    made = actions.estimate_missing(
        unit_path=terminal.scope(actor, unit).prefix,
        read_on=terminal.day(on),
        method="average" if by is EstimateBy.AVERAGE else "last_year",
        months=months,
        actor=actor,
        at=terminal.now(),
    ).to_pylist()
    without = sum(row["total_ckwh"] is None for row in made)
    if as_json:
        terminal.show_json(made)
        return
    console = Console()
    if not made:
        console.print(f"no reading of {on} is missing", style="dim")
        return
    console.print(f"{len(made) - without} estimated, {without} without a history to estimate from")
    often = [row for row in made if row["total_ckwh"] is not None and row["consecutive"] > 1]
    if often:
        console.print(f"{len(often)} of them not for the first time in a row: read those meters")


@app.command("estimate-instead")
def estimate_instead(
    reading_id: _READING_ID,
    by: Annotated[
        EstimateBy, typer.Option("--by", help="Average of the last months, or last year.")
    ] = EstimateBy.AVERAGE,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Refuse a held reading and estimate its day (退回并估抄)."""
    (made,) = actions.estimate_instead(
        reading_id=reading_id,
        method="average" if by is EstimateBy.AVERAGE else "last_year",
        actor=terminal.acting(as_person),
        at=terminal.now(),
        reason=reason,
    ).to_pylist()
    shown = format_scaled(made["total_ckwh"], 2)
    terminal.done(f"reading {reading_id} is refused, {shown} kWh estimated", made, as_json=as_json)


@app.command()
def correct(
    reading_id: _READING_ID,
    total: Annotated[str, typer.Option("--total", help="Total (总示数), kWh. What is not given stays.")] = "",
    sharp: Annotated[str, typer.Option(help="尖, kWh.")] = "",
    peak: Annotated[str, typer.Option(help="峰, kWh.")] = "",
    valley: Annotated[str, typer.Option(help="谷, kWh.")] = "",
    deep: Annotated[str, typer.Option(help="深谷, kWh.")] = "",
    reactive: Annotated[str, typer.Option(help="无功, kvarh.")] = "",
    export: Annotated[str, typer.Option(help="上网, kWh.")] = "",
    demand: Annotated[str, typer.Option(help="最大需量, kW before the multiplier.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Put a true reading in the place of one that stands (更正); the old one stays on record."""
    actor = terminal.acting(as_person)
    given = {
        "total_ckwh": _register(total, "total"),
        "sharp_ckwh": _register(sharp, "sharp"),
        "peak_ckwh": _register(peak, "peak"),
        "valley_ckwh": _register(valley, "valley"),
        "deep_ckwh": _register(deep, "deep"),
        "reactive_ckvarh": _register(reactive, "reactive"),
        "export_ckwh": _register(export, "export"),
        "demand_e4": _register(demand, "demand", scale=4),
    }
    stands = queries.registers_of(terminal.scope(actor, ""), reading_id=reading_id)
    values = replace(stands, **{name: value for name, value in given.items() if value is not None})
    new = actions.correct_reading(
        reading_id=reading_id, registers=values, actor=actor, at=terminal.now(), reason=reason
    )
    terminal.done(f"reading {new} stands in the place of {reading_id}", {"reading": new}, as_json=as_json)


@app.command()
def exchange(
    usage_point: Annotated[str, typer.Argument(help="Usage point (计量点).")],
    new_meter: Annotated[str, typer.Argument(help="Asset number (资产编号) of a meter in stock.")],
    removed: Annotated[str, typer.Option("--removed", help="Last readings: total[,peak=…,valley=…], kWh.")],
    start: Annotated[str, typer.Option("--start", help="First readings of the new meter, likewise.")] = "0",
    multiplier: Annotated[int, typer.Option("--multiplier", help="CT × PT (倍率) of the new meter.")] = 1,
    on: Annotated[str, typer.Option("--on", help="Day of the exchange; default: today.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Exchange a meter (换表): the old one's last reading, the new one's first."""
    day = terminal.day(on) if on else terminal.today()
    installation = actions.exchange_meter(
        usage_point=usage_point,
        removed_reading=_registers(removed),
        new_meter=new_meter,
        new_multiplier=multiplier,
        start_reading=_registers(start),
        on=day,
        actor=terminal.acting(as_person),
        at=terminal.now(),
        reason=reason,
    )
    terminal.done(f"{new_meter} hangs at {usage_point} from {day}", {"installation": installation}, as_json=as_json)


def _held_cells(row: HeldReading) -> list[str]:
    before = "" if row.previous_ckwh is None else f"{format_scaled(row.previous_ckwh, 2)} ({row.previous_on})"
    return [
        str(row.reading_id),
        row.account_number,
        row.asset_number,
        str(row.read_on),
        format_scaled(row.total_ckwh, 2),
        before,
        "" if row.multiplier is None else str(row.multiplier),
        f"{HOLD_REASONS_ZH.get(row.reason, '')} {row.reason}",
    ]


def _register(text: str, name: str, *, scale: int = 2) -> int | None:
    return parse_scaled(text, scale, what=name) if text else None


def _registers(text: str) -> Registers:
    """``1234.5,peak=400,valley=300``: the total first, then the others by name.

    Raises :class:`InvalidInput`.
    """
    total, *others = text.split(",")
    values: dict[str, int] = {}
    for part in others:
        name, equals, value = part.strip().partition("=")
        if name == "demand" and equals:
            values["demand_e4"] = parse_scaled(value, 4, what=name)
        elif name in _OPTIONAL and equals:
            unit = "ckvarh" if name.startswith("reactive") else "ckwh"
            values[f"{name.replace('-', '_')}_{unit}"] = parse_scaled(value, 2, what=name)
        else:
            raise InvalidInput(f"'{part}': expected one of {', '.join(_OPTIONAL)}, demand, each as name=value")
    return Registers(parse_scaled(total, 2, what="total"), **values)
