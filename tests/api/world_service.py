"""What the west of the county of :mod:`tests.api.world` has of service: cases, a crew, an incident, a permit, a claim, kept
evidence, a connection, appointments and a vehicle."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.api import world_outlets
from wandeng.calc.outage_plan import Job, Prices, Problem, Start, Window
from wandeng.domains.appointments.actions import booking, routes, running
from wandeng.domains.appointments.actions import places as service_places
from wandeng.domains.appointments.models import AppointmentTelling, OpeningPattern, RouteRun, ServiceSlot
from wandeng.domains.appointments.types import StopGiven, Wanted
from wandeng.domains.cases.actions import intake as cases
from wandeng.domains.cases.actions import work as case_work
from wandeng.domains.cases.models import (
    CallBack,
    Case,
    CasePaper,
    Crew,
    EvidenceDestruction,
    RepairIncident,
    WorkPermit,
)
from wandeng.domains.cases.types import Charter, Proof, Request
from wandeng.domains.connections.actions import schemes
from wandeng.domains.connections.models import ReinforcementNeed
from wandeng.domains.conversations import actions as conversations
from wandeng.domains.conversations.models import Turn
from wandeng.domains.conversations.types import CallPurpose, CallWanted
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.emergency.models import EmergencyGenerator, RestorationEstimate, StormMode
from wandeng.domains.losses.models import AreaLoss, LossLead, LossWork
from wandeng.domains.network.models import Feeder, UsagePoint
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.organization.models import Unit
from wandeng.domains.outages import months_content, months_problem
from wandeng.domains.outages.models import (
    ImportantCall,
    MonthPlan,
    MonthPlanJob,
    MonthPlanSolution,
    OutageOverrun,
    OutageTelling,
    OutageTold,
    PlannedOutage,
    PlannedOutageVersion,
)
from wandeng.domains.outages.types import Isolation, IsolationKind, OutageReason, PlanRequest, Work, WorkKind
from wandeng.domains.rationing.models import (
    RationingCall,
    RationingOrder,
    RationingParticipant,
    RationingScheme,
    RationingShare,
    RationingTelling,
    RationingTold,
)
from wandeng.domains.reliability import actions as reliability_actions
from wandeng.domains.reliability.queries import steps_written
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind
from wandeng.domains.switching.types import SheetRequest, StepAction, StepAsked
from wandeng.domains.voltage.models import VoltageDay, VoltagePoint, VoltageRemedy
from wandeng.flows import outage_plans, switching_sheets
from wandeng.infra import ids
from wandeng.infra.effective import current
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.periods import BILLING_ZONE


def build(clerk: Actor) -> dict[str, Any]:
    """All of it, taken in by a clerk of the west, by the names that addresses of the API use."""
    cased = _cased(clerk)
    return (
        cased
        | _repaired(cased["service_case"])
        | _lost()
        | _booked()
        | _interrupted()
        | _monitored()
        | _talked()
        | _planned()
        | _sheet()
        | world_outlets.build()
        | _rationed()
        | _planned_month()
    )


def _interrupted() -> dict[str, Any]:
    """An interruption of the west's area."""
    facts = Facts(InterruptionKind.FAULT_INTERNAL, Cause.EQUIPMENT, "BS-W")
    steps = steps_written(["T-BS-W, 2026-03-05 08:00, 2026-03-05 09:00"])
    reliability_actions.record(number="TD-W", facts=facts, steps=steps, actor=SYSTEM, at=datetime.now(UTC))
    return {"interruption": "TD-W", "year": 2026}


