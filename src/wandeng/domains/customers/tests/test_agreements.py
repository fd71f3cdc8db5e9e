from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa
import pytest
from django.db import IntegrityError

from wandeng.domains.customers import actions, queries
from wandeng.domains.customers.models import CustomerAccount, CustomerAgreement
from wandeng.domains.customers.tests import make
from wandeng.domains.customers.types import AgreedRate
from wandeng.infra.models import StateChange
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NoRuleInForce, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
START, END = date(2026, 1, 1), date(2031, 1, 1)
TODAY = date(2026, 3, 5)
WEST = Actor("clerk-w", unit_path="BS/BS-W/", roles=frozenset({"HALL_CLERK"}))


@pytest.fixture(autouse=True)
def _accounts() -> None:
    make.accounts()


def sign(number: str, on: date = TODAY, actor: Actor = SYSTEM) -> None:
    actions.sign_agreement(number=number, signed_on=on, actor=actor, at=make.AT)


def signings(*rows: tuple[str, date | None]) -> pa.Table:
    return pl.DataFrame(rows, {"number": pl.String, "signed_on": pl.Date}, orient="row").to_arrow()


def state(number: str) -> str:
    return CustomerAgreement.objects.get(number=number).state


def test_a_draft_is_signed_on_a_day_that_has_come() -> None:
    make.agreement("A1", "1001", START, END)
    with pytest.raises(InvalidInput):
        sign("A1", date(2026, 3, 6))
    sign("A1")
    row = CustomerAgreement.objects.get(number="A1")
    assert (row.state, row.signed_on) == ("SIGNED", TODAY)
    with pytest.raises(MoveRefused):
        sign("A1")


def test_the_day_is_that_of_the_billing_zone_not_of_utc() -> None:
    # 2026-03-05 20:00 UTC is already the 6th in Shanghai.
    make.agreement("A1", "1001", START, END)
    evening = make.AT.replace(hour=20)
    actions.sign_agreement(number="A1", signed_on=date(2026, 3, 6), actor=SYSTEM, at=evening)
    assert state("A1") == "SIGNED"


def test_an_account_has_one_signed_agreement_a_day() -> None:
    make.agreement("A1", "1001", START, END)
    make.agreement("A2", "1001", date(2030, 12, 31), date(2035, 1, 1))
    make.agreement("A3", "1001", END, date(2035, 1, 1))
    sign("A1")
    with pytest.raises(Conflict, match="A1"):
        sign("A2")
    sign("A3")
    assert [state(number) for number in ("A1", "A2", "A3")] == ["SIGNED", "DRAFT", "SIGNED"]


def test_an_agreement_elsewhere_does_not_exist_for_the_clerk() -> None:
    make.agreement("A4", "1004", START, END)
    with pytest.raises(NotFound):
        sign("A4", actor=WEST)
    with pytest.raises(NotFound):
        actions.draft_agreement(
            number="X",
            account_number="1004",
            valid_from=START,
            valid_to=END,
            library=make.library(),
            actor=WEST,
            at=make.AT,
        )


def test_a_renewal_follows_the_old_one_and_leaves_it_its_last_day() -> None:
    make.agreement("A1", "1001", START, END)
    with pytest.raises(Conflict, match="DRAFT"):
        actions.renew_agreement(
            number="A1", new_number="A2", valid_to=date(2036, 1, 1), library=make.library(), actor=SYSTEM, at=make.AT
        )
    sign("A1")
    actions.renew_agreement(
        number="A1", new_number="A2", valid_to=date(2036, 1, 1), library=make.library(), actor=SYSTEM, at=make.AT
    )
    sign("A2")
    new = CustomerAgreement.objects.get(number="A2")
    assert (new.valid_from, new.renews.number, state("A1")) == (END, "A1", "SIGNED")
    with pytest.raises(Conflict, match="already"):
        actions.renew_agreement(
            number="A1", new_number="A3", valid_to=date(2036, 1, 1), library=make.library(), actor=SYSTEM, at=make.AT
        )


def test_agreements_expire_on_the_day_they_no_longer_hold() -> None:
    make.agreement("A1", "1001", START, date(2026, 3, 5))
    make.agreement("A2", "1002", START, date(2026, 3, 6))
    make.agreement("A3", "1003", START, date(2026, 3, 1))
    sign("A1")
    sign("A2")
    assert actions.expire_due(on=TODAY, actor=SYSTEM, at=make.AT) == 1
    assert [state(number) for number in ("A1", "A2", "A3")] == ["EXPIRED", "SIGNED", "DRAFT"]
    assert actions.expire_due(on=TODAY, actor=SYSTEM, at=make.AT) == 0


def test_a_terminated_agreement_ends_on_that_day_and_makes_room() -> None:
    make.agreement("A1", "1001", START, END)
    sign("A1")
    with pytest.raises(InvalidInput):
        actions.terminate_agreement(number="A1", on=START, actor=SYSTEM, at=make.AT, reason="过户")
    actions.terminate_agreement(number="A1", on=TODAY, actor=SYSTEM, at=make.AT, reason="过户")
    make.agreement("A2", "1001", TODAY, END)
    sign("A2")
    assert CustomerAgreement.objects.get(number="A1").valid_to == TODAY


