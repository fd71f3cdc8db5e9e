"""Reading a case: exact numbers, and complaints that a person can act upon."""

from datetime import date
from fractions import Fraction

import pytest

from wandeng.calc.trial import steps
from wandeng.calc.trial.kinds import KINDS, kind_named
from wandeng.calc.trial.validation import CaseInvalid, read_json
from wandeng.kernel.errors import NotFound


def complaints(kind: str, text: str) -> list[str]:
    with pytest.raises(CaseInvalid) as refusal:
        kind_named(kind).read(text)
    return [str(problem) for problem in refusal.value.problems]


LATE_FEE = """{"customer_class": "other", "paid_on": "2024-01-18",
 "bills": [{"name": "December", "amount": %s, "due_on": "%s"}]%s}"""


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_is_a_valid_case(kind):
    assert KINDS[kind].read(KINDS[kind].sample)


@pytest.mark.parametrize("written", ["2000", "2000.0", "2000.10", '"2000.10"', '"2000.100"'])
def test_numbers_are_exact_whether_written_as_number_or_as_text(written):
    case = kind_named("late-fee").read(LATE_FEE % (written, "2023-12-15", ""))
    assert case.bills[0].amount == (2_000_10 if "1" in written else 2_000_00)
    assert case.bills[0].due_on == date(2023, 12, 15)


@pytest.mark.parametrize(
    "written, why",
    [
        ("2000.005", "found '2000.005' (more than 2 decimals)"),
        ("true", "found 'True' (not a number)"),
        ('"2e3"', "found '2e3' (not a plain decimal number)"),
        ("-1", "found '-1' (not above 0)"),
        ("null", "found nothing (not a number)"),
    ],
)
def test_a_wrong_amount_is_named_with_what_was_expected(written, why):
    [complaint] = complaints("late-fee", LATE_FEE % (written, "2023-12-15", ""))
    expected = 'an amount in yuan above 0 with at most 2 decimals, such as "2000.00"'
    assert complaint == f"bills[0].amount: {why}; expected {expected}"


@pytest.mark.parametrize("day", ["2023-13-01", "2023-02-29", "15.12.2023"])
def test_a_wrong_date_is_named(day):
    [complaint] = complaints("late-fee", LATE_FEE % ("1", day, ""))
    assert complaint.startswith(f"bills[0].due_on: found '{day}'")
    assert complaint.endswith("expected the last day to pay without a fee, YYYY-MM-DD")


def test_missing_unknown_and_impossible_keys_are_all_named_at_once():
    found = complaints("late-fee", '{"klass": 1, "paid_on": "2024-01-18", "bills": []}')
    assert found[0] == 'customer_class: is missing; expected "residential" or "other"'
    assert found[1].startswith("bills: found a list of 0; expected a list of at least one bill")
    assert found[2].startswith("klass: is not a key of this case; expected one of territory, customer_class")


def test_a_convention_that_does_not_exist_is_answered_with_those_that_do():
    [complaint] = complaints("late-fee", LATE_FEE % ("1", "2023-12-15", ', "convention": {"cross_year": "half"}'))
    assert complaint == (
        "convention.cross_year: found 'half'; expected one of "
        '"split_at_year_end", "payment_year_only", "whole_at_carried_rate"'
    )


def test_two_bills_of_one_name_are_refused():
    bill = '{"name": "May", "amount": 1, "due_on": "2024-05-15"}'
    text = '{"customer_class": "other", "paid_on": "2024-06-01", "bills": [%s, %s]}'
    [complaint] = complaints("late-fee", text % (bill, bill))
    assert complaint == "bills: does not fit together; expected every bill with a name of its own"


def test_a_case_names_its_variant_or_is_told_which_there_are():
    assert complaints("line-loss", "{}") == ["level: is missing; expected one of company, area"]
    assert complaints("line-loss", '{"level": 3}') == ["level: found '3'; expected one of company, area"]


@pytest.mark.parametrize(
    "kind, text, key",
    [
        ("theft", '{"on": "2024-01-01", "price": "1"}', '"loads"'),
        ("theft", '{"on": "2024-01-01", "price": "1", "loads": [], "meter": null}', '"loads"'),
        ("breach", '{"breach": "class_misuse", "on": "2024-01-01", "paid_price": 1, "due_price": 2}', '"energy_kwh"'),
        ("reliability", '{"given": "pair", "from_on": "2024-01-01", "to_on": "2025-01-01"}', '"asai_percent"'),
        (
            "back-billing",
            '{"cause": "wrong_wiring", "on": "2024-01-01", "recorded_kwh": 1, "prices": [{"price": 1}],'
            ' "correct_power": 1, "wrong_power": "0.0"}',
            '"wrong_power" other than 0',
        ),
    ],
)
def test_keys_that_exclude_each_other_are_explained(kind, text, key):
    [complaint] = complaints(kind, text)
    assert complaint.startswith("case: does not fit together; expected ")
    assert key in complaint


@pytest.mark.parametrize(
    "text, found",
    [
        ('{"a": }', "case: line 1 column 7: "),
        ("[1]", "case: the file holds no object"),
        ('{"a": NaN}', "case: found NaN; expected finite numbers only"),
        ('{"a": 1, "a": 2}', "a: is written twice; expected every key once"),
    ],
)
def test_a_file_that_is_no_case_is_refused(text, found):
    with pytest.raises(CaseInvalid) as refusal:
        read_json(text)
    assert str(refusal.value).startswith(found)


def test_an_unknown_kind_is_answered_with_those_there_are():
    with pytest.raises(NotFound, match=r"there is no trial calculation 'latefee'; there are .*late-fee"):
        kind_named("latefee")


def test_numbers_are_shown_exactly_or_marked_as_rounded():
    assert steps.number(Fraction(1, 3)) == "≈0.3333"
    assert steps.number(Fraction(-123_456_789, 100)) == "-1,234,567.89"
    assert steps.number(Fraction(-1, 3), 2) == "≈-0.33"
    assert steps.exact_money(Fraction(15_900_85, 100)) == "159.0085"
    assert steps.fixed(Fraction(-1, 200), 2) == "-0.01"
    assert steps.price(60_886_875) == "0.60886875"