def _rationed() -> dict[str, Any]:
    """A scheme of the west and an order published by it, of which an account has not been reached and was not called."""
    west, now = Unit.objects.get(code="BS-W"), datetime.now(UTC)
    begins = now.replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    account = CustomerAccount.objects.get(account_number="W1")
    scheme = RationingScheme.objects.create(
        id=ids.reserve(RationingScheme, 1), unit=west, year=2026, version=1, max_demand_kw=1000, made_by="system",
        made_at=now,
    )  # fmt: skip
    person = RationingParticipant.objects.create(
        id=ids.reserve(RationingParticipant, 1), scheme=scheme, kind="ACCOUNT", code="W1", name="西厂", account=account,
        measure="STAGGER", before_kw=100, shed_kw=50,
    )  # fmt: skip
    order = RationingOrder.objects.create(
        id=ids.reserve(RationingOrder, 1), number="XD-W", scheme=scheme, shortage="SYSTEM", level="IV", gap_kw=50,
        shed_kw=50, starts_at=begins, ends_at=begins + timedelta(hours=2), notice_by=begins - timedelta(days=1),
        state="PUBLISHED", created_by="system", created_at=now, approved_by="manager", published_at=now,
    )  # fmt: skip
    RationingShare.objects.create(
        id=ids.reserve(RationingShare, 1), order=order, participant=person, rank=0, is_chosen=True, why="NEEDED",
        burden_s=0, before_kw=100, allowed_kw=50,
    )  # fmt: skip
    telling = RationingTelling.objects.create(
        id=ids.reserve(RationingTelling, 1), order=order, version=1, kind="ANNOUNCEMENT", facts="x", due_by=begins,
        notice_key="rationing:x", accounts=1, messages=1, made_at=now,
    )  # fmt: skip
    recipient = NoticeRecipient.objects.filter(account__isnull=False, reached_at__isnull=True).order_by("id").first()
    assert recipient
    RationingTold.objects.create(
        id=ids.reserve(RationingTold, 1), telling=telling, account=account, recipient=recipient
    )
    call = RationingCall.objects.create(
        id=ids.reserve(RationingCall, 1), telling=telling, account=account, is_participant=True
    )
    return {"scheme_id": scheme.pk, "rationing_order": order.number, "rationing_call": call.pk}


def _sheet() -> dict[str, Any]:
    """A switching sheet of the west in draft, and an alarm of its published outage."""
    asked = SheetRequest("BS-W", "断开试验", (StepAsked(StepAction.OPEN, "KW"),))
    number = switching_sheets.draft(request=asked, actor=SYSTEM, at=datetime.now(UTC))
    outage = PlannedOutage.objects.filter(unit__code="BS-W").order_by("id")[0]
    now = datetime.now(UTC)
    alarm = OutageOverrun.objects.create(outage=outage, kind="OVER", ends_at=now, raised_at=now, areas=1)
    return {"sheet": number, "overrun": alarm.pk}


def _talked() -> dict[str, Any]:
    """A conversation of the west by short message, and a call that was placed."""
    at = datetime.now(UTC)
    turn, _is_new = conversations.keep_text(
        outside_id="M-W", phone="13800000077", text="CX", unit_id=Unit.objects.get(code="BS-W").pk, at=at
    )  # fmt: skip
    asked = CallWanted(CallPurpose.DUNNING, "0", 1, "13800000077", "W1", "")
    conversations.place_call(wanted=asked, at=at)
    return {"conversation": Turn.objects.get(pk=turn).conversation_id}


def _planned() -> dict[str, Any]:
    """An outage of the west's area, in draft."""
    begins = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    asked = PlanRequest(
        "BS-W", "配变检修", OutageReason.MAINTENANCE, begins, begins + timedelta(hours=2),
        (Isolation(IsolationKind.OUT, "T-BS-W"),), (Work(WorkKind.GRID, "配电班", "检修"),),
    )  # fmt: skip
    number = outage_plans.draft(request=asked, actor=SYSTEM, at=datetime.now(UTC))
    return {"outage": number} | _told_of(begins)


def _told_of(begins: datetime) -> dict[str, Any]:
    """A published outage of the west, of which an account has not been reached and an important user not called."""
    west, now = Unit.objects.get(code="BS-W"), datetime.now(UTC)
    outage = PlannedOutage.objects.create(
        id=ids.reserve(PlannedOutage, 1), number="TDP-W", unit=west, category="PLANNED", reason="MAINTENANCE",
        title="检修", state="PUBLISHED", created_by="system", created_at=now, published_at=now,
    )  # fmt: skip
    PlannedOutageVersion.objects.create(
        id=ids.reserve(PlannedOutageVersion, 1), outage=outage, version=1, state="STANDS", starts_at=begins,
        ends_at=begins + timedelta(hours=4), work="检修", made_by="system", made_at=now, notice_by=begins,
    )  # fmt: skip
    telling = OutageTelling.objects.create(
        id=ids.reserve(OutageTelling, 1), outage=outage, version=1, kind="ANNOUNCEMENT", facts="x", due_by=begins,
        notice_key="x", accounts=1, messages=1, made_at=now,
    )  # fmt: skip
    account = CustomerAccount.objects.get(account_number="W1")
    recipient = NoticeRecipient.objects.filter(account__isnull=False, reached_at__isnull=True).order_by("id").first()
    assert recipient
    OutageTold.objects.create(
        id=ids.reserve(OutageTold, 1), telling=telling, account=account, recipient=recipient
    )  # fmt: skip
    call = ImportantCall.objects.create(
        id=ids.reserve(ImportantCall, 1), telling=telling, account=account, importance="FIRST"
    )
    return {"call_id": call.pk}


