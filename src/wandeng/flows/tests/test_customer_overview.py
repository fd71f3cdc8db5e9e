"""One account with a summer of bills: its page and its timeline say what was billed, metered, agreed and held."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.customers import actions as customers
from wandeng.domains.metering.models import MeterInstallation, Reading
from wandeng.domains.network.models import UsagePoint
from wandeng.flows import customer_overview, customer_timeline
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
INSIDE, ELSEWHERE = Scope(f"{world.UNIT}/"), Scope("c02/")
JULY, AUGUST, SEPTEMBER = Month(2026, 7), Month(2026, 8), Month(2026, 9)
TODAY = date(2026, 10, 2)


@pytest.fixture(autouse=True)
def _billed(settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    pii.create_key()
    world.found()
    reads = {date(2026, 7, 1): 1000, date(2026, 8, 1): 1150, date(2026, 9, 1): 1400, date(2026, 10, 1): 1500}
    world.add_account("1", total=reads)
    for month in (JULY, AUGUST):
        steps.bill_month(month)


def entries(*kinds: str) -> list[tuple[str, str]]:
    found = customer_timeline.timeline(INSIDE, "1", on=TODAY, kinds=frozenset(kinds))
    return [(one.kind, one.what) for one in found]


def test_the_head_says_what_is_owed_and_what_to_look_at() -> None:
    head = customer_overview.header(INSIDE, "1", on=TODAY)
    bills = customer_overview.bills(INSIDE, "1", on=TODAY)
    assert head.balance_fen == sum(one.amount_fen for one in bills) > 0
    assert [hint.code for hint in head.hints] == ["NO_AGREEMENT", "NO_CONTACT"]
    customers.draft_agreement(number="H1", account_number="1", valid_from=date(2021, 11, 1), valid_to=date(2026, 11, 1),
                              library=RuleLibrary.load(default_root()), actor=SYSTEM, at=world.NOW)  # fmt: skip
    customers.sign_agreement(number="H1", signed_on=date(2021, 11, 1), actor=SYSTEM, at=world.NOW)
    customers.add_contact(account_number="1", phone="13812345678", actor=SYSTEM, at=world.NOW)
    hints = customer_overview.header(INSIDE, "1", on=TODAY).hints
    assert [(hint.code, hint.on) for hint in hints] == [
        ("AGREEMENT_ENDS", date(2026, 11, 1)),
        ("CONTACT_UNCHECKED", None),
    ]
    customers.close_account(account_number="1", on=TODAY, actor=SYSTEM, at=world.NOW, reason="拆迁")
    assert [hint.code for hint in customer_overview.header(INSIDE, "1", on=TODAY).hints] == ["CLOSED"]


def test_the_overview_leads_from_the_point_to_the_substation() -> None:
    seen = customer_overview.overview(INSIDE, "1", on=TODAY)
    (point,) = seen.points
    assert (point.code, point.transformer_code, point.feeder_code, point.substation_code) == (
        "P1", "T-c01", "F-c01", "S-c01",
    )  # fmt: skip
    assert [(one.asset_number, one.removed_on, one.multiplier) for one in seen.meters] == [("M1", None, 1)]
    assert seen.terms[0].on(TODAY).terms.price_code == world.RESIDENTIAL  # type: ignore[union-attr]
    assert [(one.month, one.energy_ckwh, one.run_state) for one in seen.bills] == [
        (AUGUST, 250_00, "PUBLISHED"),  # 1400 − 1150
        (JULY, 150_00, "PUBLISHED"),  # 1150 − 1000
    ]
    assert seen.holds == seen.held_readings == ()


def test_what_waits_for_a_person_is_shown_as_held() -> None:
    reading = Reading.objects.order_by("-read_on").first()
    assert reading is not None
    Reading.objects.filter(pk=reading.pk).update(state="HELD", hold_reason="JUMP")
    steps.run_to_check(SEPTEMBER)
    seen = customer_overview.overview(INSIDE, "1", on=TODAY)
    assert [(one.read_on, one.hold_reason) for one in seen.held_readings] == [(date(2026, 10, 1), "JUMP")]
    assert [(one.code, one.month) for one in seen.holds] == [("MISSING_READING", SEPTEMBER)]
    assert ("reading", "HELD") in entries("reading")


def test_usage_is_what_was_billed_month_by_month_from_the_first_bill_to_the_last() -> None:
    used = customer_overview.usage(INSIDE, "1", on=TODAY)
    assert [(str(one.month), one.energy_ckwh, one.last_year_ckwh) for one in used.months] == [
        ("2026-07", 150_00, None),
        ("2026-08", 250_00, None),
    ]
    assert used.days == ()
    in_a_year = customer_overview.usage(INSIDE, "1", on=TODAY + timedelta(days=330))
    assert [one.energy_ckwh for one in in_a_year.months] == [150_00, 250_00]


def test_a_rebilled_month_is_counted_once_and_told_three_times() -> None:
    installation = MeterInstallation.objects.get()
    world.correct_reading(installation.pk, date(2026, 9, 1), 1380)
    steps.rebill("1", AUGUST)
    used = {str(one.month): one.energy_ckwh for one in customer_overview.usage(INSIDE, "1", on=TODAY).months}
    assert used == {"2026-07": 150_00, "2026-08": 230_00}  # 1380 − 1150
    kinds = [(one.kind, one.stands) for one in customer_overview.bills(INSIDE, "1", on=TODAY) if one.month == AUGUST]
    assert kinds == [("REBILL", True), ("CANCELLATION", False), ("ORDINARY", False)]
    assert entries("correction") == [("correction", "REBILL")]
    assert sorted(entries("bill")) == [
        ("bill", "CANCELLATION"), ("bill", "ORDINARY"), ("bill", "ORDINARY"), ("bill", "REBILL"),
    ]  # fmt: skip
    assert entries("reading") == [("reading", "CORRECTED")]


def test_the_timeline_tells_a_life_newest_first() -> None:
    point = UsagePoint.objects.get()
    MeterInstallation.objects.update(removed_on=date(2026, 9, 10))
    world.hang_meter(point, "M2", installed_on=date(2026, 9, 10))
    found = customer_timeline.timeline(INSIDE, "1", on=TODAY)
    assert [one.moment for one in found] == sorted((one.moment for one in found), reverse=True)
    assert ("meter", "EXCHANGED") in entries("meter")
    assert ("meter", "REMOVED") not in entries("meter")
    assert entries("account", "price") == [("account", "OPENED"), ("price", "ASSIGNED")]
    assert len(customer_timeline.timeline(INSIDE, "1", on=TODAY, limit=2)) == 2
    (exchange, *_rest) = [one for one in found if one.kind == "meter"]
    assert (exchange.facts["was"], exchange.facts["meter"], exchange.link) == ("M1", "M2", ("meter", "M2"))


def test_an_account_elsewhere_answers_as_if_it_were_not_there() -> None:
    for ask in (
        customer_overview.header,
        customer_overview.overview,
        customer_overview.usage,
        customer_timeline.timeline,
    ):
        with pytest.raises(NotFound):
            ask(ELSEWHERE, "1", on=TODAY)
    assert customer_overview.bills(ELSEWHERE, "1", on=TODAY) == ()
    assert customer_overview.readings(ELSEWHERE, "1") == ()
