"""Faults planted in process files: each is refused at load, naming file, key and day; and files outside the main tree."""

import re
from datetime import date
from pathlib import Path

import pytest

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.problems import RuleFilesInvalid
from wandeng.infra.effective.roots import default_root
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.infra.processes.roots import shipped_root

RULES = RuleLibrary.load(default_root())
TODAY = date(2026, 11, 20)
SAMPLES = default_root().parent / "docs" / "samples" / "processes"


def shipped(process: str) -> str:
    return next((shipped_root() / process).glob("*.toml")).read_text(encoding="utf-8")


def put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return root


def problems(root: Path) -> list:
    with pytest.raises(RuleFilesInvalid) as refusal:
        ProcessLibrary.load([root], RULES)
    return list(refusal.value.problems)


# Process, what is replaced, by what, the key where it is found, a word of the complaint.
FAULTS = {
    "unknown key": ("complaint", 'role = "CALL_CLERK"\n', 'role = "CALL_CLERK"\nrle = 1\n', "call_back.rle", "unknown key"),
    "no citation": ("praise", 'citation = "国家电网 95598 业务管理规定"\n', "", "citation", "required"),
    "unknown status": ("praise", 'status = "L"\nnote', 'status = "sure"\nnote', "status", "Input should be"),
    "other process": ("praise", 'process = "praise"', 'process = "prayer"', "process", "the path says praise"),
    "other day": ("praise", "2021-01-01", "2021-02-01", "effective_from", "the path says 2021-01-01"),
    "limit nobody declares": ("praise", '"praise_dispatch"', '"praise_despatch"', "limit", "'praise_despatch'"),
    "limit that is only an average": ("praise", '"praise_dispatch"', '"fault_restore"', "limit", "'fault_restore'"),
    "no limit": ("praise", 'limit = "praise_dispatch", ', "", "clocks[0]", "a limit of the rules, or one of its own"),
    "step without owner": ("praise", ', role = "COUNTY_MANAGER" }', " }", "steps[1]", "is the customer's own"),
    "step twice": ("praise", 'code = "RECORD",', 'code = "DISPATCH",', "", "steps names DISPATCH twice"),
    "stage without step": ("praise", 'stage = "RECORDED"', 'stage = "ACCEPTED"', "", "the stages of the steps"),
    "clock without step": ("praise", 'stops = "DISPATCH"', 'stops = "DESPATCH"', "", "are no steps"),
    "clock runs backwards": (
        "complaint", 'starts = "DISPATCH", stops = "CONTACT"', 'starts = "ANSWER", stops = "CONTACT"', "",
        "clock CONTACT stops before it starts",
    ),
    "warnings out of order": ("complaint", "percent = 50", "percent = 90", "clocks[3]", "warnings come in order"),
    "warning at the end": ("praise", "percent = 80", "percent = 100", "clocks[0]", "before the end"),
    "nobody told of a breach": ("praise", 'breach = ["COUNTY_MANAGER"]', "breach = []", "clocks[0]", "somebody"),
    "class of another kind": (
        "fault_repair", 'by = "PLACE"', 'by = "PLACE", classes = ["HV_DUAL"]', "clocks[2]", "has the classes",
    ),
    "channel that is none": (
        "enquiry", ', "TRANSFER_12398", "VISIT"]', ', "VISIT", "PIGEON"]', "intake.channels[8]", "Input should be",
    ),
    "channel nobody comes by": (
        "complaint", '"TRANSFER_12345", "TRANSFER_12398", "VISIT"', '"TRANSFER_12345", "VISIT"', "",
        "do not come in that way",
    ),
    "pause without evidence": ("transfer_of_ownership", 'evidence = ["PAPER"]', "evidence = []", "pauses[0]", "evidence"),
    "bound without approver": ("transfer_of_ownership", "most_days = 30\n", "", "pauses[0]", "belong together"),
    "pause nobody uses": (
        "transfer_of_ownership", '["DOCUMENTS_MISSING", "NOT_SETTLED"]', '["NOT_SETTLED"]', "", "stops no clock",
    ),
    "pause nobody describes": (
        "transfer_of_ownership", '["DOCUMENTS_MISSING", "NOT_SETTLED"]', '["DOCUMENTS_MISSING", "NOT_SETTLED", "RAIN"]',
        "", "['RAIN']",
    ),
    "pause by itself in the utility's step": (
        "transfer_of_ownership", 'steps = ["PAY"]', 'steps = ["READ"]', "", "not the customer's own",
    ),
    "document by no step": (
        "transfer_of_ownership", 'by = "CONTRACT"\ncitation', 'by = "SIGNING"\ncitation', "", "due by 'SIGNING'",
    ),
    "field by no step": ("praise", 'name_en = "Who is praised", by = "START"', 'name_en = "Who", by = "END"', "", "'END'"),
    "choice without choices": ("praise", 'kind = "TEXT", required = true', 'kind = "CHOICE", required = true', "fields[1]", "choices belong"),
    "depends on no question": ("enquiry", 'only_if = "NEEDS_EXPERT" }', 'only_if = "QUESTION" }', "", "no yes-or-no field"),
    "calls at night": ("opinion", "to_time = 21:00:00", "to_time = 07:00:00", "call_back", "earlier to a later hour"),
    "opens again nowhere": ("opinion", 'reopens_at = "ANSWER"', 'reopens_at = "START"', "", "opened again at 'START'"),
    "call-back not described": ("praise", 'needs = ["ALL_STEPS"]', 'needs = ["CALL_BACK"]', "", "not described"),
    "results without need": ("report", '"RESULT", ', "", "closing", "results are listed where one is needed"),
    "grade not kept": ("complaint", '  { grade = "MAJOR", years = 5 },\n', "", "", "evidence is kept by the grades"),
    "usual grade unknown": ("complaint", 'usual = "ORDINARY"', 'usual = "PLAIN"', "grades", "none of the values"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_refused_with_file_key_and_day(tmp_path, fault):
    process, old, new, key, word = FAULTS[fault]
    text = shipped(process)
    assert old in text
    name = f"{process}/2021-01-01.toml"
    found = problems(put(tmp_path, name, text.replace(old, new, 1)))
    assert [(one.path, one.on) for one in found] == [(f"{tmp_path.name}/{name}", date(2021, 1, 1))] * len(found)
    assert any(one.key == key and word in one.message for one in found), [str(one) for one in found]


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("praise/2021-1-1.toml", "", "YYYY-MM-DD"),
        ("praise/2021-01-01.toml", "process = ", "not readable as TOML"),
        ("praise/2021-01-01.txt", "", "expected <process>"),
        ("2021-01-01.toml", "", "expected <process>"),
    ],
)
def test_a_file_out_of_place_is_refused(tmp_path, name, text, word):
    assert [one for one in problems(put(tmp_path, name, text)) if word in one.message]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    assert "no such folder" in problems(tmp_path / "nowhere")[0].message