def _lost() -> dict[str, Any]:
    """A followed-up area of the west and a lead in it."""
    point = UsagePoint.objects.filter(transformer__code="T-BS-W", kind="LOAD").order_by("id").first()
    assert point
    work = LossWork.objects.create(
        id=ids.reserve(LossWork, 1), transformer_id=point.transformer_id, kind="HIGH", opened_on=date(2026, 3, 5), odd_days=3,
        rate_e4=1200, opened_at=datetime.now(UTC),
    )  # fmt: skip
    lead = LossLead.objects.create(
        id=ids.reserve(LossLead, 1), transformer_id=point.transformer_id, usage_point=point, account_id=point.account_id,
        from_on=date(2026, 3, 1), to_on=date(2026, 3, 8), rank=1, attributed_ckwh=10_000, coefficient_e4=4286, share_e4=6000,
        explained_e4=5000, correlation_e4=8000, days=7, whole_days=7, made_at=datetime.now(UTC),
        evidence='{"lost_ckwh": 1, "technical_ckwh": 1, "fit_e4": 1}',
    )  # fmt: skip
    AreaLoss.objects.create(
        id=ids.reserve(AreaLoss, 1), transformer_id=point.transformer_id, unit_id=point.transformer.unit_id,
        feeder_id=point.transformer.feeder_id, day=date(2026, 3, 5), revision=1, is_current=True, status="HIGH",
        supplied_ckwh=10_000, fed_ckwh=0, sold_ckwh=9_200, loss_ckwh=800, rate_e4=800, points=1, read=1, relation=1,
        computed_at=datetime.now(UTC),
    )  # fmt: skip
    return {"loss_work": work.pk, "loss_lead": lead.pk, "work_id": work.pk, "lead_id": lead.pk}


def _monitored() -> dict[str, Any]:
    """A monitoring point of the west with a remedy at work."""
    point = VoltagePoint.objects.create(
        id=ids.reserve(VoltagePoint, 1), code="DY-W", name="末端", unit=Unit.objects.get(code="BS-W"), voltage_class="D",
        area="RURAL", nominal_dv=2200, valid_from=date(2025, 1, 1),
    )  # fmt: skip
    VoltageDay.objects.create(
        id=ids.reserve(VoltageDay, 1), point=point, day=date(2026, 3, 5), source="SUMS", monitored=1440, over=0, under=90,
        upper_dv=2354, lower_dv=1980, recorded_at=datetime.now(UTC),
    )  # fmt: skip
    remedy = VoltageRemedy.objects.create(
        id=ids.reserve(VoltageRemedy, 1), point=point, defect="LOW", opened_at=datetime.now(UTC), opened_by="system",
        days=1, minutes=90,
    )  # fmt: skip
    return {"voltage_point": point.code, "remedy": remedy.pk}


