"""Odd areas are followed up: opened when they were odd for days, taken, explained, finished."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from wandeng.domains.losses import rules, states
from wandeng.domains.losses.frames import odd
from wandeng.domains.losses.models import LossWork
from wandeng.domains.losses.types import LOOKERS, LossCause
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput


def open_due(*, unit_code: str, on: date, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> int:
    """Open the follow-up of every area of the unit that was high or negative on so many of the last days up to ``on``, as the
    rule says, and has none open. Returns how many. Raises :class:`NotFound`, :class:`NotAllowed`, ``NoRuleInForce``."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *LOOKERS, unit_path=unit.path)
    rule = rules.line_loss(on, library=library).follow_up
    with ColumnStore() as store:
        days = odd.days(
            store, unit_path=unit.path, from_on=on - timedelta(days=rule.of_days - 1), to_on=on + timedelta(days=1)
        )
    found = odd.odd_areas(days, least=rule.days).to_dicts()
    with transaction.atomic():
        has = set(LossWork.objects.exclude(state="DONE").values_list("transformer_id", flat=True))
        wanted = [one for one in found if one["transformer_id"] not in has]
        if not wanted:
            return 0
        first = ids.reserve(LossWork, len(wanted))
        made = [
            LossWork(
                id=first + place, transformer_id=one["transformer_id"], kind=one["kind"], opened_on=on,
                odd_days=one["odd_days"], rate_e4=one["rate_e4"], opened_at=at,
            )
            for place, one in enumerate(wanted)
        ]  # fmt: skip
        LossWork.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def take(*, work_id: int, actor: Actor, at: datetime) -> None:
    """Somebody looks at an area. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`MoveRefused`."""
    row = _locked(work_id, actor)
    move(row, states.WORK, "take", actor=actor, at=at, taken_by=actor.code)


@transaction.atomic
def find_cause(*, work_id: int, cause: LossCause, finding: str, actor: Actor, at: datetime) -> None:
    """What the loss came from. Raises as :func:`take`, :class:`InvalidInput` without a word about it."""
    row = _locked(work_id, actor)
    if not finding.strip():
        raise InvalidInput("say what was found")
    text = audit.without_numbers(finding.strip())[:500]
    move(row, states.WORK, "find", actor=actor, at=at, reason=text, cause=cause.value, finding=text)


@transaction.atomic
def finish(*, work_id: int, actor: Actor, at: datetime) -> None:
    """The cause is mended. Raises as :func:`take`."""
    row = _locked(work_id, actor)
    move(row, states.WORK, "finish", actor=actor, at=at, done_at=at)


@transaction.atomic
def look_again(*, work_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """The cause was another. Raises as :func:`take`, :class:`InvalidInput` without a reason."""
    row = _locked(work_id, actor)
    if not reason.strip():
        raise InvalidInput("say why it is looked at again")
    move(row, states.WORK, "look_again", actor=actor, at=at, reason=reason.strip()[:500])


def _locked(work_id: int, actor: Actor) -> LossWork:
    rows = LossWork.objects.select_for_update(of=("self",)).select_related("transformer__unit")
    row = Scope.of(actor).one(rows, "transformer__unit__path", "followed-up area", pk=work_id)
    require(actor, *LOOKERS, unit_path=row.transformer.unit.path)
    return row
