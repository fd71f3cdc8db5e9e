"""Repairs: crews, incidents of many calls, permits to work, what is owed for a damaged appliance."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wandeng.domains.cases.actions import crews, incidents, permits
from wandeng.domains.cases.queries import claims, stage_times
from wandeng.domains.cases.queries import crews as crew_queries
from wandeng.domains.cases.queries import incidents as incident_queries
from wandeng.domains.cases.queries import permits as permit_queries
from wandeng.domains.cases.queries.crews import CrewShown, Taken
from wandeng.domains.cases.queries.crews import Place as RankedCrew
from wandeng.domains.cases.queries.incidents import IncidentShown, KnownIncident
from wandeng.domains.cases.queries.permits import JobKind, PermitShown
from wandeng.domains.cases.queries.stage_times import StagesBy, StageTimes
from wandeng.domains.cases.types import Charter
from wandeng.domains.organization import queries as organization
from wandeng.domains.reliability.queries import calendar_year
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.cases_work import ProofGiven, proofs_of
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE, Month

TAG = "repairs"


def crew(scope: Scope, code: str) -> CrewShown:
    """A crew with its people and what it has in hand."""
    return crew_queries.crew(scope, code)


def ranking(scope: Scope, number: str, *, charter: Charter, now: datetime) -> tuple[RankedCrew, ...]:
    """The crews for a case that waits for one, the proposed one first, each with its reasons."""
    return crew_queries.ranking_for_case(scope, number, charter=charter, now=now)


def incident_ranking(scope: Scope, number: str, *, charter: Charter, now: datetime) -> tuple[RankedCrew, ...]:
    """The same for an incident."""
    return crew_queries.ranking_for_incident(scope, number, charter=charter, now=now)


def taken(scope: Scope, *, since: datetime, until: datetime) -> Taken:
    """Of the crews sent in a time: for how many the proposal was taken."""
    return crew_queries.taken(scope, since=since, until=until)


def month_times(
    scope: Scope, unit_code: str, month: Month, *, by: StagesBy = StagesBy.UNIT, charter: Charter
) -> StageTimes:  # fmt: skip
    """How long the stages of repairs opened in a month took: percentiles in seconds, taken apart."""
    return stage_times.stage_times(scope, unit_code=unit_code, period=month.period, by=by, charter=charter)


def year_times(
    scope: Scope, unit_code: str, year: int, *, by: StagesBy = StagesBy.UNIT, charter: Charter
) -> StageTimes:  # fmt: skip
    """The same of a calendar year."""
    period = calendar_year(year)
    return stage_times.stage_times(scope, unit_code=unit_code, period=period, by=by, charter=charter)


def incident(scope: Scope, number: str, *, now: datetime) -> IncidentShown:
    """An incident with its cases and its crew."""
    return incident_queries.incident(scope, number, now=now)


def known_incident(scope: Scope, account_number: str) -> KnownIncident | None:
    """The open incident at an account's transformer: what a caller is told first."""
    return incident_queries.known_incident(scope, account_number=account_number)


def permit(scope: Scope, number: str, *, charter: Charter) -> PermitShown:
    """A permit with its dangers and preconditions."""
    return permit_queries.permit(scope, number, charter=charter)


def job_kinds(
    scope: Scope, *, charter: Charter, now: datetime, on: date | None = None, territory: str = ""
) -> tuple[JobKind, ...]:  # fmt: skip
    """The kinds of work there are lists of; of the territory of your first unit unless one is named."""
    chosen = territory or organization.unit_tree(scope)[0].territory
    return permit_queries.job_kinds(charter=charter, territory=chosen, on=on or now.astimezone(BILLING_ZONE).date())


def claim_worth(scope: Scope, number: str, *, charter: Charter) -> claims.ClaimWorth:
    """What is owed for a damaged appliance, by the rule of the day of the damage."""
    return claims.claim_worth(scope, number, charter=charter)


def arrive(
    *, number: str, proofs: tuple[ProofGiven, ...], expected_at: datetime | None = None, actor: Actor, at: datetime,
    charter: Charter,
) -> incidents.IncidentStands:  # fmt: skip
    """The crew is there; its place proves it for all cases."""
    return incidents.arrive(
        number=number, proofs=proofs_of(proofs), expected_at=expected_at, actor=actor, at=at, charter=charter
    )  # fmt: skip