def _planned_month() -> dict[str, Any]:
    """A planned outage of the west and the month plan that it is part of."""
    west, begins = Unit.objects.get(code="BS-W"), datetime(2026, 12, 9, 8, 0, tzinfo=BILLING_ZONE)
    outage = PlannedOutage.objects.create(
        id=ids.reserve(PlannedOutage, 1), number="TDM-W", unit=west, category="PLANNED", reason="MAINTENANCE",
        title="检修", created_by="system", created_at=datetime.now(UTC),
    )  # fmt: skip
    PlannedOutageVersion.objects.create(
        id=ids.reserve(PlannedOutageVersion, 1), outage=outage, version=1, state="STANDS", starts_at=begins,
        ends_at=begins + timedelta(hours=4), work="检修", made_by="system", made_at=datetime.now(UTC), notice_by=begins,
    )  # fmt: skip
    job = Job(outage.number, frozenset())
    problem = Problem(
        date(2026, 12, 1), date(2027, 1, 1), date(2026, 11, 23), (Window("D1", 1000),), (), (job,), (), (),
        Prices(1, 1, 1, 1, 1, 1),
    )  # fmt: skip
    plan = MonthPlan.objects.create(
        id=ids.reserve(MonthPlan, 1), unit=west, month="2026-12", announced_on=date(2026, 11, 23),
        problem=months_problem.written(problem), gathered_at=datetime.now(UTC), created_by="system",
        created_at=datetime.now(UTC),
    )  # fmt: skip
    row = MonthPlanJob.objects.create(
        plan=plan, outage=outage, version=1, minutes=240, proposed_on=date(2026, 12, 9), proposed_window="D1"
    )  # fmt: skip
    told = months_content.content(problem, {outage.number: Start(date(2026, 12, 9), "D1")}, [row])
    MonthPlanSolution.objects.create(
        id=ids.reserve(MonthPlanSolution, 1), plan=plan, number=1, kind="MOVED", state="SOLVED", seconds=0, work=0,
        asked_by="system", asked_at=datetime.now(UTC), ended_at=datetime.now(UTC), content=json.dumps(told),
        **months_content.columns(told),
    )  # fmt: skip
    return {"plan_id": plan.pk, "planned_outage": outage.number, "solution": 1}


def _cased(clerk: Actor) -> dict[str, Any]:
    """A fault that the west is told of, with a photo."""
    now, charter = datetime.now(UTC), Charter.current()
    told = {"SITUATION": "整栋楼没电", "PLACE": "白水路1号", "DANGER": "NO"}
    request = Request("fault_repair", "HALL", told, account_number="W1")
    opened = cases.open_case(request=request, actor=clerk, at=now, charter=charter)
    photo = Proof("PHOTO", file_name="a.jpg", content=b"\xff\xd8\xffa")
    case_work.hand_in(number=opened.number, proofs=[photo], actor=clerk, at=now, charter=charter)
    CallBack.objects.create(
        id=ids.reserve(CallBack, 1), case=Case.objects.get(number=opened.number), round=1, due_at=now, next_at=now
    )
    return (
        {
            "service_case": opened.number,
            "field": "PLACE",
            "paper_id": CasePaper.objects.get(case__number=opened.number).pk,
        }
        | _connecting(clerk)
        | {"claim": _claimed(clerk), "kept_case": _kept(clerk)}
    )


def _kept(clerk: Actor) -> str:
    """A complaint in the west that was closed years ago, with a picture and one that was destroyed; its number."""
    now, charter = datetime.now(UTC), Charter.current()
    request = Request("complaint", "HALL", {"MATTER": "态度差", "WISH": "道歉"}, account_number="W1", grade="ORDINARY")
    number = cases.open_case(request=request, actor=clerk, at=now, charter=charter).number
    Case.objects.filter(number=number).update(
        state="CLOSED", ended_at=now, finished_at=now, kept_until=now.date() - timedelta(days=3), step="", due_at=None
    )
    CasePaper.objects.create(
        case=Case.objects.get(number=number),
        kind="PHOTO",
        file_name="b.jpg",
        file_hash="0" * 64,
        at=now,
        actor="hall-w",
    )
    EvidenceDestruction.objects.create(
        case=Case.objects.get(number=number), state="DONE", reason="期满", proposed_at=now, proposed_by="auditor-w",
        decided_at=now, decided_by="manager-w", what='{"files":[{"hash":"W","kind":"PHOTO","step":"HANDLE"}]}',
    )  # fmt: skip
    return number


def _claimed(clerk: Actor) -> str:
    """A claim for a television in the west, with what the survey found; its number."""
    now, charter = datetime.now(UTC), Charter.current()
    told = {
        "SITUATION": "电视机烧坏", "DAMAGED_ON": now.date().isoformat(), "NAME": "王五", "PHONE": "13700000000",
        "ADDRESS": "白水路1号", "CAUSE": "NEUTRAL_BROKEN", "APPLIANCE": "ELECTRONIC", "PRICE": "3000",
        "BOUGHT_ON": "2025-01-01", "REPAIRABLE": "NO",
    }  # fmt: skip
    request = Request("damaged_appliance_claim", "HALL", told, account_number="W1")
    return cases.open_case(request=request, actor=clerk, at=now, charter=charter).number


