"""Time limits of service: which commitments bind, which is the strictest, and what the published texts say."""

from datetime import date
from pathlib import Path

import pytest

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.problems import RuleFilesInvalid, TerritoryUnknown
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.service_limits import commitments, declared_keys, service_limits
from wandeng.infra.effective.topics.service_limits import BROADER
from wandeng.kernel.errors import NoRuleInForce

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def said(library, key, of, territory="hunan", on=TODAY):
    found = service_limits(library, key, of=of, on=on, territory=territory)
    return [(one.commitment, one.amount, one.unit) for one in found.all]


def test_a_repair_in_town_is_bound_by_the_company_and_by_the_regulator(library):
    found = service_limits(library, "fault_arrival", of="URBAN", on=TODAY, territory="hunan")
    assert [(one.commitment, one.amount) for one in found.all] == [
        ("state_grid", 45),
        ("state_grid_95598", 45),
        ("regulator", 60),
    ]
    assert (found.strictest.amount, found.strictest.unit) == (45, "MINUTE")
    assert [(one.commitment, one.measure, one.amount) for one in found.averages] == [("state_grid", "AVERAGE", 45)]
    # The promise speaks of an average: that each case keeps it is marked as our own.
    assert found.strictest.status == "self-made"
    assert "十项承诺 2022" in found.strictest.citation
    assert found.strictest.path == "state_grid/service_limits/2022-01-01.toml"


# Sections 1.2 and 1.7, the strictest of each place and class: (territory, key, class) → amount and unit.
PUBLISHED = {
    ("hunan", "fault_arrival", "RURAL"): (90, "MINUTE"),
    ("hunan", "fault_arrival", "REMOTE"): (120, "MINUTE"),
    ("guangdong", "fault_arrival", "REMOTE"): (120, "MINUTE"),
    ("national", "fault_arrival", "REMOTE"): (120, "MINUTE"),
    ("hunan", "scheme_reply", "RESIDENTIAL"): (3, "WORKING_DAY"),
    ("hunan", "scheme_reply", "HV_SINGLE"): (10, "WORKING_DAY"),
    ("hunan", "scheme_reply", "HV_DUAL"): (20, "WORKING_DAY"),
    ("yunnan", "scheme_reply", "RESIDENTIAL"): (2, "WORKING_DAY"),
    ("hunan", "connection_utility", "LOW_VOLTAGE"): (6, "WORKING_DAY"),
    ("hunan", "connection_utility", "HV_SINGLE"): (22, "WORKING_DAY"),
    ("demo", "connection_utility", "HV_DUAL"): (32, "WORKING_DAY"),
    ("hunan", "connection_whole", "RESIDENTIAL"): (5, "WORKING_DAY"),
    ("hunan", "connection_whole", "SMALL_BUSINESS"): (15, "WORKING_DAY"),
    ("hunan", "meter_and_connect", "HV_DUAL"): (7, "WORKING_DAY"),
    ("guangdong", "meter_and_connect", "LOW_VOLTAGE"): (3, "WORKING_DAY"),
    ("guangdong", "meter_and_connect", "SMALL_BUSINESS"): (3, "WORKING_DAY"),
    ("hunan", "complaint_contact", "ALL"): (24, "HOUR"),
    ("hunan", "complaint_answer", "ALL"): (5, "WORKING_DAY"),
    ("hunan", "report_handle", "ALL"): (9, "WORKING_DAY"),
    ("hunan", "meter_dispute", "ALL"): (5, "WORKING_DAY"),
}


@pytest.mark.parametrize("case", PUBLISHED, ids=" ".join)
def test_the_published_limits(library, case):
    territory, key, of = case
    found = service_limits(library, key, of=of, on=TODAY, territory=territory).strictest
    assert (found.amount, found.unit) == PUBLISHED[case]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2009, 6, 1), [("national", 30, "DAY")]),
        (date(2010, 6, 1), [("regulator", 20, "WORKING_DAY"), ("national", 30, "DAY")]),
        (
            date(2021, 12, 31),
            [("state_grid", 15, "WORKING_DAY"), ("regulator", 20, "WORKING_DAY"), ("national", 30, "DAY")],
        ),
        # The text of 2022 promises the total of a connection in place of its single steps.
        (date(2024, 5, 31), [("regulator", 20, "WORKING_DAY"), ("national", 30, "DAY")]),
        (date(2024, 6, 1), [("national", 10, "WORKING_DAY"), ("regulator", 20, "WORKING_DAY")]),
    ],
)
def test_the_scheme_limit_of_a_works_changes_on_its_days(library, on, expected):
    assert said(library, "scheme_reply", "HV_SINGLE", on=on) == expected