def test_a_campaign_signs_what_it_can_and_says_why_not_the_rest() -> None:
    for number, account in (("A1", "1001"), ("A2", "1002"), ("A3", "1003"), ("A4", "1004"), ("A5", "1005")):
        make.agreement(number, account, START, END)
    make.agreement("B1", "1001", date(2030, 1, 1), date(2032, 1, 1))
    make.agreement("W1", "1006", START, END)
    actions.withdraw_agreement(number="W1", actor=SYSTEM, at=make.AT, reason="误录")
    sign("A3", date(2026, 3, 1))
    signed, refused = actions.sign_many(
        signings=signings(
            ("A2", TODAY), ("A2", TODAY), ("A3", date(2026, 3, 1)), ("A4", date(2026, 4, 1)), ("A5", None),
            ("A1", TODAY), ("B1", TODAY), ("W1", TODAY), ("nobody's", TODAY),
        ),
        actor=SYSTEM,
        at=make.AT,
        reason="入户签约",
    )  # fmt: skip
    assert signed == 1
    assert {(row["number"], row["code"]) for row in refused.to_pylist()} == {
        ("A2", "TWICE"),
        ("A4", "IN_FUTURE"),
        ("A5", "NO_DAY"),
        ("A1", "OVERLAPS"),
        ("B1", "OVERLAPS"),
        ("W1", "NOT_A_DRAFT"),
        ("nobody's", "UNKNOWN"),
    }
    assert CustomerAgreement.objects.get(number="A2").signed_on == TODAY
    assert StateChange.objects.filter(move="sign", reason="入户签约").count() == 1


def test_the_same_campaign_file_twice_signs_nothing_twice() -> None:
    actions.draft_missing(unit_path="BS/", valid_from=START, valid_to=END, actor=SYSTEM, at=make.AT)
    file = signings(*[(f"{number}-20260101", TODAY) for number, *_ in make.ACCOUNTS])
    first = actions.sign_many(signings=file, actor=SYSTEM, at=make.AT)
    again = actions.sign_many(signings=file, actor=SYSTEM, at=make.AT)
    assert (first[0], first[1].num_rows, again[0], again[1].num_rows) == (6, 0, 0, 0)
    assert StateChange.objects.filter(move="sign").count() == 6


def test_a_clerk_signs_only_what_lies_in_their_unit() -> None:
    make.agreement("A1", "1001", START, END)
    make.agreement("A4", "1004", START, END)
    signed, refused = actions.sign_many(signings=signings(("A1", TODAY), ("A4", TODAY)), actor=WEST, at=make.AT)
    assert (signed, refused.to_pylist()) == (1, [{"number": "A4", "signed_on": TODAY, "code": "UNKNOWN"}])


def test_missing_agreements_are_drafted_once_and_only_where_they_are_missing() -> None:
    make.agreement("A1", "1001", START, END)
    actions.close_account(account_number="1002", on=date(2025, 1, 1), actor=SYSTEM, at=make.AT, reason="销户")
    made = actions.draft_missing(unit_path="BS/BS-W/", valid_from=START, valid_to=END, actor=SYSTEM, at=make.AT)
    again = actions.draft_missing(unit_path="BS/BS-W/", valid_from=START, valid_to=END, actor=SYSTEM, at=make.AT)
    assert (made, again) == (1, 0)  # 1003 alone: 1001 has a draft, 1002 is closed, the rest lies in the east
    assert CustomerAgreement.objects.get(account__account_number="1003").number == "1003-20260101"


def test_the_lists_show_what_ends_and_who_has_none() -> None:
    make.agreement("A1", "1001", START, date(2026, 4, 1))
    make.agreement("A3", "1003", START, date(2026, 5, 4))
    make.agreement("D2", "1002", START, END)
    sign("A1")
    sign("A3")
    actions.renew_agreement(
        number="A1", new_number="R1", valid_to=END, library=make.library(), actor=SYSTEM, at=make.AT
    )
    west = Scope("BS/BS-W/")
    due = queries.agreements_due(west, on=TODAY, until=date(2026, 5, 4))
    assert [(row.number, row.renewed_by) for row in due] == [("A1", "R1")]
    assert len(queries.agreements_due(west, on=TODAY, until=date(2026, 5, 5))) == 2
    without = queries.accounts_without_agreement(west, on=TODAY)
    assert [(row.account_number, row.number) for row in without] == [("1002", "D2")]


def test_progress_counts_by_unit_and_day_and_what_is_left_to_sign() -> None:
    actions.draft_missing(unit_path="BS/", valid_from=START, valid_to=END, actor=SYSTEM, at=make.AT)
    sign("1001-20260101", date(2026, 3, 1))
    sign("1002-20260101", date(2026, 3, 1))
    sign("1004-20260101", date(2026, 3, 5))
    whole = queries.campaign_progress(Scope("BS/"), from_on=date(2026, 3, 1), to_on=date(2026, 4, 1))
    assert [(day.unit_code, day.day.day, day.signed) for day in whole.days] == [("BS-W", 1, 2), ("BS-E", 5, 1)]
    assert (whole.signed, whole.waiting) == (3, 3)
    west = queries.campaign_progress(Scope("BS/BS-W/"), from_on=date(2026, 3, 2), to_on=date(2026, 4, 1))
    assert (west.days, west.signed, west.waiting) == ((), 0, 1)


