"""Results of visits and notices, calls, promises, protections: who may, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from wandeng.domains.collections import actions, queries
from wandeng.domains.collections.models import DunningStep, PromiseToPay, ProtectedCustomer
from wandeng.domains.collections.tests.make import arrears as kit
from wandeng.domains.collections.types import PromiseRefused, SamePerson
from wandeng.domains.notices.models import Notice
from wandeng.domains.payments.tests import make as payments
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.ids import AccountId

pytestmark = pytest.mark.django_db
ON = date(2026, 2, 11)
AT = kit.noon_of(ON)


def owing(number: str = kit.HOME) -> AccountId:
    account = kit.found()[number]
    payments.bill(account, "2025-12", 12_345, kit.DUE)
    kit.open_case(account)
    return account


def task(account: AccountId, kind: str = "VISIT") -> int:
    return kit.step(kit.case_of(account), kind, reached_at=None, state="PENDING", taken_at=AT - timedelta(hours=3)).pk


def went(**said: object) -> actions.Result:
    return actions.Result(**{"happened_at": AT - timedelta(hours=1), **said})


def test_a_visit_that_reached_the_family_is_proof_with_time_and_person() -> None:
    step = task(owing())
    assert (
        actions.record_result(step_id=step, result=went(whom="FAMILY", note="明日交"), actor=kit.CELL, at=AT)
        == "REACHED"
    )
    row = DunningStep.objects.get(pk=step)
    assert (row.reached_whom, row.reached_at, row.recorded_by, row.channel) == (
        "FAMILY", AT - timedelta(hours=1), "cell-w", "VISIT",
    )  # fmt: skip
    assert Operation.objects.filter(action="dunning.result").count() == 1


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("VISIT", {}, "say why nobody was reached"),
        ("VISIT", {"whom": "NEIGHBOUR"}, "nobody is called NEIGHBOUR"),
        ("VISIT", {"whom": "CUSTOMER", "happened_at": AT + timedelta(minutes=1)}, "before now"),
        ("VISIT", {"whom": "CUSTOMER", "happened_at": AT - timedelta(hours=4)}, "after the step was ordered"),
        ("NOTICE", {"whom": "CUSTOMER"}, "a notice is proved by a signature or a photo"),
        ("VISIT", {"whom": "WITNESS"}, "what is left with a witness is proved by a photo"),
    ],
)
def test_a_result_without_its_proof_is_refused(kind: str, said: dict[str, object], sentence: str) -> None:
    step = task(owing(), kind)
    with pytest.raises(InvalidInput, match=sentence):
        actions.record_result(step_id=step, result=went(**said), actor=kit.CELL, at=AT)
    assert DunningStep.objects.get(pk=step).state == "PENDING"


def test_a_result_is_said_once_by_somebody_of_the_place() -> None:
    step = task(owing())
    with pytest.raises(NotFound):
        actions.record_result(step_id=step, result=went(whom="CUSTOMER"), actor=kit.ELSEWHERE, at=AT)
    with pytest.raises(NotAllowed):
        actions.record_result(step_id=step, result=went(whom="CUSTOMER"), actor=kit.HALL, at=AT)
    actions.record_result(step_id=step, result=went(whom="CUSTOMER"), actor=kit.CELL, at=AT)
    with pytest.raises(Conflict):
        actions.record_result(step_id=step, result=went(note="没人"), actor=kit.CELL, at=AT)


def test_the_notice_to_an_important_user_names_the_letter_to_the_authority() -> None:
    step = task(owing(kit.HOSPITAL), "NOTICE")
    said = {"whom": "EMPLOYEE", "evidence": "签收 3 号"}
    with pytest.raises(InvalidInput, match="copied to the power authority"):
        actions.record_result(step_id=step, result=went(**said), actor=kit.ELSEWHERE, at=AT)
    actions.record_result(step_id=step, result=went(**said, authority_reference="函 7 号"), actor=kit.ELSEWHERE, at=AT)
    assert kit.case_of(payments.ids()[kit.HOSPITAL]).noticed_on == ON


def test_a_call_that_somebody_made_is_proof_beside_the_ladder() -> None:
    account = owing()
    case = kit.case_of(account)
    actions.record_call(case_id=case.pk, result=went(note="无人接听"), actor=kit.HALL, at=AT)
    actions.record_call(case_id=case.pk, result=went(whom="CUSTOMER"), actor=kit.HALL, at=AT)
    steps = DunningStep.objects.filter(kind="VOICE").order_by("id").values_list("rung", "attempt", "state", "channel")
    assert list(steps) == [(-1, 1, "MISSED", "PHONE"), (-1, 2, "REACHED", "PHONE")]
    assert kit.case_of(account).rung == -1


def test_a_bulk_call_leaves_once_a_day_and_not_at_night() -> None:
    account = owing()
    case, night = kit.case_of(account), kit.night_of(ON)
    assert actions.call_now(case_ids=[case.pk], actor=kit.CELL, at=night) == 1
    assert actions.call_now(case_ids=[case.pk], actor=kit.CELL, at=AT) == 0
    notice = Notice.objects.get()
    # Two in the morning: it leaves at eight.
    assert notice.not_before == night + timedelta(hours=6)
    assert notice.version.template.code == "arrears_call"


def promised(account: AccountId, days: int = 5, amount_fen: int = 12_345) -> int:
    return actions.promise(
        case_id=kit.case_of(account).pk, promised_on=ON + timedelta(days=days), amount_fen=amount_fen, channel="COUNTER",
        actor=kit.HALL, at=AT,
    )  # fmt: skip


@pytest.mark.parametrize(("days", "amount"), [(16, 12_345), (-1, 12_345), (5, 0), (5, 12_346)])
def test_a_promise_keeps_within_the_rule(days: int, amount: int) -> None:
    account = owing()
    with pytest.raises(PromiseRefused):
        promised(account, days, amount)
    assert kit.case_of(account).state == "OPEN"


def test_at_most_two_promises_hold_a_case_and_one_that_was_noted_wrongly_does_not_count() -> None:
    account = owing()
    with pytest.raises(PromiseRefused, match="stated reason"):
        actions.withdraw_promise(promise_id=promised(account), reason=" ", actor=kit.HALL, at=AT)
    wrong = PromiseToPay.objects.get().pk
    actions.withdraw_promise(promise_id=wrong, reason="户号错", actor=kit.HALL, at=AT)
    for _ in range(2):
        made = promised(account)
        PromiseToPay.objects.filter(pk=made).update(state="BROKEN")
        kit.release(account)
    with pytest.raises(PromiseRefused, match="at most 2 promises"):
        promised(account)


def test_a_promise_is_kept_at_once_when_its_part_has_come_in() -> None:
    """50.00 promised of 123.45; 60.00 paid, 1.98 of it late fee (16 days × 1 ‰ × 123.45 = 1.9752)."""
    account = owing()
    made = promised(account, amount_fen=5_000)
    payments.pay(account, 6_000, on=ON)
    assert actions.close_if_paid(account=account, on=ON, at=AT, actor=kit.HALL) is None
    assert PromiseToPay.objects.get(pk=made).state == "KEPT"
    assert PromiseToPay.objects.get(pk=made).paid_fen == 6_000 - 198
    assert kit.case_of(account).state == "OPEN"


def protected(**said: object) -> int:
    told = {
        "account_number": kit.HOME, "kind": "LIFE_SUPPORT", "evidence": "证明 7 号", "valid_from": ON,
        "valid_to": date(2027, 1, 1), "actor": kit.HEAD, "at": AT,
    }  # fmt: skip
    return actions.protect(**(told | said))


def test_a_protection_is_decided_by_a_second_person() -> None:
    kit.found()
    made = protected()
    with pytest.raises(SamePerson):
        actions.approve_protection(protection_id=made, actor=kit.HEAD, at=AT)
    with pytest.raises(NotAllowed):
        actions.approve_protection(protection_id=made, actor=kit.HALL, at=AT)
    actions.refuse_protection(protection_id=made, actor=kit.OTHER_HEAD, at=AT, reason="证明已过期")
    assert queries.protection(Scope.of(kit.HEAD), made).state == "REFUSED"


def test_the_database_itself_refuses_one_person_for_both() -> None:
    kit.found()
    made = protected()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtectedCustomer.objects.filter(pk=made).update(decided_by="head")


def test_a_protection_needs_evidence_a_period_and_no_twin() -> None:
    kit.found()
    for said in ({"evidence": " "}, {"valid_to": ON}, {"kind": "FRIEND"}):
        with pytest.raises(InvalidInput):
            protected(**said)
    protected()
    with pytest.raises(Conflict):
        protected()
    protected(kind="APPROVED")


def test_a_case_can_be_given_to_somebody_of_the_place_with_its_tasks() -> None:
    account = owing(kit.SHOP)
    step = task(account)
    case = kit.case_of(account)
    assert actions.assign(case_ids=[case.pk], responsible="cell-e2", actor=kit.HEAD, at=AT) == 1
    assert DunningStep.objects.get(pk=step).responsible == "cell-e2"
    with pytest.raises(InvalidInput, match="no post over the unit"):
        actions.assign(case_ids=[case.pk], responsible="cell-w", actor=kit.HEAD, at=AT)


def test_other_units_see_no_case() -> None:
    account = owing()
    with pytest.raises(NotFound):
        queries.case(Scope.of(kit.ELSEWHERE), kit.case_of(account).pk)
    assert queries.case_of_account(Scope.of(kit.ELSEWHERE), account) is None
    assert not queries.case_rows(Scope.of(kit.ELSEWHERE)).exists()