def test_versions_follow_each_other_without_overlap_or_silent_gap(tmp_path):
    first = shipped("praise")
    second = first.replace("2021-01-01", "2026-01-01", 1)
    put(tmp_path, "praise/2021-01-01.toml", first)
    put(tmp_path, "praise/2026-01-01.toml", second)
    assert "no effective_to" in problems(tmp_path)[0].message
    ended = re.sub(r"(?m)^effective_from.*$", r"\g<0>\neffective_to = 2026-01-01", first, count=1)
    put(tmp_path, "praise/2021-01-01.toml", ended)
    library = ProcessLibrary.load([tmp_path], RULES)
    assert library.version("praise", on=date(2025, 12, 31)).effective_from == date(2021, 1, 1)
    assert library.version("praise", on=date(2026, 1, 1)).effective_from == date(2026, 1, 1)


def test_two_kinds_of_cases_from_outside_the_main_tree_are_loaded_beside_those_that_ship():
    library = ProcessLibrary.load([shipped_root(), SAMPLES], RULES)
    before = ProcessLibrary.load([shipped_root()], RULES)
    assert set(library.shelf) - set(before.shelf) == {"street_light_report", "charging_point"}
    light = library.version("street_light_report", on=TODAY)
    assert light.path.startswith("processes/street_light_report/")
    repair = next(clock for clock in light.body.clocks if clock.code == "REPAIR")
    assert (repair.own.amount, repair.own.unit) == (2, "WORKING_DAY")
    assert library.version("charging_point", on=TODAY).body.steps


def test_a_utilitys_own_file_takes_a_process_over_whole(tmp_path):
    own = shipped("praise").replace("2021-01-01", "2025-01-01", 1).replace('title_zh = "表扬"', 'title_zh = "点赞"')
    library = ProcessLibrary.load([shipped_root(), put(tmp_path, "praise/2025-01-01.toml", own)], RULES)
    assert [one.body.title_zh for one in library.versions("praise")] == ["点赞"]
    assert library.version("complaint", on=TODAY).body.title_zh == "投诉"
