"""Crews (抢修队): found one, put it on duty, say where it is, send it to a case, take the case back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.calc.dispatch import Spot
from wandeng.domains.cases import following, proposing, recording
from wandeng.domains.cases.actions import work
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import Crew, CrewJob, CrewMember, CrewPosition
from wandeng.domains.cases.models.crews import SKILLS
from wandeng.domains.cases.states import CREW
from wandeng.domains.cases.types import CrewNotOnDuty, Done, InIncident
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.queries import acting
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.effective.topics.repairs import Repairs
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed

FOUNDERS = ("DISPATCHER", "COUNTY_MANAGER")
CREW_SUBJECT = "cases.Crew"
LONGEST_DUTY = timedelta(hours=24)
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CrewStands:
    """Where a crew stands after an action on it; ``is_new`` is false when the same key told it before."""

    code: str
    state: str
    on_duty_to: datetime | None
    longitude_e6: int | None
    latitude_e6: int | None
    placed_at: datetime | None
    is_new: bool = True


@transaction.atomic
def found(
    *, code: str, name: str, unit_code: str, leader: str, members: Sequence[str], skills: Sequence[str], actor: Actor,
    at: datetime,
) -> CrewStands:  # fmt: skip
    """Found a crew (组建抢修队). Its leader finishes the steps of its cases, so must hold that post.

    Raises :class:`InvalidInput` for a code that is taken, a skill there is not or a leader without the post,
    :class:`Conflict` for somebody who is in another crew.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *FOUNDERS, unit_path=unit.path)
    able = sorted(set(skills))
    if not code.strip() or not name.strip() or not able or not set(able) <= set(SKILLS):
        raise InvalidInput(f"a crew has a code, a name and skills out of {', '.join(SKILLS)}", skills=able)
    if Crew.objects.filter(code=code).exists():
        raise InvalidInput(f"there is a crew {code} already", code=code)
    posts = organization.posts_of(leader, local_day(at))
    if not any(post.role is Role.CELL_MANAGER and unit.path.startswith(post.unit_path) for post in posts):
        raise InvalidInput(f"{leader} holds no post of {Role.CELL_MANAGER} over unit {unit_code}", leader=leader)
    people = list(dict.fromkeys([leader, *members]))
    for person in people:
        acting.person_place(person)
    taken = CrewMember.objects.filter(person__in=people, until__isnull=True).values_list("person", "crew__code").first()
    if taken:
        raise Conflict(f"{taken[0]} is in crew {taken[1]}", person=taken[0], crew=taken[1])
    row = Crew.objects.create(
        id=ids.reserve(Crew, 1), code=code.strip(), name=name.strip(), unit_id=unit.unit_id, leader=leader,
        skills=" ".join(able),
    )  # fmt: skip
    CrewMember.objects.bulk_create(CrewMember(crew=row, person=person, since=at) for person in people)
    _record("crew.found", row, actor, at, facts={"leader": leader, "members": len(people)})
    return _stands(row)


@transaction.atomic
def come_on(*, code: str, until: datetime, actor: Actor, at: datetime, charter: Charter) -> CrewStands:
    """Put a crew on duty from now until a time; one that is on duty gets the new end.

    Raises :class:`InvalidInput` for an end that has passed or lies more than a day ahead.
    """
    row = _crew(actor, code)
    if not at < until <= at + LONGEST_DUTY:
        raise InvalidInput("duty ends later today or tomorrow, at most 24 hours ahead")
    if row.state == "OFF":
        move(row, CREW, "come_on", actor=actor, at=at, on_duty_from=at, on_duty_to=until)
    else:
        Crew.objects.filter(pk=row.pk).update(on_duty_to=until)
        row.refresh_from_db()
    _record("crew.come_on", row, actor, at, facts={"until": until.isoformat()})
    proposing.propose_again(row.unit.path, charter, row.unit.territory, because="DUTY", at=at)
    return _stands(row)


@transaction.atomic
def go_off(*, code: str, actor: Actor, at: datetime, charter: Charter) -> CrewStands:
    """Take a crew off duty. Raises :class:`Conflict` while it has something in hand."""
    row = _crew(actor, code)
    if CrewJob.objects.filter(crew=row, ended_at__isnull=True).exists():
        raise Conflict(f"crew {code} has something in hand", crew=code)
    move(row, CREW, "go_off", actor=actor, at=at, on_duty_to=at + timedelta(microseconds=1))
    _record("crew.go_off", row, actor, at, facts={})
    proposing.propose_again(row.unit.path, charter, row.unit.territory, because="DUTY", at=at)
    return _stands(row)