def _repaired(case: str) -> dict[str, Any]:
    """A crew, an open incident and a permit in the west, as rows: nothing is done to them."""
    now, unit = datetime.now(UTC), Unit.objects.get(code="BS-W")
    crew = Crew.objects.create(
        id=ids.reserve(Crew, 1), code="CW", name="西队", unit=unit, leader="hall-w", skills="LOW_VOLTAGE"
    )  # fmt: skip
    incident = RepairIncident.objects.create(
        id=ids.reserve(RepairIncident, 1), number="GW1", level="FEEDER", unit=unit,
        feeder=Feeder.objects.get(code="FW"), opened_at=now, opened_by="hall-w",
    )  # fmt: skip
    permit = WorkPermit.objects.create(
        id=ids.reserve(WorkPermit, 1), number="PW-1", case=Case.objects.get(number=case), step="RESTORE",
        job="CUSTOMER_FAULT", checklist_path="x", work="作业", worker="reader-w", written_at=now, written_by="hall-w",
        valid_from=now, valid_to=now + timedelta(hours=1),
    )  # fmt: skip
    EmergencyGenerator.objects.create(
        id=ids.reserve(EmergencyGenerator, 1), code="FDW", name="西车", unit=unit, capacity_ckva=100
    )  # fmt: skip
    StormMode.objects.create(
        id=ids.reserve(StormMode, 1), unit=unit, state="OFF", reason="大风", announcement="抢修中", window_minutes=240,
        transformer_cases=1, feeder_transformers=5, started_at=now, started_by="x", ended_at=now,
    )  # fmt: skip
    RestorationEstimate.objects.create(
        incident=incident,
        expected_at=now + timedelta(hours=1),
        source="CREW",
        confidence="HIGH",
        set_at=now,
        set_by="x",
    )
    return {"crew": crew.code, "incident": incident.number, "permit": permit.number, "generator": "FDW"}


def _booked() -> dict[str, Any]:
    """A hall with an appointment and a vehicle with a planned run in the west."""
    now, library = datetime.now(UTC), current.library()
    keeper, today = SYSTEM, now.astimezone(BILLING_ZONE).date()
    told: dict[str, Any] = {"actor": keeper, "at": now}
    service_places.add(code="HW", name="西厅", kind="HALL", unit_code="BS-W", address="西路1号", **told)
    opening = service_places.Opening(today, "1234567", 9 * 60, 11 * 60, 60, 2, "EVERY_DAY")
    service_places.open_(code="HW", opening=opening, library=library, **told)
    slot = ServiceSlot.objects.filter(place__code="HW", starts_at__gt=now + timedelta(days=1)).order_by("starts_at")[0]
    done = booking.book(
        slot_id=slot.pk, wanted=Wanted("METER", visitor="李四", phone="13900000001"), library=library, key="w", **told
    )
    AppointmentTelling.objects.filter(appointment__number=done.number).update(state="TO_CALL")
    routes.add_vehicle(code="VW", name="西车", unit_code="BS-W", keeper="hall-w", **told)
    routes.add_route(
        code="XW", name="西线", unit_code="BS-W", vehicle="VW", stops=(StopGiven("西村", 540, 600, 2),),
        rhythm=routes.Rhythm(today, "1234567", open_on="EVERY_DAY"), **told,
    )  # fmt: skip
    running.plan_route(code="XW", library=library, **told)
    return {
        "slot_id": slot.pk, "appointment": done.number, "service_place": "HW", "vehicle": "VW", "service_route": "XW",
        "route_run": RouteRun.objects.filter(route__code="XW").order_by("on")[1].number,
        "pattern_id": OpeningPattern.objects.get(place__code="HW").pk,
    }  # fmt: skip


def _connecting(clerk: Actor) -> dict[str, Any]:
    """A connection in the west whose scheme was chosen where there is no room."""
    now, charter = datetime.now(UTC), Charter.current()
    told = {"NAME": "王五", "PHONE": "13700000000", "ADDRESS": "白水路9号", "CLASS": "RESIDENTIAL", "CAPACITY": "9000"}
    request = Request("low_voltage_connection", "HALL", told, unit_code="BS-W", documents=("IDENTITY",))
    opened = cases.open_case(request=request, actor=clerk, at=now, charter=charter)
    common = {"case_number": opened.number, "actor": clerk, "at": now, "charter": charter}
    schemes.draft_scheme(**common)
    schemes.choose(**common, place=1)
    return {"connection": opened.number, "need": ReinforcementNeed.objects.get().pk}
