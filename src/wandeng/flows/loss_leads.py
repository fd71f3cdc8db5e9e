"""Line loss by night, and leads that become cases: days computed anew for late readings, odd areas followed up, leads made, a
case opened on each that nothing speaks against, and what was found on site put back onto the lead.

A case of a lead names the area only and is confidential: whom the lead means stays on the lead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from wandeng.domains.cases.actions import intake
from wandeng.domains.cases.queries import one as cases
from wandeng.domains.cases.types import Charter, Request
from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.actions.leads import require_not_mirrored
from wandeng.domains.losses.types import Answer
from wandeng.domains.organization import queries as organization
from wandeng.infra import events, jobs
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotFound

NIGHT = "losses.night"
PROCESS = "revenue_inspection"
COMPUTED_DAYS = 7
"""So many days back are computed anew each night: readings come late."""
LEAD_DAYS = 10
"""The days a lead rests on."""

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Night:
    """What a night came to."""

    areas: int
    written: int
    revised: int
    followed: int
    leads: int
    cases: int


def night(*, unit_code: str, on: date, actor: Actor, at: datetime, charter: Charter) -> Night:
    """The night before ``on``: the days up to ``on`` computed, odd areas followed up, leads made and cases opened on them. Done twice
    it is done once. Raises :class:`NotFound`, :class:`NotAllowed`, ``NoRuleInForce``."""
    computed = actions.compute(
        unit_code=unit_code, from_on=on - timedelta(days=COMPUTED_DAYS), to_on=on, actor=actor, at=at,
        library=charter.rules,
    )  # fmt: skip
    followed = actions.open_due(
        unit_code=unit_code, on=on - timedelta(days=1), actor=actor, at=at, library=charter.rules
    )
    made = make_leads(unit_code=unit_code, to_on=on, actor=actor, at=at, charter=charter)
    unit = organization.unit(Scope.of(actor), unit_code)
    opened = [
        open_case(lead_id=one, actor=actor, at=at, charter=charter)
        for one in queries.new_leads(Scope.of(actor).narrowed(unit.path))
    ]
    return Night(computed.areas, computed.written, computed.revised, followed, len(made), len(opened))


def make_leads(*, unit_code: str, to_on: date, actor: Actor, at: datetime, charter: Charter) -> list[int]:
    """Make leads from the last days before ``to_on``. Raises as ``actions.make_leads``."""
    return actions.make_leads(
        unit_code=unit_code, from_on=to_on - timedelta(days=LEAD_DAYS), to_on=to_on, actor=actor, at=at,
        library=charter.rules,
    )  # fmt: skip


@transaction.atomic
def open_case(*, lead_id: int, actor: Actor, at: datetime, charter: Charter, despite: bool = False) -> str:
    """Open the case of a lead and return its number. ``despite``: although a neighbouring area mirrors the loss.

    Raises :class:`NotFound`, :class:`NotAllowed`, ``LeadMirrored``, ``MoveRefused`` for a lead that has one.
    """
    found = queries.lead(Scope.of(actor), lead_id)
    require_not_mirrored(found.tests, despite=despite)
    matter = (
        f"台区 {found.area_code} {found.area_name} 线损线索 {found.id}："
        f"{found.from_on} 至 {found.to_on - timedelta(days=1)}，可解释电量 {found.attributed_ckwh // 100} kWh。"
        "线索不是结论，涉及客户见线索页。"
    )
    request = Request(
        process=PROCESS, channel="VISIT", answers={"MATTER": matter, "LEAD": str(found.id)},
        transformer_code=found.area_code, is_confidential=True,
    )  # fmt: skip
    opened = intake.open_case(request=request, actor=actor, at=at, charter=charter)
    actions.sent_to_case(lead_id=lead_id, case_number=opened.number, actor=actor, at=at, despite=despite)
    return opened.number


def take_finding(body: events.Body, now: datetime) -> None:
    """What was found on site goes back onto the lead, when the inspection of its case is finished. Twice is once."""
    if body["process"] != PROCESS or body["step"] != "INSPECT":
        return
    number = body["number"]
    try:
        lead = queries.lead(Scope.everywhere(), queries.lead_of_case(number))
    except NotFound:
        return  # a case that somebody opened without a lead
    if lead.state != "IN_CASE":
        return
    shown = cases.case(Scope.everywhere(), number, charter=Charter.current(), now=now)
    answers = {one.code: one.value for one in shown.fields}
    actions.answer(
        case_number=number, found=Answer(answers["FINDING"]), note=answers.get("REMARK", ""), actor=SYSTEM, at=now
    )


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def run(payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        jobs.extend(held, now=clock())
        done = night(
            unit_code=payload["unit"], on=date.fromisoformat(payload["on"]), actor=SYSTEM, at=clock(),
            charter=Charter.current(),
        )  # fmt: skip
        return asdict(done)

    return {NIGHT: run}
