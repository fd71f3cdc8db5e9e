"""A crew of another office: what it sees and does before, while and after it has something in hand, and what it never does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.kits import storm_world as storm

from wandeng.domains.cases import reach
from wandeng.domains.cases.actions import crews, incidents, permits, revealing, steering, work
from wandeng.domains.cases.frames import events
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import Case, CaseEntry, CrewMember, RepairIncident, WorkPermit
from wandeng.domains.cases.queries import incidents as incident_queries
from wandeng.domains.cases.queries import offered, one, rows
from wandeng.domains.cases.queries import permits as permit_queries
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Done, NotYours, Proof
from wandeng.domains.customers.queries import accounts
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed, NotFound

OF_THE_CREW = ("leader-N1", "mate-N1")
CHECKS = ("CUSTOMER_PERMIT", "SWITCHED_OFF", "TESTED", "BRIEFED")


@pytest.fixture
def night(db: None) -> Charter:
    charter = storm.build()
    storm.two_offices(charter)
    return charter


def rang(charter: Charter, account: str = "B1-01", minutes: int = 0, **also: str) -> str:
    return storm.call(charter, account, at=storm.after(minutes), **also).number


def sent(charter: Charter, number: str, minutes: int = 1) -> Done:
    return crews.send(
        number=number, code="N1", actor=make.actor("DISPATCHER"), at=storm.after(minutes), charter=charter
    )


def struck(charter: Charter) -> str:
    for account in ("A1-01", "A1-02"):
        rang(charter, account)
    return RepairIncident.objects.get(state="OPEN").number


def sees(code: str, number: str) -> bool:
    """By the lock, by a query about one and by the condition of lists, which say the same."""
    actor, row = storm.of_the_east(code), Case.objects.select_related("unit").get(number=number)
    found = reach.covers(actor, row)
    assert reach.limit(Scope.of(actor), Case.objects.filter(number=number)).exists() == found
    if not found:
        with pytest.raises(NotFound, match=f"^there is no case {number}$"):
            one.case(Scope.of(actor), number, charter=Charter.current(), now=storm.after(0))
        with pytest.raises(NotFound, match=f"^there is no case {number}$"):
            steering.note(number=number, text="看看", actor=actor, at=storm.after(300))
        return False
    seen = one.case(Scope.of(actor), number, charter=Charter.current(), now=storm.after(0))
    assert seen.glance.number == number
    return True


def listed(code: str) -> list[str]:
    actor = storm.of_the_east(code)
    found = rows.field_rows(Scope.of(actor), roles=actor.roles, person=actor.code)
    return list(found.values_list("number", flat=True))


def finish(charter: Charter, number: str, step: str, minutes: int, actor: Actor, **also: object) -> Done:
    told = {
        "ACCEPT": {},
        "ARRIVE": {"answers": {"EXPECTED": storm.after(120).isoformat()}, "proofs": (make.HERE,)},
        "RESTORE": {
            "answers": {"CAUSE": "接户线断", "RESTORED": storm.after(minutes).isoformat()},
            "proofs": (make.HERE, make.PHOTO), "result": "REPAIRED",
        },
    }[step]  # fmt: skip
    return work.finish(
        number=number, step=step, actor=actor, at=storm.after(minutes), charter=charter, **(told | also)  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_fault_is_in_the_hands_of_a_neighbors_crew_from_the_sending_to_the_end(night: Charter) -> None:
    number, other = rang(night), rang(night, "C1-01")
    assert not any(sees(code, number) for code in OF_THE_CREW)
    assert listed("leader-N1") == []

    assert sent(night, number).handler == "leader-N1"

    leader = storm.of_the_east("leader-N1")
    assert all(sees(code, number) for code in OF_THE_CREW)
    assert not sees("other-east", number)
    assert not any(sees(code, other) for code in OF_THE_CREW)
    assert (listed("leader-N1"), listed("other-east")) == ([number], [])
    finish(night, number, "ACCEPT", 5, leader)
    steering.note(number=number, text="在路上", actor=storm.of_the_east("mate-N1"), at=storm.after(6))
    work.hand_in(number=number, proofs=[Proof("PAPER", label="现场勘查")], actor=storm.of_the_east("mate-N1"),
                 at=storm.after(7), charter=night)  # fmt: skip
    with pytest.raises(NotYours):
        finish(night, number, "ARRIVE", 8, storm.of_the_east("mate-N1"))
    finish(night, number, "ARRIVE", 20, leader)
    assert finish(night, number, "RESTORE", 50, leader).state == "FINISHED"

    assert not any(sees(code, number) for code in OF_THE_CREW)
    assert listed("leader-N1") == []


def test_what_is_taken_back_is_out_of_their_hands(night: Charter) -> None:
    number = rang(night)
    sent(night, number)
    work.send_back(number=number, to_step="DISPATCH", reason="路不通", actor=storm.of_the_east("leader-N1"),
                   at=storm.after(5), charter=night)  # fmt: skip

    assert not any(sees(code, number) for code in OF_THE_CREW)


def test_who_left_the_crew_has_its_jobs_no_longer(night: Charter) -> None:
    number = rang(night)
    sent(night, number)
    CrewMember.objects.filter(person="mate-N1").update(until=storm.after(3))

    assert (sees("leader-N1", number), sees("mate-N1", number)) == (True, False)


def test_an_incident_comes_with_its_cases_and_with_those_that_join_later(night: Charter) -> None:
    number = struck(night)
    first = list(Case.objects.order_by("id").values_list("number", flat=True))
    leader, mate = (storm.of_the_east(code) for code in OF_THE_CREW)
    for actor in (leader, mate, storm.of_the_east("other-east")):
        with pytest.raises(NotFound, match=f"^there is no incident {number}$"):
            incidents.accept(number=number, actor=actor, at=storm.after(1), charter=night)
        with pytest.raises(NotFound, match=f"^there is no incident {number}$"):
            incident_queries.incident(Scope.of(actor), number, now=storm.after(1))

    incidents.send(number=number, code="N1", actor=make.actor("DISPATCHER"), at=storm.after(2), charter=night)

    assert [incident_queries.is_reached(Scope.of(one), number) for one in (leader, mate)] == [True, True]
    with pytest.raises(NotAllowed):
        incidents.accept(number=number, actor=mate, at=storm.after(3), charter=night)
    with pytest.raises(NotFound):
        incidents.accept(number=number, actor=storm.of_the_east("other-east"), at=storm.after(3), charter=night)
    assert incidents.accept(number=number, actor=leader, at=storm.after(3), charter=night).cases == 2
    late = rang(night, "A1-03", minutes=10)
    assert all(sees(code, one) for code in OF_THE_CREW for one in (*first, late))
    incidents.arrive(number=number, proofs=(make.HERE,), expected_at=storm.after(120), actor=leader, at=storm.after(20),
                     charter=night)  # fmt: skip
    later = rang(night, "A1-04", minutes=30)
    assert sees("leader-N1", later)
    done = incidents.restore(
        number=number, cause="树枝碰线", restored_at=storm.after(60), proofs=(make.HERE, make.PHOTO), result="REPAIRED",
        actor=leader, at=storm.after(60), charter=night,
    )  # fmt: skip

    assert done.cases == 4
    assert not any(sees("leader-N1", one) for one in (*first, late, later))
    with pytest.raises(NotFound):
        incident_queries.incident(Scope.of(leader), number, now=storm.after(61))
    assert not incident_queries.incident_rows(Scope.of(leader)).exists()


def test_what_only_the_office_does_is_not_done_from_another(night: Charter) -> None:
    alone, number = rang(night), struck(night)
    first = Case.objects.exclude(number=alone).earliest("id").number
    sent(night, alone)
    incidents.send(number=number, code="N1", actor=make.actor("DISPATCHER"), at=storm.after(2), charter=night)
    # Even with every role over the east.
    roles = frozenset({"CELL_MANAGER", "DISPATCHER", "COUNTY_MANAGER", "CALL_CLERK", "HALL_CLERK"})
    boss = Actor("leader-N1", storm.of_the_east("leader-N1").person_id, "c01/east/", roles)
    at, charter = storm.after(5), night
    told = {"actor": boss, "at": at}
    refused: list[Callable[[], object]] = [
        lambda: work.assign(number=alone, handler="other-east", charter=charter, **told),  # type: ignore[arg-type]
        lambda: steering.press(number=alone, note="快", charter=charter, **told),  # type: ignore[arg-type]
        lambda: steering.supervise(number=alone, reason="督", charter=charter, **told),  # type: ignore[arg-type]
        lambda: steering.transfer(number=alone, unit_code="east", reason="近", charter=charter, **told),  # type: ignore[arg-type]
        lambda: steering.withdraw(number=alone, reason="不修了", charter=charter, **told),  # type: ignore[arg-type]
        lambda: steering.merge(number=alone, into=first, reason="同", **told),  # type: ignore[arg-type]
        lambda: incidents.take_back(number=number, reason="忙", charter=charter, **told),  # type: ignore[arg-type]
        lambda: incidents.dissolve(number=number, reason="不是", charter=charter, **told),  # type: ignore[arg-type]
        lambda: incidents.join(number=number, case=alone, charter=charter, **told),  # type: ignore[arg-type]
    ]
    for do in refused:
        with pytest.raises(NotAllowed, match="lies with another office"):
            do()
    seen = one.case(Scope.of(boss), alone, charter=charter, now=at)
    assert offered.offered(boss, seen) == {"finish", "send_back", "fill", "hand_in", "note", "reveal"}
    with pytest.raises(NotFound):
        accounts.account(Scope.of(boss), "B1-01")
    assert rows.case_rows(Scope.of(boss)).count() == 0
    assert rows.open_rows(Scope.of(boss)).count() == 3
    assert rows.counts(Scope.of(boss), now=at, soon=at, person=boss.code, roles=boss.roles).mine == 3


def test_a_personal_field_is_masked_and_shown_for_a_reason_that_is_logged(night: Charter) -> None:
    number, leader = rang_with_phone(night), storm.of_the_east("leader-N1")
    with pytest.raises(NotFound):
        revealing.reveal(number=number, field="PHONE", reason="联系", actor=leader, at=storm.after(1))
    sent(night, number)

    fields = {
        one.code: one.value for one in one.case(Scope.of(leader), number, charter=night, now=storm.after(2)).fields
    }
    assert fields["PHONE"] == "138****5678"
    assert (
        revealing.reveal(number=number, field="PHONE", reason="问路", actor=leader, at=storm.after(3)) == "13812345678"
    )
    assert CaseEntry.objects.filter(kind="REVEALED", actor="leader-N1", note="问路").count() == 1
    assert Operation.objects.filter(action="case.reveal", actor="leader-N1").count() == 1


def rang_with_phone(charter: Charter) -> str:
    return make.open_fault(charter, at=storm.after(0), account_number="B1-01").number


def test_a_role_held_elsewhere_says_nothing_of_a_confidential_case(night: Charter) -> None:
    number = rang_with_phone(night)
    sent(night, number)
    Case.objects.update(is_confidential=True)
    mate = storm.of_the_east("mate-N1")
    boss = Actor(mate.code, mate.person_id, mate.unit_path, frozenset({"CELL_MANAGER", "DISPATCHER"}))

    with pytest.raises(NotAllowed):
        revealing.reveal(number=number, field="PHONE", reason="问路", actor=boss, at=storm.after(3))
    with pytest.raises(NotYours):
        finish(night, number, "ACCEPT", 4, boss)
    leader = storm.of_the_east("leader-N1")
    assert (
        revealing.reveal(number=number, field="PHONE", reason="问路", actor=leader, at=storm.after(3)) == "13812345678"
    )


def test_a_permit_is_written_by_the_crew_issued_by_the_office_and_closed_by_who_was_in_charge(night: Charter) -> None:
    number = rang(night, first_class="CUSTOMER_INSIDE")
    sent(night, number)
    leader = storm.of_the_east("leader-N1")
    finish(night, number, "ACCEPT", 5, leader)
    finish(night, number, "ARRIVE", 20, leader)
    permit = permits.write(
        case=number, job="CUSTOMER_FAULT", work="更换断路器", worker="leader-N1", valid_from=storm.after(20),
        valid_to=storm.after(100), actor=leader, at=storm.after(21), charter=night,
    ).number  # fmt: skip
    for check in CHECKS:
        permits.see(number=permit, check=check, actor=storm.of_the_east("mate-N1"), at=storm.after(22))
    neighbor = make.person("dispatcher-east", "DISPATCHER", make.Unit.objects.get(code="east"))
    with pytest.raises(NotFound, match=f"^there is no permit {permit}$"):
        permits.issue(number=permit, actor=neighbor, at=storm.after(23))
    both = Actor("mate-N1", storm.of_the_east("mate-N1").person_id, "c01/east/", frozenset({"DISPATCHER"}))
    with pytest.raises(NotAllowed, match="it is issued there"):
        permits.issue(number=permit, actor=both, at=storm.after(23))
    permits.issue(number=permit, actor=make.actor("DISPATCHER"), at=storm.after(23))
    finish(night, number, "RESTORE", 50, leader)

    # The work is done and the case gone; the permit is theirs until people and tools are away.
    assert not permit_queries.is_reached(Scope.of(storm.of_the_east("mate-N1")), permit)
    assert permit_queries.permit(Scope.of(leader), permit, charter=night).state == "ISSUED"
    permits.close(number=permit, note="人员撤离", actor=leader, at=storm.after(55))
    assert WorkPermit.objects.get().state == "CLOSED"
    with pytest.raises(NotFound, match=f"^there is no permit {permit}$"):
        permit_queries.permit(Scope.of(leader), permit, charter=night)


def test_a_telephone_that_had_no_answer_may_tell_again_after_the_end(night: Charter) -> None:
    number, leader = rang(night), storm.of_the_east("leader-N1")
    sent(night, number)
    finish(night, number, "ACCEPT", 5, leader)
    finish(night, number, "ARRIVE", 20, leader)
    finish(night, number, "RESTORE", 50, leader, key="last")

    assert not finish(night, number, "RESTORE", 50, leader, key="last").is_new
    for key, actor in (("", leader), ("another", leader), ("last", storm.of_the_east("mate-N1"))):
        with pytest.raises(NotFound):
            finish(night, number, "RESTORE", 50, actor, key=key)
    assert one.is_told(Scope.of(leader), number, "last")
    assert not one.is_told(Scope.of(storm.of_the_east("mate-N1")), number, "last")


def test_a_case_handed_to_a_person_without_a_crew_is_theirs_by_name(night: Charter) -> None:
    number = rang(night)
    work.finish(number=number, step="DISPATCH", handler="other-east", actor=make.actor("DISPATCHER"), at=storm.after(1),
                charter=night)  # fmt: skip
    assert (sees("other-east", number), sees("leader-N1", number)) == (True, False)
    taken = events.take(
        [events.Happened("FINISHED", storm.after(2), storm.of_the_east("other-east"), number=number, step="ACCEPT"),
         events.Happened("FINISHED", storm.after(3), storm.of_the_east("mate-N1"), number=number, step="ARRIVE")],
        charter=night,
    )  # fmt: skip
    assert (taken.done, [each.code for each in taken.refused]) == (1, ["NOT_FOUND"])

    work.assign(number=number, handler="cell_manager", actor=make.actor("DISPATCHER"), at=storm.after(4), charter=night)

    assert not sees("other-east", number)


def test_the_lock_asks_no_more_of_who_is_in_the_unit_or_has_the_case(
    night: Charter, django_assert_num_queries: object
) -> None:
    number = rang(night)
    sent(night, number)
    locked_case(make.actor("DISPATCHER"), number)
    for actor in (make.actor("DISPATCHER"), storm.of_the_east("leader-N1")):
        with django_assert_num_queries(1):  # type: ignore[operator]
            locked_case(actor, number, in_hand=True)


def test_a_case_in_nobodys_hands_is_nobodys_elsewhere(night: Charter) -> None:
    number = rang(night)
    nameless = Actor("", None, "c01/east/", frozenset({"CELL_MANAGER"}))

    assert not reach.covers(nameless, Case.objects.select_related("unit").get(number=number))
    assert not reach.limit(Scope("c01/east/"), Case.objects.all()).exists()
    assert not reach.limit(Scope.of(nameless), Case.objects.all()).exists()
    assert reach.limit(Scope.everywhere(), Case.objects.all()).count() == 1
    assert rows.queue_rows(Scope.of(nameless), roles=nameless.roles, person="").count() == 0
