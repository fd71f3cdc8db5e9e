"""Steps as people write them, a line each: ``T1, 2026-03-05 08:00, 2026-03-05 11:30``; the first is the code of a transformer or
of a usage point, the last may be left out while supply is still off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from wandeng.domains.network import queries as network
from wandeng.domains.reliability.queries.shown import interruption
from wandeng.domains.reliability.types import Step, StepShown
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

_DAY = date(2000, 1, 1)
"""The rows of transformers are asked for a day's customers; nothing here looks at them."""


def steps_written(lines: Sequence[str]) -> tuple[Step, ...]:
    """The steps of these lines, empty ones left out. Raises :class:`InvalidInput`, :class:`NotFound` for a code."""
    cells = [[cell.strip() for cell in line.replace("，", ",").split(",")] for line in lines if line.strip()]
    for found in cells:
        if len(found) not in (2, 3):
            raise InvalidInput("a step is written: code, off, on")
    codes = {found[0] for found in cells}
    areas = network.transformers_rows(Scope.everywhere(), on=_DAY).filter(code__in=codes)
    transformers = dict(areas.values_list("code", "pk"))
    points = dict(network.points_rows(Scope.everywhere()).filter(code__in=codes).values_list("code", "pk"))
    told = []
    for code, off_at, *rest in cells:
        on_at = moment(rest[0]) if rest and rest[0] else None
        if code in transformers:
            told.append(Step(moment(off_at), on_at, transformers=(transformers[code],)))
        elif code in points:
            told.append(Step(moment(off_at), on_at, usage_points=(points[code],)))
        else:
            raise NotFound(f"there is no transformer or usage point {code}")
    return tuple(told)


def written(steps: Sequence[StepShown]) -> str:
    """The lines that :func:`steps_written` reads."""
    return "\n".join(
        ", ".join(
            [
                step.usage_point_code or step.transformer_code,
                _text(step.off_at),
                "" if step.on_at is None else _text(step.on_at),
            ]
        ).rstrip(", ")
        for step in steps
    )


def still_off(scope: Scope, number: str, codes: Sequence[str]) -> tuple[int, ...] | None:
    """Transformers of an interruption by their codes; ``None``, which means all of them, where none is named.

    Raises :class:`NotFound` for an interruption, or a code that is not off under it.
    """
    found = interruption(scope, number)
    if not codes:
        return None
    known = {one.transformer_code: one.transformer_id for one in found.steps if one.on_at is None}
    if unknown := sorted(set(codes) - known.keys()):
        raise NotFound(f"{unknown[0]} is not off under {number}")
    return tuple(known[code] for code in codes)


def _text(at: datetime) -> str:
    return at.astimezone(BILLING_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def moment(text: str) -> datetime:
    """A time as people write it, local where it names no zone. Raises :class:`InvalidInput`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"a time is written YYYY-MM-DD HH:MM, not '{text}'") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=BILLING_ZONE)
