"""What is collected of a month's bills (电费回收率), for a unit and each unit next below it. Money is fen."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.domains.billing.queries import sales
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import Month
from wandeng.kernel.units import E4_PER_ONE


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with all below it: what its bills came to, and what is still open of it."""

    unit_code: str
    unit_name: str
    billed_fen: int
    open_fen: int

    @property
    def share_e4(self) -> int | None:
        """The share collected in 10⁻⁴; ``None`` where nothing was billed."""
        if not self.billed_fen:
            return None
        return divide_half_up((self.billed_fen - self.open_fen) * E4_PER_ONE, self.billed_fen)


@dataclass(frozen=True, slots=True)
class Collection:
    """A month: the whole scope, and the units next below that billed something, what is owed most first."""

    month: Month
    whole: Line
    units: tuple[Line, ...]


def collection(scope: Scope, month: Month) -> Collection:
    """What is collected of a month's posted bills. Raises :class:`NotFound` without a unit in the scope."""
    tree = organization.unit_tree(scope)
    if not tree:
        raise NotFound("there is no unit here")
    top = tree[0]
    rows = sales.owed(scope, unit_path=top.path, months=(month,))

    def line(path: str, code: str, name: str) -> Line:
        inside = [row for row in rows if row.unit_path.startswith(path)]
        return Line(code, name, sum(row.billed_fen for row in inside), sum(row.open_fen for row in inside))

    below = [line(unit.path, unit.code, unit.name) for unit in tree if unit.depth == top.depth + 1]
    billed = sorted((one for one in below if one.billed_fen), key=lambda one: (-one.open_fen, one.unit_code))
    return Collection(month, line(top.path, top.code, top.name), tuple(billed))