def test_customers_with_the_same_identity_number_are_one_and_the_number_is_sealed() -> None:
    for account in ("2001", "2002"):
        actions.open_account(
            account_number=account, unit_code="BS-W", name="张三", address="x", customer_class="RESIDENTIAL",
            locality="RURAL", opened_on=START, id_number="43042619900101123X", actor=SYSTEM, at=make.AT,
        )  # fmt: skip
    one, other = CustomerAccount.objects.filter(account_number__in=["2001", "2002"]).select_related("customer")
    assert one.customer_id == other.customer_id
    assert "43042619900101123X" not in one.customer.id_number_sealed + one.customer.id_number_index


def renewed(number: str, new_number: str, **given: object) -> int:
    return actions.renew_agreement(
        number=number, new_number=new_number, valid_to=date(2036, 1, 1), library=make.library(), actor=SYSTEM,
        at=make.AT, **given,
    )  # fmt: skip


def test_a_late_fee_is_agreed_within_the_band_of_the_rule() -> None:
    for rate_e4 in (9, 31, 0, -15):
        with pytest.raises(InvalidInput, match="allows 1 ‰ to 3 ‰"):
            make.agreement("A1", "1003", START, END, rate_e4=rate_e4)
    make.agreement("A1", "1003", START, END, rate_e4=10)
    make.agreement("A2", "1004", START, END, rate_e4=30)
    make.agreement("A3", "1005", START, END)
    rates = CustomerAgreement.objects.order_by("number").values_list("late_fee_rate_e4", flat=True)
    assert list(rates) == [10, 30, None]


def test_a_late_fee_is_not_agreed_for_a_day_without_a_rule() -> None:
    """The rules of the supply of electricity begin on 1996-10-08."""
    with pytest.raises(NoRuleInForce):
        make.agreement("A1", "1003", date(1996, 10, 7), END, rate_e4=15)
    make.agreement("A1", "1003", date(1996, 10, 7), END)
    make.agreement("A2", "1003", date(1996, 10, 8), END, rate_e4=15)


def test_the_database_takes_no_late_fee_that_is_not_above_zero() -> None:
    make.agreement("A1", "1003", START, END)
    for rate_e4 in (0, -1):
        with pytest.raises(IntegrityError):
            CustomerAgreement.objects.filter(number="A1").update(late_fee_rate_e4=rate_e4)


def test_a_renewal_keeps_the_late_fee_unless_another_is_agreed() -> None:
    make.agreement("A1", "1003", START, END, rate_e4=15)
    make.agreement("A2", "1004", START, END, rate_e4=15)
    sign("A1")
    sign("A2")
    renewed("A1", "B1")
    with pytest.raises(InvalidInput, match="4 ‰"):
        renewed("A2", "B2", late_fee_rate_e4=40)
    renewed("A2", "B2", late_fee_rate_e4=20)
    found = CustomerAgreement.objects.filter(number__startswith="B").order_by("number")
    assert list(found.values_list("late_fee_rate_e4", flat=True)) == [15, 20]
    assert [one.late_fee_rate_e4 for one in queries.agreements_of(Scope("BS/"), "1004")] == [20, 15]


def test_the_agreed_late_fee_of_a_day_is_that_of_the_agreement_that_held() -> None:
    everywhere = Scope("BS/")

    def asked(on: date) -> AgreedRate | None:
        return queries.agreed_late_fee_rate(everywhere, "1003", on)

    make.agreement("A1", "1003", date(2025, 1, 1), date(2026, 1, 1), rate_e4=25)
    make.agreement("A2", "1003", date(2026, 1, 1), END, rate_e4=15)
    assert asked(date(2025, 6, 1)) is None  # a draft says nothing yet
    sign("A1", date(2025, 1, 1))
    sign("A2", date(2026, 1, 1))
    actions.expire_due(on=TODAY, actor=SYSTEM, at=make.AT)
    assert state("A1") == "EXPIRED"
    assert asked(date(2024, 12, 31)) is None
    assert asked(date(2025, 12, 31)) == AgreedRate("A1", 25)
    assert asked(date(2026, 1, 1)) == AgreedRate("A2", 15)
    actions.terminate_agreement(number="A2", on=TODAY, actor=SYSTEM, at=make.AT, reason="过户")
    assert (asked(date(2026, 3, 4)), asked(TODAY)) == (AgreedRate("A2", 15), None)
    make.agreement("A3", "1003", TODAY, END)
    sign("A3")
    assert asked(TODAY) is None  # an agreement that is silent leaves it to the rule
    with pytest.raises(NotFound):
        queries.agreed_late_fee_rate(Scope("BS/BS-E/"), "1003", TODAY)
