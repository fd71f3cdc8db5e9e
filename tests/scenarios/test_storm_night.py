"""A storm night: 200 calls on three feeders. What breaks is told apart by the calls, crews are proposed and proposed again, every
caller hears when light is expected back, and in the morning it is counted which promises were kept."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

import pytest
from tests.kits import storm_world as storm

from wandeng.domains.cases import checks
from wandeng.domains.cases.actions import crews as crew_actions
from wandeng.domains.cases.actions import incidents, telling
from wandeng.domains.cases.models import Case, CaseClock, CrewJob, CrewProposal, RepairIncident
from wandeng.domains.cases.queries import crews, rows
from wandeng.domains.cases.queries import incidents as known
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.infra.scope import Scope

SCOPE = Scope("c01/")
DISPATCHER = "DISPATCHER"


def callers() -> list[tuple[str, int]]:
    """Who rings in which minute: line A loses all (72 calls), line B what lies behind its section switch (36 households, twice
    each: 72 calls), line C two transformers that have nothing to do with each other, and 32 further calls there."""
    line_a = [(f"A{t}-{h:02d}", (t * 12 + h) % 40) for t in range(1, 7) for h in range(1, 13)]
    line_b = [(f"B{t}-{h:02d}", 5 + (t * 7 + h) % 40) for t in (4, 5, 6) for h in range(1, 13) for _ in range(2)]
    line_c = [(f"C{t}-{h:02d}", 10 + h) for t in (1, 4) for h in range(1, 13)]
    again = [(f"C{t}-{h:02d}", 30 + h) for t in (1, 4) for h in range(1, 13)]
    return sorted(
        [*line_a, *line_b, *line_c, *again, *[(f"C1-{h:02d}", 45) for h in range(1, 9)]], key=lambda one: one[1]
    )


def the(level: str, line: str) -> RepairIncident:
    return RepairIncident.objects.get(state="OPEN", level=level, feeder__code=f"F{line}")


def send_the_proposed(charter: Charter, number: str, at: datetime) -> str:
    first = crews.ranking_for_incident(SCOPE, number, charter=charter, now=at)[0]
    incidents.send(number=number, code=first.code, actor=make.actor(DISPATCHER), at=at, charter=charter)
    return first.code


def go(charter: Charter, number: str, code: str, *, at: datetime, hours: int) -> None:
    leader = storm.leader(code)
    incidents.accept(number=number, actor=leader, at=at, charter=charter)
    incidents.arrive(number=number, proofs=(make.HERE,), expected_at=at + timedelta(hours=hours), actor=leader,
                     at=at + timedelta(minutes=1), charter=charter)  # fmt: skip


def restore(charter: Charter, number: str, code: str, at: datetime) -> int:
    return incidents.restore(
        number=number, cause="大风倒树", restored_at=at, proofs=(make.HERE, make.PHOTO), result="REPAIRED",
        actor=storm.leader(code), at=at, charter=charter,
    ).cases  # fmt: skip


@pytest.mark.timeout(600)
def test_a_storm_night(transactional_db: None) -> None:
    charter = storm.build()
    storm.put_crews(charter)
    assert len(callers()) == 200

    # Half an hour of calls; then the dispatcher looks at the board.
    early = [one for one in callers() if one[1] <= 30]
    for account, minute in early:
        storm.call(charter, account, at=storm.after(minute))
    levels = Counter(RepairIncident.objects.filter(state="OPEN").values_list("feeder__code", "level"))
    assert levels == {("FA", "FEEDER"): 1, ("FB", "SWITCH"): 1, ("FC", "TRANSFORMER"): 2}
    assert not crews.waiting_rows(SCOPE).exists()

    # A caller of line B is known before the form is filled in.
    told = known.known_incident(SCOPE, account_number="B6-12")
    assert told is not None
    assert (told.level, told.what, told.expected_at) == ("SWITCH", "分段开关", None)
    assert known.known_incident(SCOPE, account_number="B1-01") is None

    # Q3 says that it is held up, 15 km from line C: 50 minutes. Q2 is 10 km away, 34 minutes, and is proposed there instead.
    crew_actions.report_position(
        code="Q3", longitude_e6=112_350_000, latitude_e6=26_020_000, actor=storm.leader("Q3"), at=storm.after(30),
        charter=charter, key="held-up",
    )  # fmt: skip
    line_a, line_b = the("FEEDER", "A").number, the("SWITCH", "B").number
    single = [one.number for one in RepairIncident.objects.filter(state="OPEN", level="TRANSFORMER").order_by("id")]
    assert crews.proposals_of(SCOPE, single[0])[-1][1:3] == ("Q2", "CREW_MOVED")

    # The lines get the crews that are proposed, which can work on high voltage; then Q2 has an hour in hand, and Q3 is
    # proposed for line C again.
    at = storm.after(31)
    sent = {number: send_the_proposed(charter, number, at) for number in (line_a, line_b)}
    assert crews.proposals_of(SCOPE, single[0])[-1][1:3] == ("Q3", "CREW_SENT")
    sent[single[0]] = send_the_proposed(charter, single[0], at)
    assert sent == {line_a: "Q1", line_b: "Q2", single[0]: "Q3"}
    because = Counter(CrewProposal.objects.filter(incident__isnull=False).values_list("because", flat=True))
    assert because["GROUPED"] >= 4

    # They arrive and say when; whoever rings afterwards hears the same and is dispatched in the same minute.
    for number, hours in ((line_a, 3), (line_b, 2), (single[0], 1)):
        go(charter, number, sent[number], at=storm.after(33), hours=hours)
    for account, minute in callers():
        if minute > 30:
            storm.call(charter, account, at=storm.after(max(minute, 35)))
    # 21:33 and three hours, two hours, one hour.
    for number, text in ((line_a, "00:33"), (line_b, "23:33"), (single[0], "22:33")):
        forms = Case.objects.filter(incident_member__incident__number=number).values_list("form", flat=True)
        assert {json.loads(one)["EXPECTED"][11:16] for one in forms} == {text}
    later = known.known_incident(SCOPE, account_number="A1-01")
    assert later is not None
    assert later.expected_at == storm.after(33) + timedelta(hours=3)

    # The last one waited for a crew: Q3 is free first, is proposed, and goes.
    assert restore(charter, single[0], "Q3", storm.after(80)) > 0
    newest = crews.proposals_of(SCOPE, single[1])[-1]
    assert newest[1:3] == ("Q3", "CREW_FREE")
    assert send_the_proposed(charter, single[1], storm.after(81)) == "Q3"
    go(charter, single[1], "Q3", at=storm.after(100), hours=1)
    restore(charter, single[1], "Q3", storm.after(130))
    restore(charter, line_b, "Q2", storm.after(140))
    restore(charter, line_a, "Q1", storm.after(190))

    counted(charter)


def counted(charter: Charter) -> None:
    """In the morning."""
    while due := telling.due_clocks(now=storm.after(600), most=500):
        for clock in due:
            telling.tell_clock(clock=clock, at=storm.after(600), charter=charter)
    assert Case.objects.filter(process="fault_repair").count() == Case.objects.filter(state="FINISHED").count()
    assert set(RepairIncident.objects.exclude(state="ABSORBED").values_list("state", flat=True)) == {"RESTORED"}
    assert CrewJob.objects.filter(ended_at__isnull=True).count() == 0
    share = crews.taken(SCOPE, since=storm.NIGHT, until=storm.after(600))
    assert (share.sent, share.taken, share.percent) == (4, 4, 100)
    # Arrival within 45 minutes: kept for everybody but whoever rang early about the one transformer that waited for a crew
    # until 22:41 (100 minutes into the night).
    arrival = rows.clock_rows(SCOPE, now=storm.after(600)).filter(clock="ARRIVAL")
    assert arrival.count() == 200
    waited = Case.objects.filter(
        incident_member__incident__in=RepairIncident.objects.filter(jobs__sent_at=storm.after(81))
    )
    broken = set(arrival.filter(is_broken=True).values_list("number", flat=True))
    expected = {one.number for one in waited if storm.after(101) - one.opened_at > timedelta(minutes=45)}
    assert broken == expected
    assert broken
    assert CaseClock.objects.filter(stopped_at__isnull=True).count() == 0
    assert checks.faults(charter) == []
