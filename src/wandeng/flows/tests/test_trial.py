"""Trial calculations from case files by the shipped rules: published answers, self-made ones, and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wandeng.calc.trial.bill_steps import CaseNotPriced
from wandeng.calc.trial.kinds import KINDS
from wandeng.calc.trial.steps import Outcome
from wandeng.flows import trial
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.problems import TerritoryUnknown
from wandeng.infra.effective.roots import default_root
from wandeng.kernel.errors import InvalidInput, NoRuleInForce

SAMPLES = Path(__file__).resolve().parents[4] / "docs" / "samples" / "calc"


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def kind_of(sample: str) -> str:
    return max((kind for kind in KINDS if sample.startswith(f"{kind}-")), key=len)


def answer(library: RuleLibrary, sample: str, **changes: object) -> Outcome:
    text = (SAMPLES / f"{sample}.json").read_text(encoding="utf-8")
    if changes:
        text = json.dumps(json.loads(text) | changes)
    return trial.calculate(kind_of(sample), text, library)


PUBLISHED = {
    # 12,600 / 1.05 × 1.095 = 13,140
    "power-factor-we01": {
        "base_fen": 12_000_00,
        "adjustment_fen": 600_00,
        "corrected_fen": 1_140_00,
        "total_fen": 540_00,
    },
    # 3,101.50 + 6,400 + 11,000 + 1,200 − 27.90
    "bill-we02": {"line_1_catalogue_energy_fen": 3_101_50, "line_5_power_factor_fen": -27_90, "total_fen": 21_673_60},
    "loss-we02": {"transformer_loss_ckwh": 203_00, "total_ckwh": 6_203_00},  # 304 × 20/30
    # 315 × 18/30 × 10 + 400 × 12/30 × 10
    "basic-charge-we06": {
        "line_1_capacity_charge_fen": 1_890_00,
        "line_2_capacity_charge_fen": 1_600_00,
        "total_fen": 3_490_00,
    },
    "breach-we08": {"days": 81, "base_fen": 81_000_00, "penalty_fen": 162_000_00},
    "theft-we10": {"energy_ckwh": 4_320_00, "base_fen": 1_728_00, "penalty_fen": 5_184_00},
    "late-fee-we14-190": {"December_fen": 172_00, "January_fen": 18_00, "total_fen": 190_00},
    "late-fee-we14-126": {"December_fen": 108_00, "January_fen": 18_00, "total_fen": 126_00},
    "late-fee-we14-222": {"December_fen": 204_00, "January_fen": 18_00, "total_fen": 222_00},
    "line-loss-we17": {"supplied": "7.4", "lost": "0.5", "rate_percent": "6.76"},
    # 260 × 0.64 + 340 × 0.69 + 50 × 0.94
    "bill-we18": {"energy_ckwh": 650_00, "total_fen": 448_00},
    "reliability-we22-2023": {"period_hours": 8760, "asai_percent": "99.911"},
    "reliability-we22-2018-first-half": {"period_hours": 4344, "asai_percent": "99.918"},
    "reliability-ieee-1366": {
        "saifi": "1.6075",
        "saidi_minutes": "86.1098",
        "caidi_minutes": "53.5675",
        "ctaidi_minutes": "95.6775",
        "caifi": "1.7861",
        "asai": "0.999836",
        "asifi": "2.11875",
        "asidi_minutes": "140.1871",
    },
}

SELF_MADE = {
    # 200 × 0.588 + 250 × 0.638 + 10 × 0.888
    "bill-hunan-summer": {"total_fen": 285_98},
    # 4,500 kWh billed before: 300 kWh × 0.588 left of tier 2, 200 × 0.838; the register rolled over
    "bill-zhejiang-year": {"energy_ckwh": 500_00, "total_fen": 344_00},
    # (40,000 − 1,500) × 0.6 = 23,100; 400 × 25 = 10,000; 33,100 × −0.75 % = −248.25; 38,500 × 0.019 = 731.50
    "bill-sub-meter": {"energy_ckwh": 38_500_00, "total_fen": 33_583_25},
    # demand 330 kW of 300 contracted: 300 × 40 + (330 − 315) × 80
    "bill-demo-two-part": {"line_10_demand_charge_fen": 12_000_00, "line_11_demand_charge_fen": 1_200_00},
    # 1,000 × 38 + 2 × 38 × 50
    "basic-charge-demand-105": {"total_fen": 41_800_00},
    # 1,050 × 38 + 2 × 38 × 50
    "basic-charge-demand-105-other-reading": {"total_fen": 43_700_00},
    # before 2016: 900 kW is below 95 %: 950 × 38
    "basic-charge-demand-band": {"total_fen": 36_100_00},
    # 260,000 kWh on 1,000 kVA: 500 × 38 × 90 %
    "basic-charge-utilization": {"total_fen": 17_100_00},
    # 290 W × 720 h = 208.8; 1,500 W × (36,000² + 12,000²) / (100² × 720) = 300; (36,000 + 508.8) × 2 % = 730.176
    "loss-formula": {"transformer_loss_ckwh": 508_80, "line_loss_ckwh": 730_18, "total_ckwh": 37_238_98},
    # 84,000 / √(84,000² + 54,221²) = 0.8402 → 0.84: 10,000 × 0.5 %
    "power-factor-we03-kind": {"rate_e8": 500_000, "adjustment_fen": 50_00},
    # 1.5 A × 220 V × 3 × 20 = 19.8 kW × 12 h × 30 d = 7,128; (7,128 − 1,128) × 0.65 = 3,900; × 2 by contract
    "theft-meter": {"base_fen": 3_900_00, "penalty_fen": 7_800_00},
    # 0.25 kW × 12 × 6 h × 90 d = 1,620 kWh × (0.8103 − 0.5469) = 426.708; 426.71 × 2
    "breach-class-misuse": {"base_fen": 426_71, "penalty_fen": 853_42},
    # 100 kVA × 20 × (7 + 30 + 30)/30 = 4,466.67; × 3
    "breach-private-capacity": {"days": 67, "base_fen": 4_466_67, "penalty_fen": 13_400_01},
    "breach-over-capacity": {"total_fen": 3_000_00},  # 60 kW × 50
    "breach-tampering": {"total_fen": 5_000_00},
    # 9,800 × ½ × (1/0.98 − 1) = 100 kWh, half at 0.9, half at 0.3
    "back-billing-slow-meter": {"energy_ckwh": 100_00, "total_fen": 60_00},
    "back-billing-phase-lost": {"energy_ckwh": 1_000_00, "total_fen": 600_00},  # 2,000 × (3/2 − 1) × 0.6
    "back-billing-ratio": {"energy_ckwh": -2_000_00, "total_fen": -1_200_00},  # 6,000 × (20/30 − 1) × 0.6
    "back-billing-lead-drop": {"energy_ckwh": 500_00, "total_fen": 300_00},  # 100,000 × 0.5 % × 0.6
    "back-billing-fuse": {"energy_ckwh": 6_800_00, "total_fen": 4_080_00},  # (5,000 × 2 − 3,200) × 0.6
    "reliability-2022": {"saidi_hours": "9.11", "caidi_hours": "3.49"},  # 0.104 % × 8,760 h; / 2.61
    "reliability-rationing": {"equivalent_hours": "2.0000"},  # 8 × (1 − 60/80)
    "line-loss-area": {"supplied": "11000", "lost": "550", "rate_percent": "5.00"},
    # A1 on the 1st (pinned) and on the 2nd (agreed), its fifth; A2 as published: at night 80 kW less, 80,000, not the 100,000
    "outage-plan-conflicts": {
        "customer_interruptions": 100 + 100 + 200,
        "areas_over": "A1",
        "start_published": "2026-06-03 day",
        "start_hurried": None,
        "finding_agreed_AREA_OVER_LIMIT": "A1 pinned",
        "finding_hurried_NO_DAY": "",
        "gap_permille": 0,
    },
    "compensation-television": {"total_fen": 1_800_00, "ground": "residual"},  # 3,000 × (120 − 48)/120
    "compensation-outage": {"total_fen": 1_800_00},  # 72,000 / 720 × 6 × 0.60 × 5
    "compensation-voltage": {"total_fen": 155_00},  # 1,250 × 0.62 × 20 %
}


@pytest.mark.parametrize("sample", PUBLISHED)
def test_published_examples_come_out(library, sample):
    found = answer(library, sample)
    assert PUBLISHED[sample].items() <= found.results.items()
    assert found.kind == kind_of(sample)


@pytest.mark.parametrize("sample", SELF_MADE)
def test_self_made_examples_come_out(library, sample):
    assert SELF_MADE[sample].items() <= answer(library, sample).results.items()


def test_every_sample_of_the_documentation_is_checked_here():
    assert {path.stem for path in SAMPLES.glob("*.json")} == PUBLISHED.keys() | SELF_MADE.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_built_in_example_can_be_calculated_and_is_exact_json(library, kind):
    found = trial.calculate(kind, KINDS[kind].sample, library)
    told = json.loads(json.dumps(found.as_json()), parse_float=pytest.fail)
    assert told["kind"] == kind
    assert told["steps"]
    assert all(source["path"].endswith(".toml") for source in told["sources"])


def test_a_bill_is_the_sum_of_its_lines(library):
    found = answer(library, "bill-demo-two-part")
    lines = [amount for key, amount in found.results.items() if key.startswith("line_")]
    assert len(lines) == 21
    assert found.results["total_fen"] == sum(lines)


def test_each_step_shows_its_arithmetic_and_its_source(library):
    found = answer(library, "late-fee-we14-190")
    assert "3,000.00 × 3 d × 2 ‰ = 18.00" in [step.arithmetic for step in found.steps]
    assert "art. 98" in found.steps[0].citation
    assert found.sources[0].path == "national/late_fee/1996-10-08.toml"
    assert answer(library, "bill-we02").steps[-1].arithmetic == (
        "3,101.50 + 6,400.00 + 11,000.00 + 1,200.00 − 27.90 = 21,673.60"
    )


@pytest.mark.parametrize(
    "sample, key, by_rule",
    [
        ("late-fee-we14-190", "cross_year", "split_at_year_end"),
        ("theft-we10", "rounding", "rounded"),
        ("breach-we08", "day_count", "start_excluded"),
        ("breach-private-capacity", "day_count", "start_included"),
        ("back-billing-slow-meter", "energy_rounding", "hundredth_kwh"),
        ("compensation-television", "age_counting", "completed_months"),
        ("basic-charge-demand-105", "demand_formula", "over_share"),
        ("basic-charge-demand-105", "excess_base", "contract"),
        ("basic-charge-demand-band", "demand_formula", "band"),
        ("loss-we02", "loss_unit", "whole_kwh"),
        ("bill-we02", "loss_period", "flat"),
    ],
)
def test_without_a_word_in_the_case_the_rule_file_chooses_and_the_answer_says_so(library, sample, key, by_rule):
    [convention] = [one for one in answer(library, sample, convention={}).conventions if one.key == key]
    assert (convention.used, convention.chosen_by) == (by_rule, "rule file")
    other = next(option for option in convention.options if option != by_rule)
    if other != "band":
        [asked] = [one for one in answer(library, sample, convention={key: other}).conventions if one.key == key]
        assert (asked.used, asked.chosen_by) == (other, "case file")


def test_the_rounding_of_a_penalty_follows_the_convention(library):
    # 426.708 × 2 = 853.416 → 853.42 unrounded too, so a price that tells them apart: 1,620 × 0.2633 = 426.546
    cheaper = answer(library, "breach-class-misuse", due_price="0.8102", convention={"rounding": "unrounded"})
    assert (cheaper.results["base_fen"], cheaper.results["penalty_fen"]) == (426_55, 853_09)  # 853.092
    rounded = answer(library, "breach-class-misuse", due_price="0.8102")
    assert rounded.results["penalty_fen"] == 853_10  # 426.55 × 2


def test_the_day_count_of_private_capacity_follows_the_convention(library):
    by_thirty = answer(library, "breach-private-capacity", convention={"day_count": "thirty_day_months"})
    assert by_thirty.results["days"] == 65  # 25 August to 31 October: 5 + 30 + 30


def test_the_band_formula_of_before_2016(library):
    def charge(demand_kw: str) -> object:
        pieces = [{"from_on": "2013-03-01", "contract_demand_kw": "1000", "demand_kw": demand_kw}]
        return answer(library, "basic-charge-demand-band", pieces=pieces).results["total_fen"]

    assert charge("950") == 36_100_00
    assert charge("1020") == 38_760_00  # inside the band: 1,020 × 38
    assert charge("1050") == 39_900_00
    assert charge("1100") == 45_600_00  # 1,000 × 38 + 2 × 38 × 100


def test_a_contract_demand_below_105_percent_is_charged_as_contracted(library):
    pieces = [{"from_on": "2019-03-01", "contract_demand_kw": "1000", "demand_kw": "1050"}]
    assert answer(library, "basic-charge-demand-105", pieces=pieces).results["total_fen"] == 38_000_00
    low = [{"from_on": "2019-03-01", "contract_demand_kw": "1000", "demand_kw": "1"}]
    assert answer(library, "basic-charge-demand-105", pieces=low).results["total_fen"] == 38_000_00


def test_just_below_260_kwh_per_kva_the_full_demand_price_is_paid(library):
    found = answer(library, "basic-charge-utilization", energy_kwh="259999.99")
    assert found.results["total_fen"] == 19_000_00  # 500 × 38
    assert "below 260" in found.steps[0].arithmetic


def test_a_fast_meter_is_refunded(library):
    found = answer(library, "back-billing-slow-meter", recorded_kwh="10500", error_percent="5")
    assert found.results["energy_ckwh"] == -250_00  # 10,500 × ½ × (1/1.05 − 1)
    assert found.steps[-1].what == "To refund (退还)"


def test_an_error_within_the_tolerance_changes_nothing(library):
    found = answer(library, "back-billing-slow-meter", tolerance_percent="2")
    assert (found.results["energy_ckwh"], found.results["total_fen"]) == (0, 0)


def test_the_rule_of_the_due_date_decides(library):
    bill = {"name": "May", "amount": "10.00", "due_on": "2024-05-31"}
    fee = answer(library, "late-fee-we14-190", bills=[bill], paid_on="2024-06-02")
    assert fee.results["total_fen"] == 1_00  # 10 × 2 d × 2 ‰ = 0.04, at least 1 yuan by the rule of 1996
    later = answer(library, "late-fee-we14-190", bills=[bill | {"due_on": "2024-06-01"}], paid_on="2024-06-03")
    assert later.results["total_fen"] == 4


def test_households_pay_one_permille_also_after_the_new_year(library):
    fee = answer(library, "late-fee-we14-190", customer_class="residential")
    assert fee.results["total_fen"] == 68_00 + 9_00  # 2,000 × 34 d × 1 ‰ and 3,000 × 3 d × 1 ‰


def test_a_single_rate_user_gets_four_times_the_price_of_an_outage(library):
    found = answer(library, "compensation-outage", tariff="single_rate")
    assert found.results["total_fen"] == 1_440_00  # 600 kWh × 0.60 × 4


def test_a_household_that_tampers_pays_500(library):
    assert answer(library, "breach-tampering", residential=True, times=2).results["total_fen"] == 1_000_00


def test_a_cap_in_the_contract_stops_the_fee(library):
    bill = {"name": "old", "amount": "100.00", "due_on": "2015-01-31"}
    fee = answer(library, "late-fee-we14-190", bills=[bill], paid_on="2023-01-31", cap_percent="100")
    assert fee.results["total_fen"] == 100_00
    assert any("cap" in step.what for step in fee.steps)


def test_a_rate_agreed_in_the_contract_replaces_those_of_the_rule(library):
    fee = answer(library, "late-fee-we14-190", agreed_permille="1.5")
    # December 2,000 × 34 d × 1.5 ‰ = 102.00, January 3,000 × 3 d × 1.5 ‰ = 13.50
    assert fee.results == {"December_fen": 102_00, "January_fen": 13_50, "total_fen": 115_50}
    assert "art. 39" in fee.sources[0].citation
    home = answer(library, "late-fee-we14-190", agreed_permille="1.5", customer_class="residential")
    assert home.results["total_fen"] == 115_50


@pytest.mark.parametrize("rate", ["0.9", "3.1"])
def test_a_rate_outside_the_published_band_is_refused(library, rate):
    with pytest.raises(InvalidInput, match=f"{rate} ‰ a day cannot be agreed: .* 1 ‰ to 3 ‰"):
        answer(library, "late-fee-we14-190", agreed_permille=rate)


def test_a_plan_that_does_not_fit_together_is_refused(library):
    with pytest.raises(InvalidInput, match="at most 31 days"):
        answer(library, "outage-plan-conflicts", to_on="2026-07-03")
    with pytest.raises(InvalidInput, match="no area of the plan"):
        answer(library, "outage-plan-conflicts", jobs=[{"name": "a", "areas": ["X"], "notice_days": 7}])
    half = [{"name": "a", "areas": ["A1"], "notice_days": 7, "pinned_on": "2026-06-01"}]
    with pytest.raises(InvalidInput, match="given together"):
        answer(library, "outage-plan-conflicts", jobs=half)


def test_a_multiple_above_the_rule_is_refused(library):
    with pytest.raises(InvalidInput, match="at most 3, the case says 5"):
        answer(library, "theft-meter", multiple=5)
    with pytest.raises(InvalidInput, match="3, no other, the case says 2"):
        answer(library, "theft-meter", multiple=2, on="2020-01-01")


def test_a_day_without_a_rule_and_an_unknown_territory_are_refused(library):
    with pytest.raises(NoRuleInForce, match="breach_and_theft"):
        answer(library, "theft-we10", on="1990-01-01")
    with pytest.raises(TerritoryUnknown, match="atlantis"):
        answer(library, "theft-we10", territory="atlantis")
    with pytest.raises(InvalidInput, match="knows no band"):
        answer(library, "basic-charge-demand-105", convention={"demand_formula": "band"})


def test_a_bill_that_cannot_be_priced_says_why(library):
    missing = [{"price": "demo.two_part.10kv", "basic_charge": "contract_demand", "power_factor_standard": "0.90"}]
    with pytest.raises(CaseNotPriced, match="NO_TERMS"):
        answer(library, "bill-demo-two-part", terms=missing)
    with pytest.raises(InvalidInput, match="no bill item energy; there are catalogue_energy"):
        answer(
            library, "bill-we18", prices={"Guangdong summer": [{"item": "energy", "charge": "energy", "price": "1"}]}
        )


def test_what_a_bill_run_would_hold_is_a_note(library):
    found = answer(library, "bill-demo-two-part", previous_kwh="100")
    assert any("JUMP" in note for note in found.notes)
    assert answer(library, "bill-demo-two-part").notes == ()


def test_a_contract_demand_of_before_2016_is_sent_to_the_kind_that_knows_its_formula(library):
    terms = [{"price": "p", "basic_charge": "contract_demand", "contract_demand_kw": "100"}]
    prices = {"p": [{"item": "catalogue_energy", "charge": "energy", "price": "1"}]}
    with pytest.raises(InvalidInput, match="basic-charge"):
        answer(library, "bill-we18", terms=terms, prices=prices)
