"""Sheets as they are stored: under their lock, and their devices by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wandeng.domains.network import queries as network
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.switching.models import SwitchingSheet, SwitchingStep
from wandeng.domains.switching.types import OF_TRANSFORMERS, SWITCHED, SheetRequest, StepAction
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound

LIVING = ("ISSUED", "EXECUTING", "DONE")
"""States in which a sheet says how its outage runs."""
LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Written:
    """The steps of a request with their devices by id, and the feeder of the first."""

    devices: tuple[tuple[int | None, int | None], ...]
    feeder_id: int | None


def locked(actor: Actor, number: str) -> SwitchingSheet:
    """A sheet under its lock. Raises :class:`NotFound`, also outside the actor's scope."""
    rows = SwitchingSheet.objects.select_for_update(of=("self",)).select_related("unit", "feeder")
    return Scope.of(actor).one(rows, "unit__path", "switching sheet", number=number)


def written(request: SheetRequest, unit: UnitNode) -> Written:
    """Devices of the steps within the sheet's unit. Raises :class:`InvalidInput` naming the step, :class:`NotFound`."""
    inside = Scope(unit.path)
    steps = request.steps
    switches = {
        code: (pk, feeder)
        for pk, code, feeder in network.switches_rows(inside)
        .filter(code__in=[one.device for one in steps if one.action in SWITCHED])
        .values_list("pk", "code", "feeder_id")
    }
    rows = network.transformers_rows(inside, on=LONG_AGO).filter(
        code__in=[one.device for one in steps if one.action in OF_TRANSFORMERS]
    )
    transformers = {code: (pk, feeder) for pk, code, feeder in rows.values_list("pk", "code", "feeder_id")}
    found: list[tuple[int | None, int | None]] = []
    feeder: int | None = None
    for place, one in enumerate(steps, start=1):
        if one.action in SWITCHED:
            if one.device not in switches:
                raise NotFound(f"step {place}: there is no switch {one.device}")
            pk, home = switches[one.device]
            found.append((pk, None))
        elif one.action in OF_TRANSFORMERS:
            if one.device not in transformers:
                raise NotFound(f"step {place}: there is no transformer {one.device}")
            pk, home = transformers[one.device]
            found.append((None, pk))
        else:
            if not one.text.strip():
                raise InvalidInput(f"step {place} says where and what")
            found.append((None, None))
            continue
        feeder = feeder or home
    return Written(tuple(found), feeder)


def taken_out(transformers: Sequence[int], *, besides: int = 0) -> frozenset[int]:
    """Those of these transformers that a step took out last (拉开配变) and none put back in. ``besides``: a step that is not asked."""
    rows = SwitchingStep.objects.filter(transformer__in=list(transformers), done_at__isnull=False).exclude(pk=besides)
    last = dict(rows.order_by("done_at", "sheet_id", "place").values_list("transformer_id", "action"))
    return frozenset(one for one, action in last.items() if one is not None and action == StepAction.TAKE_OUT)
