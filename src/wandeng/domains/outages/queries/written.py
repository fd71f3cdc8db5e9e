"""Isolation points and works as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from wandeng.domains.outages.types import Isolation, IsolationKind, PlanRequest, PlanView, Work, WorkKind
from wandeng.domains.reliability.queries import moment
from wandeng.kernel.errors import InvalidInput

__all__ = ["isolation_written", "moment", "request_of", "works_written", "written"]
_BETWEEN = re.compile(r"[\s,，、;；]+")
KINDS = {
    "GRID": WorkKind.GRID, "电网": WorkKind.GRID,
    "CUSTOMER": WorkKind.CUSTOMER, "用户": WorkKind.CUSTOMER,
    "OTHER_LEVEL": WorkKind.OTHER_LEVEL, "上级": WorkKind.OTHER_LEVEL,
}  # fmt: skip


def isolation_written(*, opened: str = "", closed: str = "", out: str = "") -> tuple[Isolation, ...]:
    """Isolation points from codes with blanks, commas or line ends between."""
    told = ((IsolationKind.OPEN, opened), (IsolationKind.CLOSE, closed), (IsolationKind.OUT, out))
    return tuple(Isolation(kind, code) for kind, text in told for code in _BETWEEN.split(text.strip()) if code)


def works_written(lines: Sequence[str]) -> tuple[Work, ...]:
    """Works, a line each: ``unit, description, crew, kind, account``; the last three may be left out. Raises :class:`InvalidInput`."""
    works = []
    for line in lines:
        if not line.strip():
            continue
        unit, description, crew, kind, account, *more = [
            *(cell.strip() for cell in re.split("[,，]", line)),
            *[""] * 5,
        ][:6]
        if more != [""] or not unit or not description:
            raise InvalidInput(
                "a work is written: unit, description, crew, kind, account; the last three may be left out"
            )
        if kind and kind.upper() not in KINDS:
            raise InvalidInput(f"there is no kind of work {kind}: GRID, CUSTOMER or OTHER_LEVEL")
        works.append(Work(KINDS[kind.upper()] if kind else WorkKind.GRID, unit, description, crew, account))
    return tuple(works)


def written(works: Sequence[Work]) -> str:
    """The lines that :func:`works_written` reads."""
    return "\n".join(
        ", ".join([one.unit, one.description, one.crew_code, str(one.kind), one.account_number]).rstrip(", ")
        for one in works
    )  # fmt: skip


def request_of(found: PlanView) -> PlanRequest:
    """The request that would make the version that stands again: what a change begins with."""
    one = found.standing
    return PlanRequest(
        unit_code=found.unit_code, title=found.title, reason=found.reason, starts_at=one.starts_at, ends_at=one.ends_at,
        isolation=tuple(Isolation(point.kind, point.code) for point in one.isolation),
        works=tuple(
            Work(work.kind, work.unit, work.description, work.crew_code, work.account_number, work.live_line)
            for work in one.works
        ),
        category=found.category, place=one.place, live_line=one.live_line,
    )  # fmt: skip