def test_the_complaint_of_2011_became_stricter_in_2022(library):
    before, after = date(2021, 12, 31), date(2022, 1, 1)
    # 24 hours and one working day are of one length, but the day begins at midnight: the hours are stricter.
    assert said(library, "complaint_contact", "ALL", on=before)[0] == ("state_grid_95598", 24, "HOUR")
    assert said(library, "complaint_contact", "ALL", on=before)[1] == ("state_grid", 1, "WORKING_DAY")
    assert said(library, "complaint_contact", "ALL", on=after)[0] == ("state_grid", 24, "HOUR")


def test_an_average_alone_runs_no_clock(library):
    with pytest.raises(NoRuleInForce, match="fault_restore"):
        service_limits(library, "fault_restore", of="URBAN", on=TODAY, territory="hunan")


def test_a_class_nobody_speaks_of_has_no_limit(library):
    with pytest.raises(NoRuleInForce):
        service_limits(library, "connection_utility", of="RESIDENTIAL", on=TODAY, territory="hunan")
    with pytest.raises(NoRuleInForce):
        service_limits(library, "connection_utility", of="HV_DUAL", on=date(2009, 1, 1), territory="hunan")


def test_a_territory_without_commitments_is_bound_as_its_parent(library):
    assert commitments(library, "demo") == commitments(library, "hunan")
    assert "southern_grid" in commitments(library, "yunnan")
    assert commitments(library, "regulator") == ()
    with pytest.raises(TerritoryUnknown):
        service_limits(library, "fault_arrival", of="URBAN", on=TODAY, territory="atlantis")


def test_every_key_has_an_answer_today_in_every_grid_company(library):
    # A commitment that names a key for some classes only answers for at least one of them.
    for territory in ("hunan", "guangdong"):
        for key in declared_keys(library) - {"meter_dispute"}:
            answers = 0
            for of in ("ALL", *BROADER):
                try:
                    service_limits(library, key, of=of, on=TODAY, territory=territory)
                except NoRuleInForce:
                    continue
                answers += 1
            assert answers, (territory, key)


def test_a_commitment_that_does_not_exist_is_refused(tmp_path: Path):
    (tmp_path / "utopia").mkdir()
    head = 'code = "utopia"\nname_zh = "乌托邦"\nname_en = "Utopia"\ncommitments = ["atlantis"]\n'
    (tmp_path / "utopia" / "territory.toml").write_text(head, encoding="utf-8")
    with pytest.raises(RuleFilesInvalid, match="no territory 'atlantis'"):
        RuleLibrary.load(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('of = "RURAL"', 'of = "URBAN"', "each class has one limit"),
        ('of = "RURAL"', 'of = "VILLAGE"', "limits[0].limits[1].of"),
        ("amount = 90", "amount = 0", "greater than or equal to 1"),
        ("amount = 90", 'amount = "90"', "integer"),
        ('key = "fault_restore"', 'key = "fault_arrival"', "given twice: fault_arrival (AVERAGE)"),
        ('measure = "AVERAGE"', 'measure = "MEAN"', "'EACH' or 'AVERAGE'"),
        ("limits = [{ of", "limit = [{ of", "unknown key"),
        ('kind = "promise"', 'kind = "vow"', "'law', 'regulation', 'promise' or 'practice'"),
    ],
)
def test_a_planted_fault_is_refused(tmp_path: Path, old, new, word):
    folder = tmp_path / "state_grid"
    (folder / "service_limits").mkdir(parents=True)
    for name in ("territory.toml", "service_limits/2022-01-01.toml"):
        text = (default_root() / "state_grid" / name).read_text(encoding="utf-8")
        if name != "territory.toml":
            assert old in text
            text = text.replace(old, new, 1)
        (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(RuleFilesInvalid) as refusal:
        RuleLibrary.load(tmp_path)
    assert word in str(refusal.value)
    assert "2022-01-01" in str(refusal.value)
