"""Bringing the cases of an incident to where it stands: dispatched, accepted, arrived, restored, with the same proofs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from wandeng.domains.cases import following, log, news
from wandeng.domains.cases.actions import work
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import Case, CasePaper, CrewJob, IncidentCase, RepairIncident
from wandeng.domains.cases.types import Place, Proof
from wandeng.infra import events
from wandeng.infra.effective.topics.repairs import Repairs
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.periods import BILLING_ZONE


def order(rule: Repairs) -> tuple[str, ...]:
    """The steps an incident goes through."""
    return rule.steps.dispatch, rule.steps.accept, rule.steps.arrive, rule.steps.restore


def done_until(row: Case, rule: Repairs) -> str:
    """The last step of a repair that was done for a case; empty for none."""
    steps = order(rule)
    place = steps.index(row.step) if row.step in steps else 0
    return steps[place - 1] if place else ""


def advance(
    numbers: Sequence[str], step: str, rule: Repairs, charter: Charter, *, actor: Actor, at: datetime,
    answers: Mapping[str, str], proofs: Sequence[Proof] = (), handler: str = "", result: str = "", note: str = "",
) -> int:  # fmt: skip
    """Finish one step of those cases that stand at it; returns of how many. The caller holds their locks."""
    steps, moved = order(rule), 0
    for row in Case.objects.filter(number__in=list(numbers), state="OPEN", step=step).order_by("pk"):
        ours = dict(answers) if steps.index(step) >= steps.index(rule.steps.arrive) else {}
        work.finish(
            number=row.number, step=step, actor=actor, at=at, charter=charter, answers=ours, proofs=proofs,
            handler=handler, result=result, note=note, quiet=True,
        )  # fmt: skip
        moved += 1
    return moved


def tell_expected(
    row: Case, rule: Repairs, expected: datetime, charter: Charter, *, actor: Actor, at: datetime
) -> None:
    """Write when supply is expected back on a case, as its caller is told; once for each time."""
    text = expected.astimezone(BILLING_ZONE).isoformat(timespec="minutes")
    if json.loads(row.form).get(rule.steps.expected) == text:
        return
    body = charter.body_of(row)
    work.fill_in(row, body, {rule.steps.expected: text})
    told = news.of(row, body, {rule.steps.expected: text}, [rule.steps.expected])
    if told:
        events.publish(told, at=at)
    written = log.Log.of(row)
    written.add("FILLED", at=at, noted_at=at, actor=actor, what=row.step, facts={"fields": [rule.steps.expected]})
    written.keep()


def catch_up(
    incident: RepairIncident, numbers: Sequence[str], rule: Repairs, charter: Charter, *, at: datetime
) -> None:  # fmt: skip
    """Bring cases to where the incident stands: when supply is expected, the steps that were done, the crew's leader. What
    proved a step at one case proves it at these."""
    rows = Case.objects.select_related("unit", "account", "transformer").filter(number__in=list(numbers), state="OPEN")
    job = CrewJob.objects.filter(incident=incident, ended_at__isnull=True).select_related("crew").first()
    steps = order(rule)
    ahead = steps[: steps.index(incident.step) + 1] if incident.step else ()
    for row in rows.order_by("pk"):
        if incident.expected_at:
            tell_expected(row, rule, incident.expected_at, charter, actor=SYSTEM, at=at)
        for step in ahead:
            proofs = _proofs_of(incident, step) if step == rule.steps.arrive else ()
            advance(
                [row.number], step, rule, charter, actor=SYSTEM, at=at, answers={}, proofs=proofs,
                handler=job.crew.leader if job else "", note=incident.number,
            )  # fmt: skip


def take_over(
    made: RepairIncident, cases: Sequence[Case], narrower: Sequence[RepairIncident], rule: Repairs, charter: Charter, *,
    at: datetime,
) -> None:  # fmt: skip
    """One incident has one crew: of those sent to its cases and to the incidents it takes in, the one that is furthest; with
    it goes when supply is expected back. The jobs of the others are taken back."""
    steps = order(rule)
    jobs = list(CrewJob.objects.filter(incident__in=narrower, ended_at__isnull=True).select_related("incident"))
    jobs += CrewJob.objects.filter(case__in=cases, ended_at__isnull=True).select_related("case")
    reached = {}
    for job in jobs:
        done = job.incident.step if job.incident else done_until(job.case, rule) if job.case else ""
        reached[job.pk] = (steps.index(done) if done else -1, -job.pk)
    jobs.sort(key=lambda job: reached[job.pk], reverse=True)
    for job in jobs[1:]:
        following.end_job(job, "TAKEN_BACK", charter, actor=SYSTEM, at=at)
    expected = [one for one in narrower if one.expected_at]
    if jobs:
        lead = jobs[0]
        made.step = steps[reached[lead.pk][0]] if reached[lead.pk][0] >= 0 else ""
        expected = [one for one in expected if lead.incident_id == one.pk] or expected
        CrewJob.objects.filter(pk=lead.pk).update(case=None, incident=made)
    if expected:
        made.expected_at, made.expected_set_at, made.expected_set_by = (
            expected[0].expected_at, expected[0].expected_set_at, expected[0].expected_set_by,
        )  # fmt: skip
    made.save(update_fields=["step", "expected_at", "expected_set_at", "expected_set_by"])


def members(incident: RepairIncident) -> list[str]:
    """Numbers of the open cases of an incident, by id."""
    rows = IncidentCase.objects.filter(incident=incident, case__state="OPEN").order_by("case_id")
    return list(rows.values_list("case__number", flat=True))


def _proofs_of(incident: RepairIncident, step: str) -> tuple[Proof, ...]:
    """What proved the step at the case of the incident that was there first."""
    rows = CasePaper.objects.filter(case__incident_member__incident=incident, step=step, kind="PLACE").order_by("id")
    first = rows.first()
    if first is None or first.longitude_e6 is None or first.latitude_e6 is None:
        return ()
    return (Proof("PLACE", label=first.label, place=Place(first.longitude_e6, first.latitude_e6)),)
