"""Faults planted in rule files: each is refused at load, naming file, key and day."""

from datetime import date
from pathlib import Path

import pytest

from wandeng.infra.effective.files import content_hash
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.problems import RuleFilesInvalid, RuleProblem
from wandeng.infra.effective.topics.residential import Residential
from wandeng.kernel.errors import NoRuleInForce

TERRITORY = 'code = "utopia"\nname_zh = "乌托邦"\nname_en = "Utopia"\n'
SOURCE = 'citation = "a test"\nstatus = "self-made"\n'
TIERS = """tiers = [
  { tier = 1, over_kwh = 0, up_to_kwh = 200 },
  { tier = 2, over_kwh = 200, up_to_kwh = 400 },
  { tier = 3, over_kwh = 400 },
]
"""


def residential(effective_from: str, effective_to: str = "", **changes: str) -> str:
    text = f"""topic = "residential"
territory = "utopia"
effective_from = {effective_from}
{f"effective_to = {effective_to}" if effective_to else ""}
title_zh = "居民电价"
{SOURCE}funds = "included"

[cycle]
cycle = "month"
month_basis = "usage_month"
{SOURCE}
[[seasons]]
name_zh = "全年"
months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
{SOURCE}{TIERS}
[prices]
tiers = ["0.50", "0.55", "0.80"]
{SOURCE}"""
    for old, new in changes.values():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in ({"utopia/territory.toml": TERRITORY} | files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def only_problem(root: Path) -> RuleProblem:
    with pytest.raises(RuleFilesInvalid) as refusal:
        RuleLibrary.load(root)
    assert len(refusal.value.problems) == 1, str(refusal.value)
    problem = refusal.value.problems[0]
    assert str(problem) in str(refusal.value)
    return problem


FILE = "utopia/residential/2020-01-01.toml"
SECOND = "utopia/residential/2022-01-01.toml"


def test_a_correct_file_loads_and_answers_from_its_first_day_on(tmp_path):
    library = RuleLibrary.load(write(tmp_path, {FILE: residential("2020-01-01")}))
    version = library.version(Residential, on=date(2020, 1, 1), territory="utopia")
    assert version.path == FILE
    assert version.content_hash == content_hash((tmp_path / FILE).read_bytes())
    assert version.is_open
    with pytest.raises(NoRuleInForce, match="2019-12-31"):
        library.version(Residential, on=date(2019, 12, 31), territory="utopia")


def test_the_hash_does_not_depend_on_line_ends():
    assert content_hash(b"a = 1\r\nb = 2\r\n") == content_hash(b"a = 1\nb = 2\n")
    assert content_hash(b"a = 1\n") != content_hash(b"a = 2\n")


# Each fault: what is replaced, by what, the key it is found at, a word of the complaint.
FAULTS = {
    "unknown key": (('cycle = "month"', 'cycle = "month"\ncycel = 1'), "cycle.cycel", "unknown key"),
    "typo in a key": (("up_to_kwh = 400", "upto_kwh = 400"), "seasons[0].tiers[1].upto_kwh", "unknown key"),
    "key missing": (("over_kwh = 200, ", ""), "seasons[0].tiers[1].over_kwh", "required"),
    "price as a float": (('"0.55"', "0.55"), "prices.tiers[1]", "exact decimal"),
    "price with an exponent": (('"0.55"', '"5.5e-1"'), "prices.tiers[1]", "exact decimal"),
    "price with nine decimals": (('"0.55"', '"0.550000001"'), "prices.tiers[1]", "exact decimal"),
    "negative price": (('"0.55"', '"-0.55"'), "prices.tiers[1]", "negative"),
    "kWh as text": (("up_to_kwh = 200", 'up_to_kwh = "200"'), "seasons[0].tiers[0].up_to_kwh", "integer"),
    "tiers with a hole": (("over_kwh = 200", "over_kwh = 201"), "seasons[0]", "the one before ends at 200"),
    "tiers that overlap": (("over_kwh = 400", "over_kwh = 390"), "seasons[0]", "the one before ends at 400"),
    "last tier closed": (("over_kwh = 400 }", "over_kwh = 400, up_to_kwh = 900 }"), "seasons[0]", "must be open"),
    "month missing": ((" 12]", "]"), "", "missing [12]"),
    "month twice": ((" 12]", " 12, 3]"), "", "doubled [3]"),
    "price missing": (('"0.50", ', ""), "", "3 tiers need 3 prices"),
    "no citation": (('citation = "a test"\n', ""), "citation", "required"),
    "empty citation": (('citation = "a test"', 'citation = ""'), "citation", "at least 1"),
    "unknown status": (('status = "self-made"', 'status = "sure"'), "status", "Input should be"),
    "date as text": (("2020-01-01", '"2020-01-01"'), "effective_from", "date"),
    "other territory": (('"utopia"', '"arcadia"'), "territory", "the path says utopia"),
    "other day": (("2020-01-01", "2020-02-01"), "effective_from", "the path says 2020-01-01"),
    "ends before it starts": (
        ("effective_from = 2020-01-01", "effective_from = 2020-01-01\neffective_to = 2019-01-01"),
        "",
        "not after",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused_with_file_key_and_day(tmp_path, fault):
    change, key, word = FAULTS[fault]
    problem = only_problem(write(tmp_path, {FILE: residential("2020-01-01", change=change)}))
    assert (problem.path, problem.key, problem.on) == (FILE, key, date(2020, 1, 1))
    assert word in problem.message


def test_versions_that_overlap_are_refused(tmp_path):
    files = {FILE: residential("2020-01-01", "2022-03-01"), SECOND: residential("2022-01-01")}
    problem = only_problem(write(tmp_path, files))
    assert (problem.path, problem.key, problem.on) == (FILE, "effective_to", date(2022, 1, 1))
    assert "overlaps" in problem.message


def test_a_version_with_a_successor_must_say_when_it_ends(tmp_path):
    files = {FILE: residential("2020-01-01"), SECOND: residential("2022-01-01")}
    problem = only_problem(write(tmp_path, files))
    assert (problem.path, problem.key, problem.on) == (FILE, "effective_to", date(2022, 1, 1))
    assert "no effective_to" in problem.message


def test_a_gap_nobody_explains_is_refused_and_an_explained_one_has_no_rule(tmp_path):
    files = {FILE: residential("2020-01-01", "2021-06-01"), SECOND: residential("2022-01-01")}
    problem = only_problem(write(tmp_path, files))
    assert (problem.path, problem.key, problem.on) == (FILE, "effective_to", date(2021, 6, 1))
    said = ("title_zh", 'gap_after = "the bureau suspended the price"\ntitle_zh')
    files[FILE] = residential("2020-01-01", "2021-06-01", gap=said)
    library = RuleLibrary.load(write(tmp_path, files))
    assert library.version(Residential, on=date(2021, 5, 31), territory="utopia").path == FILE
    with pytest.raises(NoRuleInForce):
        library.version(Residential, on=date(2021, 6, 1), territory="utopia")
    assert library.version(Residential, on=date(2022, 1, 1), territory="utopia").path == SECOND


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("utopia/residential/2020-1-1.toml", "", "YYYY-MM-DD"),
        ("utopia/residential/2020-01-01.toml", "topic = ", "not readable as TOML"),
        ("utopia/astrology/2020-01-01.toml", "", "unknown topic"),
        ("utopia/residential/2020-01-01.txt", "", "expected <territory>"),
        ("arcadia/residential/2020-01-01.toml", "", "every territory needs"),
    ],
)
def test_a_file_out_of_place_is_refused(tmp_path, name, text, word):
    write(tmp_path, {name: text})
    with pytest.raises(RuleFilesInvalid) as refusal:
        RuleLibrary.load(tmp_path)
    assert [problem for problem in refusal.value.problems if word in problem.message]


def test_a_parent_that_does_not_exist_and_a_ring_of_parents_are_refused(tmp_path):
    write(tmp_path, {"utopia/territory.toml": TERRITORY + 'parent = "atlantis"\ninherits = ["residential"]\n'})
    assert "no territory 'atlantis'" in only_problem(tmp_path).message
    write(tmp_path, {"utopia/territory.toml": TERRITORY + 'parent = "utopia"\n'})
    assert "ring" in only_problem(tmp_path).message


def test_a_schedule_nobody_declares_is_refused(tmp_path):
    plan = f"""
[time_of_use]
manner = "surcharge"
schedule = "moonlight"
{SOURCE}periods = [{{ period = "peak", tiers = ["0.6", "0.65", "0.9"] }}]
read_as = [
  {{ period = "sharp", price_of = "peak" }},
  {{ period = "flat", price_of = "peak" }},
  {{ period = "valley", price_of = "peak" }},
  {{ period = "deep", price_of = "peak" }},
]
"""
    problem = only_problem(write(tmp_path, {FILE: residential("2020-01-01") + plan}))
    assert (problem.path, problem.key, problem.on) == (FILE, "time_of_use.schedule", date(2020, 1, 1))
    assert "moonlight" in problem.message