def expect(
    *, number: str, expected_at: datetime, why: str = "", actor: Actor, at: datetime, charter: Charter
) -> incidents.IncidentStands:
    """When supply is expected back, told to every caller; another time than before needs a reason."""
    return incidents.expect(number=number, expected_at=expected_at, reason=why, actor=actor, at=at, charter=charter)


def restore(
    *, number: str, cause: str, restored_at: datetime, proofs: tuple[ProofGiven, ...], result: str = "REPAIRED",
    note: str = "", actor: Actor, at: datetime, charter: Charter,
) -> incidents.IncidentStands:  # fmt: skip
    """Supply is back: every case is finished with the same proofs."""
    return incidents.restore(
        number=number, cause=cause, restored_at=restored_at, proofs=proofs_of(proofs), result=result, note=note,
        actor=actor, at=at, charter=charter,
    )  # fmt: skip


def _read(address: str, query: Any, name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=f"console:repairs-{like}", tag=TAG, about=about)


def _write(address: str, action: Any, name: str, like: str, about: str) -> None:
    write(address, action, name=name, like=f"console:repairs-{like}", tag=TAG, about=about)


_read("/crews/{code}", crew, "crew", "crew", "抢修队 a crew and what it has in hand")
_write("/crews/found", crews.found, "crew-found", "crew-new", "组建抢修队 found a crew")
_write("/crews/{code}/come-on", crews.come_on, "crew-come-on", "crew-act", "上岗 put on duty")
_write("/crews/{code}/go-off", crews.go_off, "crew-go-off", "crew-act", "下岗 take off duty")
_write("/crews/{code}/position", crews.report_position, "crew-position", "crew-act", "位置上报 where it is")
_write("/cases/{number}/send", crews.send, "case-send-crew", "send", "派工 send a crew to a case")
_read("/cases/{number}/crews", ranking, "case-crews", "board", "派工建议 crews for a case")
_read("/crew-proposals-taken", taken, "crew-proposals-taken", "board", "建议采纳率 how many proposals were taken")
_read(
    "/units/{unit_code}/repair-times/months/{month}", month_times, "repair-times-month", "times",
    "月抢修环节时长 how long repairs of a month took",
)  # fmt: skip
_read(
    "/units/{unit_code}/repair-times/years/{int:year}", year_times, "repair-times-year", "times",
    "年抢修环节时长 how long repairs of a year took",
)  # fmt: skip
_read("/incidents/{number}", incident, "incident", "incident", "故障归并 an incident with its cases")
_read("/incidents/{number}/crews", incident_ranking, "incident-crews", "board", "派工建议 crews for an incident")
_read("/accounts/{account_number}/incident", known_incident, "known-incident", "known", "已知停电 a known outage")
_write("/incidents/{number}/send", incidents.send, "incident-send", "incident-act", "派工 send a crew")
_write("/incidents/{number}/accept", incidents.accept, "incident-accept", "incident-act", "接单 accept")
_write("/incidents/{number}/arrive", arrive, "incident-arrive", "incident-act", "到达现场 the crew is there")
_write("/incidents/{number}/expect", expect, "incident-expect", "incident-act", "预计恢复时间 when supply is back")
_write("/incidents/{number}/restore", restore, "incident-restore", "incident-act", "恢复送电 supply is back")
_write("/incidents/{number}/take-back", incidents.take_back, "incident-take-back", "incident-act", "收回 take back")
_write("/incidents/{number}/join", incidents.join, "incident-join", "incident-act", "并入 put a case in")
_write("/incidents/{number}/leave", incidents.leave, "incident-leave", "incident-act", "拆出 take a case out")
_write("/incidents/{number}/dissolve", incidents.dissolve, "incident-dissolve", "incident-act", "解散 it was none")
_read("/permits/{number}", permit, "permit", "permit", "工作票 a permit to work")
_read("/permit-jobs", job_kinds, "permit-jobs", "permits", "作业类型 kinds of work with a list")
_write("/permits/write", permits.write, "permit-write", "permit-new", "填写工作票 write a permit")
_write("/permits/{number}/see", permits.see, "permit-see", "permit-act", "逐项确认 tick a precondition")
_write("/permits/{number}/issue", permits.issue, "permit-issue", "permit-act", "签发 give leave")
_write("/permits/{number}/close", permits.close, "permit-close", "permit-act", "终结 the work is done")
_write("/permits/{number}/withdraw", permits.withdraw, "permit-withdraw", "permit-act", "作废 take it back")
_read("/cases/{number}/claim", claim_worth, "claim-worth", "claim", "理赔金额 what is owed for an appliance")
