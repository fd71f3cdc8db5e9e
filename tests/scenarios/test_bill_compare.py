"""Two months side by side, and what a correction would come to before anybody decides it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions.corrections import Decision
from wandeng.domains.billing.frames.corrections import RebillBlocked
from wandeng.domains.billing.models import Bill, BillRun
from wandeng.domains.metering.models import Reading
from wandeng.flows import bill_preview
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

SCOPE = Scope(world.MAKER.unit_path)
AUGUST, SEPTEMBER = Month(2026, 8), Month(2026, 9)
AUG1, SEP1, OCT1 = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def home(settings, tmp_path) -> None:
    settings.HOME = tmp_path


def month(number: str, of: Month):
    return queries.explain(SCOPE, account_number=number, month=of)


def preview(action: str, **given: object) -> bill_preview.CorrectionPreview:
    decision = Decision(action, "1", (SEPTEMBER,), "复核", **given)
    return bill_preview.preview(decision=decision, actor=world.MAKER, shop=steps.shop())


def test_the_causes_of_a_difference_add_up_to_the_fen() -> None:
    world.found()
    world.add_account("1", total={AUG1: 850, SEP1: 1000, OCT1: 1250})
    steps.bill_month(AUGUST)
    steps.bill_month(SEPTEMBER)
    told = queries.compare(month("1", AUGUST), month("1", SEPTEMBER))
    # 150 kWh in 31 days: 88.20. 250 kWh in 30 days: 149.50. A day less: −88.20/31 = −2.85 (−2.8452); the energy at
    # 0.588: 147.00, so use makes +61.65; 50 kWh in the second tier at 5 fen more: +2.50.
    assert {cause.code: cause.amount_fen for cause in told.causes} == {"use": 61_65, "days": -2_85, "mix": 2_50}
    assert told.change_fen == 61_30 == sum(cause.amount_fen for cause in told.causes)
    assert told.days == (31, 30)
    assert told.daily_ckwh == (4_84, 8_33)
    tiers = [(one.tier, one.first.quantity, one.second.quantity, one.change_fen) for one in told.items]
    assert tiers == [(1, 150_00, 200_00, 29_40), (2, 0, 50_00, 31_90)]


def test_the_same_energy_at_other_prices_is_a_matter_of_price() -> None:
    world.found()
    faces = {AUG1: 0, SEP1: 3_100, OCT1: 6_100}
    world.add_account("1", code=world.COMMERCIAL, total=faces)
    steps.bill_month(AUGUST)
    steps.bill_month(SEPTEMBER)
    told = queries.compare(month("1", AUGUST), month("1", SEPTEMBER))
    causes = {cause.code: cause.amount_fen for cause in told.causes}
    assert set(causes) <= {"days", "use", "price"}
    # 100 kWh a day in both months: what is left after the missing day is the new purchase price of September.
    assert abs(causes.get("use", 0)) <= 5
    assert causes["price"] != 0
    assert sum(causes.values()) == told.change_fen


def test_a_rebill_is_looked_at_before_it_is_decided() -> None:
    world.found()
    made = world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.bill_month(SEPTEMBER)
    world.correct_reading(made.installation_id, OCT1, 1240)
    told = preview("REBILL")
    # 240 kWh: 117.60 + 40 × 0.638 = 25.52, together 143.12 instead of 149.50.
    assert (told.amount_fen, told.change_fen, told.change_ckwh) == (143_12, -6_38, -10_00)
    assert [line.arithmetic for line in told.lines] == ["200.00 kWh × 0.588 = 117.60", "40.00 kWh × 0.638 = 25.52"]
    assert told.later == ()
    assert (BillRun.objects.count(), Bill.objects.count()) == (1, 1)
    steps.finish(steps.rebill("1", SEPTEMBER).run)
    assert month("1", SEPTEMBER).amount_fen == told.amount_fen


def test_a_rebill_that_cannot_be_priced_says_why() -> None:
    world.found()
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.bill_month(SEPTEMBER)
    Reading.objects.filter(read_on=OCT1).update(is_current=False)
    with pytest.raises(RebillBlocked, match="MISSING_READING"):
        preview("REBILL")


def test_a_cancellation_and_an_adjustment_are_looked_at_too() -> None:
    world.found()
    world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.bill_month(SEPTEMBER)
    assert (preview("CANCEL").change_fen, preview("CANCEL").lines) == (-149_50, ())
    # 25 kWh more in the bill's own proportions: 20 × 0.588 = 11.76 and 5 × 0.638 = 3.19.
    told = preview("ADJUST", energy_ckwh=25_00)
    assert ([line.amount_fen for line in told.lines], told.change_fen, told.change_ckwh) == (
        [11_76, 3_19],
        14_95,
        25_00,
    )
    assert preview("ADJUST", amount_fen=-10_00).change_fen == -10_00
    with pytest.raises(InvalidInput, match="one of the two"):
        preview("ADJUST")


def test_corrections_are_found_again_from_the_bill() -> None:
    world.found()
    made = world.add_account("1", total={SEP1: 1000, OCT1: 1250})
    steps.bill_month(SEPTEMBER)
    world.correct_reading(made.installation_id, OCT1, 1240)
    run = steps.rebill("1", SEPTEMBER).run
    (decided,) = queries.corrections_of(SCOPE, "1", month=SEPTEMBER)
    assert (decided.action, decided.reason, decided.run_state, decided.made_by) == (
        "REBILL",
        "抄表更正",
        "CHECKED",
        "clerk",
    )
    assert queries.correction_of_run(SCOPE, run.run_id) == (decided, "1")
    (billed,) = queries.months_billed(SCOPE, "1", last=SEPTEMBER, count=3)
    assert (billed.number, billed.energy_ckwh, billed.stands, billed.days) == (
        Bill.objects.get(kind="REBILL").pk,
        240_00,
        True,
        30,
    )
    named = queries.key(SCOPE, billed.number)
    assert (named.account_number, named.month, named.revision) == ("1", SEPTEMBER, 2)
    assert queries.explain_bill(SCOPE, billed.number) == month("1", SEPTEMBER)