@transaction.atomic
def report_position(
    *, code: str, longitude_e6: int, latitude_e6: int, actor: Actor, at: datetime, charter: Charter, key: str,
    happened_at: datetime | None = None,
) -> CrewStands:  # fmt: skip
    """Where a crew is (位置上报). A telephone without signal tells later: what is older than the place known is kept and moves
    nothing; a key tells the same thing once.

    Raises :class:`InvalidInput` for a place off the earth, a time ahead, or no key.
    """
    row = _crew(actor, code)
    Spot(longitude_e6, latitude_e6)
    since = happened_at or at
    if not key or since > at + _AHEAD:
        raise InvalidInput("a position has a key, and a time that has come")
    if CrewPosition.objects.filter(crew=row, key=key).exists():
        return _stands(row, is_new=False)
    CrewPosition.objects.create(crew=row, longitude_e6=longitude_e6, latitude_e6=latitude_e6, at=since, key=key)
    if row.placed_at is None or since >= row.placed_at:
        Crew.objects.filter(pk=row.pk).update(
            longitude_e6=longitude_e6, latitude_e6=latitude_e6, placed_at=since
        )  # fmt: skip
        row.refresh_from_db()
        proposing.propose_again(row.unit.path, charter, row.unit.territory, because="CREW_MOVED", at=at)
    return _stands(row)


@transaction.atomic
def send(*, number: str, code: str, actor: Actor, at: datetime, charter: Charter, note: str = "") -> Done:
    """Send a crew to a case (派工): the step of dispatching is finished, the crew's leader has the case in hand, the crew is on
    its way, all at once; and it is written down where the crew stood in the proposal.

    Raises :class:`Conflict` for a case at another step or in a crew's hands, :class:`InIncident` for one that goes with an
    incident, :class:`CrewNotOnDuty`.
    """
    row = locked_case(actor, number)
    require(actor, *work.SUPERVISORS, unit_path=row.unit.path)
    member = row.incident_member.incident if hasattr(row, "incident_member") else None
    if member is not None and member.state == "OPEN":
        raise InIncident(
            f"case {number} goes with incident {member.number}: send a crew to that", incident=member.number
        )
    if CrewJob.objects.filter(case=row, ended_at__isnull=True).exists():
        raise Conflict(f"case {number} is in the hands of a crew", case=number)
    rule = proposing.rule_for(charter, row.unit.territory, at)
    if row.process != rule.steps.process:
        raise Conflict(f"crews are sent to cases of {rule.steps.process}, not of {row.process}", process=row.process)
    job = new_job(proposing.of_case(row), row.unit.path, code, rule, actor=actor, at=at)
    answer = work.finish(
        number=number, step=rule.steps.dispatch, actor=actor, at=at, charter=charter, handler=job.crew.leader, note=note
    )  # fmt: skip
    following.sent(job, charter, actor=actor, at=at)
    recording.record("crew.send", row, {"crew": code, "place": job.place or 0}, actor, at, note)
    return answer


def new_job(one: proposing.Waiting, unit_path: str, code: str, rule: Repairs, *, actor: Actor, at: datetime) -> CrewJob:
    """Put something into a crew's hands, with its place in the proposal of this moment. Raises :class:`CrewNotOnDuty`."""
    crews = proposing.crews_on_duty(unit_path, at)
    chosen = next((crew for crew in crews if crew.code == code), None)
    if chosen is None:
        raise CrewNotOnDuty(f"crew {code} is not on duty in this district", crew=code)
    ranked = proposing.ranking(one, proposing.standings(crews, at), rule, proposing.spots_of([one]))
    mine = next(each for each in ranked if each.code == code)
    return CrewJob.objects.create(
        crew=chosen, case_id=one.case, incident_id=one.incident, place=mine.place, travel_m=mine.travel_m, sent_at=at,
        sent_by=actor.code,
    )  # fmt: skip


def _crew(actor: Actor, code: str) -> Crew:
    """A crew under its lock, for one of its people or for who directs it."""
    found = Scope.of(actor).one(Crew.objects.select_related("unit"), "unit__path", "crew", code=code)
    row = following.locked_crew(found.pk)
    is_member = CrewMember.objects.filter(crew=row, person=actor.code, until__isnull=True).exists()
    if not is_member and not any(actor.has(role) for role in FOUNDERS):
        raise NotAllowed(f"{actor.code} is not of crew {code}")
    return row


def _record(action: str, row: Crew, actor: Actor, at: datetime, *, facts: dict[str, object]) -> None:
    audit.record(
        actor=actor, action=action, subject=(CREW_SUBJECT, row.code), facts=facts, at=at, reason="",
        unit_path=row.unit.path,
    )  # fmt: skip


def _stands(row: Crew, *, is_new: bool = True) -> CrewStands:
    return CrewStands(row.code, row.state, row.on_duty_to, row.longitude_e6, row.latitude_e6, row.placed_at, is_new)
