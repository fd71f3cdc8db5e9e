"""Leads are made from quarter hours, sent to a case, and answered by what was found on site."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from wandeng.domains.losses import evidence, rules, states
from wandeng.domains.losses.models import LossLead
from wandeng.domains.losses.types import LEAD_READERS, Answer, LeadMirrored
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor

_VERBS = {
    Answer.CONFIRMED: "confirm",
    Answer.WIRING: "wiring",
    Answer.RELATION: "relation",
    Answer.NOTHING_FOUND: "nothing",
}


def make_leads(
    *, unit_code: str, from_on: date, to_on: date, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> list[int]:
    """Make leads from the days ``from_on`` ≤ day < ``to_on`` of the unit's areas that were high, as the rule says. A lead that nobody
    has opened a case on takes the newest evidence; one in a case stays as it was opened. Returns the ids, new and renewed.

    Raises :class:`NotFound`, :class:`NotAllowed`, ``NoRuleInForce``.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *LEAD_READERS, unit_path=unit.path)
    rule = rules.line_loss(to_on - timedelta(days=1), library=library)
    found = evidence.gather(unit_path=unit.path, from_on=from_on, to_on=to_on, rule=rule)
    with transaction.atomic():
        return _keep(found, from_on, to_on, at)


def _keep(found: Sequence[evidence.Found], from_on: date, to_on: date, at: datetime) -> list[int]:
    points = [one.usage_point_id for one in found]
    rows = LossLead.objects.select_for_update().filter(usage_point_id__in=points, state__in=["NEW", "IN_CASE"])
    open_ones = {row.usage_point_id: row for row in rows}
    kept = []
    for one in found:
        row = open_ones.get(one.usage_point_id)
        if row is not None and row.state != "NEW":
            continue
        values = {
            "transformer_id": one.transformer_id, "usage_point_id": one.usage_point_id, "account_id": one.account_id,
            "from_on": from_on, "to_on": to_on, "rank": one.rank, "tests": ",".join(one.tests), "made_at": at,
            "evidence": json.dumps(one.evidence, ensure_ascii=False, sort_keys=True), **one.figures,
        }  # fmt: skip
        if row is None:
            row = LossLead.objects.create(id=ids.reserve(LossLead, 1), **values)
        else:
            LossLead.objects.filter(pk=row.pk, state="NEW").update(**values)
        kept.append(row.pk)
    return kept


@transaction.atomic
def sent_to_case(*, lead_id: int, case_number: str, actor: Actor, at: datetime, despite: bool = False) -> None:
    """A case was opened on a lead. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`MoveRefused`, :class:`LeadMirrored` where a
    neighbour mirrors the loss, unless somebody says ``despite``."""
    row = _locked(actor, pk=lead_id)
    require_not_mirrored(row.tests.split(","), despite=despite)
    move(row, states.LEAD, "open_case", actor=actor, at=at, case_number=case_number)
    _told("lead.case", row, {"case": case_number}, actor, at, "")


def require_not_mirrored(tests: Sequence[str], *, despite: bool) -> None:
    """Refuse to go on with a lead whose area mirrors a neighbour."""
    if evidence.MIRRORED in tests and not despite:
        raise LeadMirrored(
            "a neighbouring area mirrors this loss: look at the relation of customers and transformers first"
        )


@transaction.atomic
def answer(*, case_number: str, found: Answer, note: str, actor: Actor, at: datetime) -> int:
    """What was found on site, told by the lead's case. Returns the lead. Raises :class:`NotFound`, :class:`NotAllowed`,
    :class:`MoveRefused`."""
    row = _locked(actor, case_number=case_number)
    text = audit.without_numbers(note.strip())[:500]
    move(
        row, states.LEAD, _VERBS[found], actor=actor, at=at, reason=text, note=text, answered_at=at,
        answered_by=actor.code,
    )  # fmt: skip
    _told("lead.answer", row, {"case": case_number, "found": found.value}, actor, at, text)
    return row.pk


def _locked(actor: Actor, **by: object) -> LossLead:
    rows = LossLead.objects.select_for_update(of=("self",)).select_related("transformer__unit")
    row = Scope.of(actor).one(rows, "transformer__unit__path", "lead", **by)
    require(actor, *LEAD_READERS, unit_path=row.transformer.unit.path)
    return row


def _told(action: str, row: LossLead, facts: dict[str, object], actor: Actor, at: datetime, reason: str) -> None:
    """Into the log without whom it names."""
    audit.record(
        actor=actor, action=action, subject=row, facts={"area": row.transformer.code, **facts}, at=at, reason=reason,
        unit_path=row.transformer.unit.path,
    )  # fmt: skip
