"""The check of a sheet (操作票校核): its steps replayed on the network as it is switched now, each looked at before it is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from wandeng.domains.network.queries import now as network
from wandeng.domains.network.queries import off, replaying
from wandeng.domains.switching import loading
from wandeng.domains.switching.models import SwitchingSheet, SwitchingStep
from wandeng.domains.switching.types import FEEDING, SWITCHED, SheetWarning, StepAction
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE

NAMED = 20
OPEN, CLOSED = "OPEN", "CLOSED"
Found = tuple[int, SheetWarning, dict[str, object]]


def findings(
    row: SwitchingSheet, *, at: datetime, protected: Collection[int], told: Collection[int] | None
) -> tuple[Found, ...]:
    """Place, word and facts of all that speaks against a sheet, in the order of its steps.

    ``protected``: accounts by id that must not be off; ``told``: transformers whose users were told of the outage, ``None`` when
    the sheet serves none.
    """
    day = at.astimezone(BILLING_ZONE).date()
    steps = list(row.steps.select_related("switch", "transformer").order_by("place"))
    switched = [one for one in steps if one.action in SWITCHED]
    moves = [(one.switch_id, one.action == StepAction.OPEN) for one in switched if one.switch_id is not None]
    replayed = dict(zip((one.pk for one in switched), replaying.replay(moves, on=day), strict=True))
    found = [*_devices(steps, replayed), *_grounds(row, steps)]
    dark: dict[int, int] = {}
    for one in steps:
        lost = replayed[one.pk].lost if one.pk in replayed else ()
        if one.action == StepAction.TAKE_OUT and one.transformer_id is not None:
            lost = (one.transformer_id,)
        dark |= {area: one.place for area in lost if area not in dark}
    return tuple(sorted([*found, *_dark(dark, at, protected, told)], key=lambda one: (one[0], one[1])))


def _devices(steps: Sequence[SwitchingStep], replayed: Mapping[int, replaying.Foreseen]) -> list[Found]:
    found: list[Found] = []
    stands: dict[int, str] = {}
    taken = set(loading.taken_out([one.transformer_id for one in steps if one.transformer_id is not None]))
    for one in steps:
        if one.transformer_id is not None:
            if (one.transformer_id in taken) == (one.action == StepAction.TAKE_OUT):
                found.append((one.place, SheetWarning.ALREADY_THERE, _named(one)))
            taken ^= {one.transformer_id}
        if one.pk not in replayed or one.switch is None:
            continue
        sees, opens = replayed[one.pk], one.action == StepAction.OPEN
        if sees.stands:
            found.append((one.place, SheetWarning.ALREADY_THERE, _named(one)))
        elif stands.get(one.switch.pk, one.expected) != one.expected or one.expected == (OPEN if opens else CLOSED):
            found.append((one.place, SheetWarning.EXPECTED_OTHERWISE, _named(one)))
        stands[one.switch.pk] = OPEN if opens else CLOSED
        if one.switch.kind == "DISCONNECTOR" and (sees.lost or sees.regained):
            areas = len(sees.lost) + len(sees.regained)
            found.append((one.place, SheetWarning.UNDER_LOAD, {**_named(one), "areas": areas}))
        if not opens and sees.loops:
            found.append((one.place, SheetWarning.RING_CLOSED, {**_named(one), "feeders": list(sees.loops)}))
        if not opens and sees.parallel:
            feeders = sorted({code for group in sees.parallel for code in group})
            found.append((one.place, SheetWarning.PARALLEL_SOURCES, {**_named(one), "feeders": feeders}))
    return found


def _grounds(row: SwitchingSheet, steps: Sequence[SwitchingStep]) -> list[Found]:
    """Supply is never closed onto a ground that is still set, by this sheet or an earlier one of the same outage."""
    grounds: list[str] = []
    if row.outage:
        earlier = SwitchingStep.objects.filter(sheet__outage=row.outage, done_at__isnull=False).exclude(sheet=row)
        marked = earlier.filter(action__in=[StepAction.GROUND, StepAction.UNGROUND]).order_by("done_at", "place")
        for action, text in marked.values_list("action", "text"):
            _ground(grounds, action, text)
    found: list[Found] = []
    for one in steps:
        _ground(grounds, one.action, one.text)
        if one.action in FEEDING and grounds:
            found.append((one.place, SheetWarning.ONTO_GROUND, {**_named(one), "grounds": sorted(grounds)}))
    return found


def _ground(grounds: list[str], action: str, text: str) -> None:
    if action == StepAction.GROUND:
        grounds.append(text)
    elif action == StepAction.UNGROUND and text in grounds:
        grounds.remove(text)


def _dark(
    dark: Mapping[int, int], at: datetime, protected: Collection[int], told: Collection[int] | None
) -> list[Found]:
    if not dark:
        return []
    day = at.astimezone(BILLING_ZONE).date()
    found: list[Found] = []
    users = off.important_users(Scope.everywhere(), list(dark), protected=protected, on=day)
    if users:
        place = min(dark[area] for one in users for area in one.transformers if area in dark)
        names = [f"{one.account_name}（{one.account_number}）" for one in users[:NAMED]]
        found.append((place, SheetWarning.PROTECTED_DARK, {"users": names, "count": len(users)}))
    beyond = sorted(set(dark) - set(told)) if told is not None else []
    if beyond:
        names = sorted(network.area_names(beyond[:NAMED]).values())
        facts: dict[str, object] = {"areas": names, "count": len(beyond)}
        found.append((min(dark[area] for area in beyond), SheetWarning.BEYOND_PLAN, facts))
    return found


def _named(one: SwitchingStep) -> dict[str, object]:
    device = one.switch or one.transformer
    return {"device": device.name, "code": device.code} if device is not None else {}
