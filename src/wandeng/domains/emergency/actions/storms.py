"""Storm mode on and off: one switch."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.cases.actions import storms as cases
from wandeng.domains.emergency import rules
from wandeng.domains.emergency.models import StormMode
from wandeng.domains.emergency.states import STORM
from wandeng.domains.emergency.types import NoStorm, StormRuns
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

SWITCHING = ("DISPATCHER", "COUNTY_MANAGER")
MOST = 500


@transaction.atomic
def begin(
    *, unit_code: str, reason: str, announcement: str = "", window_minutes: int = 0, transformer_cases: int = 0,
    feeder_transformers: int = 0, actor: Actor, at: datetime, library: RuleLibrary,
) -> int:  # fmt: skip
    """Switch storm mode on in a unit and all below it: calls are grouped by the given thresholds, the telephone says the
    announcement. What is not given is the dated rule's. Returns its id.

    Raises :class:`StormRuns` where one stands, :class:`InvalidInput` without a reason, :class:`NotFound`, :class:`NotAllowed`.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *SWITCHING, unit_path=unit.path)
    if not reason.strip() or max(len(reason), len(announcement)) > MOST:
        raise InvalidInput("say in a few words why storm mode is switched on")
    if any(unit.path.startswith(path) for path in _standing()):
        raise StormRuns(f"storm mode is on in unit {unit_code} or above", unit=unit_code)
    usual = rules.emergency(at, library=library).storm
    row = StormMode.objects.create(
        id=ids.reserve(StormMode, 1), unit_id=unit.unit_id, reason=audit.without_numbers(reason.strip()),
        announcement=announcement.strip() or usual.announcement_zh, window_minutes=window_minutes or usual.window_minutes,
        transformer_cases=transformer_cases or usual.transformer_cases,
        feeder_transformers=feeder_transformers or usual.feeder_transformers, started_at=at, started_by=actor.code,
    )  # fmt: skip
    cases.tighten(
        unit_code=unit_code, window_minutes=row.window_minutes, transformer_cases=row.transformer_cases,
        feeder_transformers=row.feeder_transformers, actor=actor, at=at,
    )  # fmt: skip
    facts = {"transformer_cases": row.transformer_cases, "feeder_transformers": row.feeder_transformers}
    audit.record(
        actor=actor, action="storm.begin", subject=row, facts=facts, at=at, reason=row.reason, unit_path=unit.path
    )  # fmt: skip
    return row.pk


@transaction.atomic
def end(*, unit_code: str, reason: str, actor: Actor, at: datetime) -> int:
    """Switch storm mode off: calls are grouped as always, the telephone says nothing first. Returns its id.

    Raises :class:`NoStorm`, :class:`InvalidInput` without a reason, :class:`NotFound`, :class:`NotAllowed`.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *SWITCHING, unit_path=unit.path)
    if not reason.strip() or len(reason) > MOST:
        raise InvalidInput("say in a few words why storm mode is switched off")
    row = StormMode.objects.filter(unit_id=unit.unit_id, state="ON").first()
    if row is None:
        raise NoStorm(f"storm mode is not on in unit {unit_code}", unit=unit_code)
    move(row, STORM, "end", actor=actor, at=at, reason=reason, ended_at=at, ended_by=actor.code,
         end_reason=audit.without_numbers(reason.strip()))  # fmt: skip
    cases.loosen(unit_code=unit_code, actor=actor, at=at)
    audit.record(
        actor=actor, action="storm.end", subject=row, facts={}, at=at, reason=reason, unit_path=unit.path
    )  # fmt: skip
    return row.pk


@transaction.atomic
def announce(*, unit_code: str, announcement: str, actor: Actor, at: datetime) -> int:
    """Say something else on the telephone while the storm lasts. Raises :class:`NoStorm`, :class:`InvalidInput` without words."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *SWITCHING, unit_path=unit.path)
    if not announcement.strip() or len(announcement) > MOST:
        raise InvalidInput("an announcement has words, 500 at most")
    row = StormMode.objects.filter(unit_id=unit.unit_id, state="ON").first()
    if row is None:
        raise NoStorm(f"storm mode is not on in unit {unit_code}", unit=unit_code)
    StormMode.objects.filter(pk=row.pk).update(announcement=announcement.strip())
    audit.record(
        actor=actor, action="storm.announce", subject=row, facts={"announcement": announcement.strip()}, at=at,
        unit_path=unit.path,
    )  # fmt: skip
    return row.pk


def _standing() -> list[str]:
    return list(StormMode.objects.filter(state="ON").values_list("unit__path", flat=True))
