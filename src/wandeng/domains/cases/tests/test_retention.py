"""What proves a case is kept its years, held while somebody needs it, and destroyed by two persons."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from wandeng.domains.cases import checks, evidence
from wandeng.domains.cases.actions import ending, intake, retention, steering, work
from wandeng.domains.cases.models import Case, CaseEntry, CasePaper, EvidenceDestruction
from wandeng.domains.cases.queries import one, rows
from wandeng.domains.cases.queries import retention as queries
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Proof, Request
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import BILLING_ZONE

SCOPE = Scope("c01/")
FOUND = {
    "RESPONSIBLE": "MARKETING",
    "CAUSE_FOUND": "YES",
    "PERSON_DEALT_WITH": "YES",
    "STAFF_TAUGHT": "YES",
    "PUT_RIGHT": "YES",
}
# Closed on 12 October 2026; an ordinary complaint is kept for three years, to the end of 12 October 2029.
LAST_DAY = datetime(2029, 10, 12, 12, tzinfo=BILLING_ZONE)
OVER = LAST_DAY + timedelta(days=1)


def opened(charter: Charter, wish: str) -> str:
    request = Request("complaint", "PHONE_95598", {"MATTER": "态度差", "WISH": wish, "NAME": "李四"}, unit_code="c01")
    return intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter).number


def with_photo(charter: Charter, wish: str) -> str:
    """An open complaint of which a photo was handed in."""
    number = opened(charter, wish)
    photo = Proof("PHOTO", file_name="l.jpg", content=b"\xff\xd8\xff\xe0" + wish.encode())
    work.hand_in(number=number, proofs=(photo,), actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter)
    return number


def merge(number: str, into: str) -> None:
    steering.merge(number=number, into=into, reason="同一件事", actor=make.actor("CALL_CLERK"), at=make.NOW)


def closed(
    charter: Charter, picture: bytes = b"\xff\xd8\xff\xe0letter", *, wish: str = "道歉", number: str = ""
) -> str:
    number = number or opened(charter, wish)
    photo = Proof("PHOTO", file_name="letter.jpg", content=picture)
    steps = (
        ("DISPATCH", "CALL_CLERK", {}, ()),
        ("ACCEPT", "AUDITOR", {}, ()),
        ("CONTACT", "AUDITOR", {}, (make.RECORDING,)),
        ("HANDLE", "AUDITOR", FOUND, (make.PAPER, photo)),
        ("ANSWER", "AUDITOR", {"REPLY": "已致歉"}, (make.RECORDING,)),
    )
    for place, (step, role, answers, proofs) in enumerate(steps, start=1):
        work.finish(
            number=number, step=step, actor=make.actor(role), at=make.after(place), charter=charter, answers=answers,
            proofs=proofs, result="TRUE" if step == "ANSWER" else "",
        )  # fmt: skip
    ending.call_back(
        number=number, score=5, remark="", channel="PHONE", actor=make.actor("CALL_CLERK"), at=make.after(10), charter=charter
    )  # fmt: skip
    return number


def file_of(number: str) -> Path:
    paper = CasePaper.objects.exclude(file_hash="").get(case__number=number)
    return Path(settings.HOME) / "cases" / paper.file_hash[:2] / f"{paper.file_hash}.jpg"


def written_long_ago(path: Path) -> None:
    """Files of a test are made now, its clock runs in another year."""
    years_before = (OVER - timedelta(days=900)).timestamp()
    os.utime(path, (years_before, years_before))


def propose(number: str, at: datetime = OVER) -> int:
    return retention.propose(numbers=[number], reason="保管期满", actor=make.actor("AUDITOR"), at=at)


def approve(number: str, at: datetime = OVER) -> int:
    return retention.approve(numbers=[number], actor=make.actor("COUNTY_MANAGER"), at=at)


def standing(number: str, at: datetime = OVER) -> str:
    found = queries.evidence_rows(SCOPE, today=at.astimezone(BILLING_ZONE).date()).filter(number=number)
    return str(found.get()["standing"])


def test_evidence_is_due_on_the_day_after_its_years(charter: Charter) -> None:
    number = closed(charter)
    assert standing(number, LAST_DAY) == "KEPT"
    assert standing(number, OVER) == "DUE"
    with pytest.raises(Conflict, match="is kept until 2029-10-12"):
        propose(number, LAST_DAY)
    assert propose(number) == 1
    assert standing(number) == "PROPOSED"


def test_an_open_case_is_not_even_listed(charter: Charter) -> None:
    number = make.open_fault(charter).number
    assert not queries.evidence_rows(SCOPE, today=OVER.date()).filter(number=number).exists()
    with pytest.raises(Conflict, match="is OPEN"):
        propose(number)


@pytest.mark.django_db(transaction=True)
def test_two_persons_destroy_the_file_and_what_it_was_stays(charter: Charter) -> None:
    number = closed(charter)
    path = file_of(number)
    written_long_ago(path)
    digest = CasePaper.objects.exclude(file_hash="").get(case__number=number).file_hash
    propose(number)
    assert approve(number) == 1
    assert not path.exists()
    assert standing(number) == "DESTROYED"
    (told,) = queries.destroyed(SCOPE, number)
    assert told["what"] == [{"hash": digest, "kind": "PHOTO", "step": "HANDLE"}]
    assert (told["proposed_by"], told["decided_by"]) == (make.actor("AUDITOR").code, make.actor("COUNTY_MANAGER").code)
    assert CaseEntry.objects.filter(case__number=number).last().kind == "DESTROYED"
    paper = CasePaper.objects.get(case__number=number, kind="PHOTO")
    with pytest.raises(NotFound, match="was destroyed"):
        one.paper(SCOPE, paper.pk)
    assert checks.faults(charter) == []


def test_whoever_proposed_does_not_approve(charter: Charter) -> None:
    number = closed(charter)
    manager = make.actor("COUNTY_MANAGER")
    retention.propose(numbers=[number], reason="保管期满", actor=manager, at=OVER)
    with pytest.raises(NotAllowed, match="does not approve"):
        retention.approve(numbers=[number], actor=manager, at=OVER)
    assert file_of(number).exists()


def test_the_database_itself_wants_two_persons(charter: Charter) -> None:
    propose(closed(charter))
    row = EvidenceDestruction.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceDestruction.objects.filter(pk=row.pk).update(decided_by=row.proposed_by)


def test_an_auditor_does_not_approve(charter: Charter) -> None:
    number = closed(charter)
    propose(number)
    with pytest.raises(NotAllowed):
        retention.approve(numbers=[number], actor=make.actor("AUDITOR"), at=OVER)


def test_a_hold_lets_a_proposal_fall_and_nothing_be_destroyed(charter: Charter) -> None:
    number = closed(charter)
    propose(number)
    retention.hold(numbers=[number], reason="法院调取", actor=make.actor("COUNTY_MANAGER"), at=OVER)
    assert EvidenceDestruction.objects.get().state == "REFUSED"
    assert standing(number) == "HELD"
    with pytest.raises(Conflict, match="is held"):
        propose(number)
    retention.release(numbers=[number], reason="已结案", actor=make.actor("COUNTY_MANAGER"), at=OVER)
    assert standing(number) == "DUE"
    assert propose(number) == 1
    with pytest.raises(Conflict, match="is not held"):
        retention.release(numbers=[number], reason="再解", actor=make.actor("COUNTY_MANAGER"), at=OVER)


def test_holding_twice_is_holding_once(charter: Charter) -> None:
    number = closed(charter)
    hold = {"numbers": [number], "reason": "法院调取", "actor": make.actor("AUDITOR"), "at": OVER}
    assert (retention.hold(**hold), retention.hold(**hold)) == (1, 0)


def test_a_proposal_is_taken_back_or_refused_and_made_again(charter: Charter) -> None:
    number = closed(charter)
    propose(number)
    retention.refuse(numbers=[number], reason="填错", actor=make.actor("AUDITOR"), at=OVER)
    propose(number)
    retention.refuse(numbers=[number], reason="再留一年", actor=make.actor("COUNTY_MANAGER"), at=OVER)
    assert list(EvidenceDestruction.objects.order_by("id").values_list("state", flat=True)) == ["WITHDRAWN", "REFUSED"]
    with pytest.raises(Conflict, match="nobody proposed"):
        approve(number)
    with pytest.raises(InvalidInput, match="say why"):
        retention.propose(numbers=[number], reason=" ", actor=make.actor("AUDITOR"), at=OVER)


def test_one_case_that_cannot_holds_up_the_whole_list(charter: Charter) -> None:
    done, still_open = closed(charter), make.open_fault(charter).number
    with pytest.raises(Conflict):
        retention.propose(numbers=[done, still_open], reason="期满", actor=make.actor("AUDITOR"), at=OVER)
    assert not EvidenceDestruction.objects.exists()


def test_a_case_opened_again_is_not_destroyed_under_its_people(charter: Charter) -> None:
    number = closed(charter)
    # The working days of 2029 are not published: its years are over in another way here.
    Case.objects.filter(number=number).update(kept_until=date(2026, 10, 12))
    later = make.NOW + timedelta(days=2)
    propose(number, later)
    ending.reopen(number=number, reason="新情况", actor=make.actor("COUNTY_MANAGER"), at=later, charter=charter)
    with pytest.raises(Conflict, match="is OPEN"):
        approve(number, later)
    assert file_of(number).exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_case_needs_stays_until_that_one_goes(charter: Charter) -> None:
    first, second = closed(charter), closed(charter, wish="赔偿")
    path = file_of(first)
    assert path == file_of(second)
    written_long_ago(path)
    propose(first)
    approve(first)
    assert path.exists()
    propose(second)
    approve(second)
    assert not path.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_being_handed_in_again_is_left_for_the_night(charter: Charter) -> None:
    number = closed(charter)
    path = file_of(number)
    written_long_ago(path)
    # Somebody hands the same picture in: its paper is not committed yet when the other transaction destroys.
    evidence.papers(Case.objects.get(number=number), "HANDLE", [Proof("PHOTO", file_name="x.jpg", content=path.read_bytes())],
                    make.actor("AUDITOR"), OVER)  # fmt: skip
    moment = OVER.timestamp()
    os.utime(path, (moment, moment))
    propose(number)
    approve(number)
    assert path.exists()
    assert retention.forget(at=OVER + timedelta(hours=2)) == 1
    assert not path.exists()
    assert retention.forget(at=OVER + timedelta(hours=3)) == 0


def test_evidence_of_another_county_is_not_there(charter: Charter) -> None:
    number = closed(charter)
    assert queries.evidence_rows(Scope("c02/"), today=OVER.date()).count() == 0
    with pytest.raises(NotFound):
        queries.destroyed(Scope("c02/"), number)
    assert rows.case_rows(SCOPE).filter(number=number).exists()


def test_the_list_asks_the_database_once(charter: Charter, django_assert_num_queries: object) -> None:
    closed(charter)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert len(list(queries.evidence_rows(Scope.everywhere(), today=OVER.date()))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_case_is_kept_its_years_from_the_day_it_was_withdrawn(charter: Charter) -> None:
    number = with_photo(charter, "道歉")
    steering.withdraw(
        number=number, reason="已谅解", actor=make.actor("CALL_CLERK"), at=make.after(60 * 24), charter=charter
    )
    path = file_of(number)
    written_long_ago(path)
    # Withdrawn on 13 October 2026, a day after it was opened: three years are over at the end of 13 October 2029.
    assert [standing(number, OVER + timedelta(days=days)) for days in (0, 1)] == ["KEPT", "DUE"]
    with pytest.raises(Conflict, match="is kept until 2029-10-13"):
        propose(number)
    propose(number, OVER + timedelta(days=1))
    approve(number, OVER + timedelta(days=1))
    assert not path.exists()


def test_a_merged_case_is_kept_as_long_as_the_one_it_went_into(charter: Charter) -> None:
    number, into = with_photo(charter, "道歉"), opened(charter, "赔偿")
    merge(number, into)
    with pytest.raises(Conflict, match=f"case {into} is OPEN"):
        propose(number)
    assert not queries.evidence_rows(SCOPE, today=OVER.date()).filter(number=number).exists()
    closed(charter, number=into)
    assert [standing(number, at) for at in (LAST_DAY, OVER)] == ["KEPT", "DUE"]
    # Opened again, it decides anew.
    Case.objects.filter(number__in=[number, into]).update(kept_until=date(2026, 10, 11))
    ending.reopen(number=into, reason="新情况", actor=make.actor("COUNTY_MANAGER"), at=make.after(30), charter=charter)
    with pytest.raises(Conflict, match=f"case {into} is OPEN"):
        propose(number)
    steering.withdraw(number=into, reason="已谅解", actor=make.actor("AUDITOR"), at=make.after(60), charter=charter)
    assert standing(number, LAST_DAY) == "KEPT"
    assert standing(number) == "DUE"


def test_what_was_merged_twice_goes_with_the_last_and_a_hold_on_that_holds_all(charter: Charter) -> None:
    first, second, last = with_photo(charter, "道歉"), with_photo(charter, "赔偿"), opened(charter, "换表")
    merge(first, second)
    merge(second, last)
    assert set(Case.objects.filter(number__in=[first, second]).values_list("into__number", flat=True)) == {last}
    closed(charter, number=last)
    assert [standing(number) for number in (first, second)] == ["DUE", "DUE"]
    retention.hold(numbers=[last], reason="法院调取", actor=make.actor("AUDITOR"), at=make.after(60))
    assert [standing(number) for number in (first, second, last)] == ["HELD"] * 3
    with pytest.raises(Conflict, match=f"case {last} is held"):
        propose(first)
    retention.release(numbers=[last], reason="已结案", actor=make.actor("AUDITOR"), at=make.after(90))
    assert propose(first) == 1
