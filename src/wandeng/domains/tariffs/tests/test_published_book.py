"""The price book as people read it: versions, changes, gaps, timetables and day lists, and who is priced by what."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from wandeng.domains.tariffs import queries
from wandeng.domains.tariffs.types import PriceCodeUnknown
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.kernel.errors import NotFound

OCTOBER = date(2026, 10, 15)


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def test_every_code_is_listed_with_the_version_that_holds(library: RuleLibrary) -> None:
    listed = {one.code: one for one in queries.codes(library, OCTOBER)}
    two_part = listed["demo.two_part.10kv"]
    assert (two_part.since, two_part.until, two_part.is_priced) == (date(2026, 10, 1), date(2026, 11, 1), True)
    assert (two_part.two_part, two_part.tiered, two_part.schedule) == (True, False, "industrial")
    hunan = listed["hunan.residential"]
    assert (hunan.since, hunan.until, hunan.status) == (date(2024, 1, 1), None, "L")
    assert set(listed) == {one.code for one in queries.codes(library, OCTOBER)}
    assert {one.territory for one in queries.codes(library, OCTOBER, territory="hunan")} == {"hunan"}
    assert ("hunan", "湖南") in [(code, name[:2]) for code, name in queries.territories(library)]


def test_a_price_without_one_of_its_parts_is_a_gap_that_names_the_part(library: RuleLibrary) -> None:
    found = queries.history(library, "demo.two_part.10kv", OCTOBER)
    (gap,) = found.gaps(after=OCTOBER)
    assert (gap.from_on, gap.missing, gap.is_open) == (date(2027, 1, 1), "agent_purchase", True)
    (listed,) = [one for one in queries.codes(library, date(2027, 3, 1)) if one.code == "demo.two_part.10kv"]
    assert (listed.is_priced, listed.missing) == (False, "agent_purchase")
    assert queries.history(library, "demo.residential", OCTOBER).gaps(after=OCTOBER) == ()


def test_versions_follow_each_other_and_differ(library: RuleLibrary) -> None:
    versions = queries.history(library, "demo.commercial.lv.tou", OCTOBER).versions
    for earlier, later in itertools.pairwise(versions):
        assert earlier.to_on == later.from_on
        assert (earlier.charges, earlier.missing) != (later.charges, later.missing)


def test_what_changed_between_two_versions_is_told_charge_by_charge(library: RuleLibrary) -> None:
    found = queries.history(library, "hunan.residential", OCTOBER)
    before, after = found.versions
    told = queries.changes(before, after)
    # The first tier went from 180 to 200 kWh in both seasons; the second now begins there; no price changed.
    assert sorted((one.charge.tier, one.charge.tier_from_ckwh, one.charge.tier_to_ckwh) for one in told) == [
        (1, 0, 200_00),
        (1, 0, 200_00),
        (2, 200_00, 350_00),
        (2, 200_00, 450_00),
    ]
    assert {one.change_e8 for one in told} == {0}
    assert queries.changes(after, after) == ()


def test_a_new_purchase_price_changes_what_is_made_of_it(library: RuleLibrary) -> None:
    found = queries.history(library, "demo.commercial.lv", OCTOBER)
    september, october = found.on(date(2026, 9, 1)), found.on(OCTOBER)
    assert september is not None
    assert october is not None
    changed = {one.charge.item_code: one.change_e8 for one in queries.changes(september, october)}
    assert "agent_purchase" in changed
    assert "rural_grid_loan" not in changed
    sources = queries.sources(library, october.sources)
    assert "demo/agent_purchase/2026-10-01.toml" in [one.path for one in sources]
    assert all(one.citation and one.status for one in sources)


def test_an_unknown_code_and_an_unknown_file_are_refused(library: RuleLibrary) -> None:
    with pytest.raises(PriceCodeUnknown):
        queries.history(library, "hunan.moonlight", OCTOBER)
    for path in ("hunan/residential/1999-01-01.toml", "../pyproject.toml", "/etc/passwd", ""):
        with pytest.raises(NotFound):
            queries.source(library, path)


def test_a_rule_file_names_its_document_and_its_neighbors(library: RuleLibrary) -> None:
    found = queries.neighbors(library, "hunan/residential/2012-07-01.toml")
    assert [one.from_on for one in found] == [date(2012, 7, 1), date(2024, 1, 1)]
    assert (found[0].to_on, found[1].is_open, found[1].status) == (date(2024, 1, 1), True, "L")
    joined = "hunan/residential/2024-01-01.toml + hunan/time_of_use/2026-01-01.toml + gone.toml"
    assert [one.topic for one in queries.sources(library, [joined])] == ["residential", "time_of_use"]


def test_a_timetable_covers_every_quarter_hour_of_every_month(library: RuleLibrary) -> None:
    found = queries.timetable(library, "demo.two_part.10kv", OCTOBER)
    assert found is not None
    assert sorted(month for day in found.days for month in day.months) == list(range(1, 13))
    for day in (*found.days, found.sharp):
        assert day is not None
        assert [one.start for one in day.hours] == [0, *(one.end for one in day.hours[:-1])]
        assert day.hours[-1].end == 96
    assert found.days[0].hours[0].clock == "00:00–06:00"
    assert queries.timetable(library, "demo.residential", OCTOBER) is None


def test_an_incomplete_or_missing_day_list_is_told(library: RuleLibrary) -> None:
    demo = queries.timetable(library, "demo.two_part.10kv", OCTOBER)
    assert demo is not None
    assert (demo.has_list, demo.incomplete) == (True, ())
    later = queries.timetable(library, "demo.two_part.10kv", date(2027, 2, 1))
    assert later is not None
    assert not later.has_list
    listed = {version.path: version.body.calendar.complete for version in library.shelf["guangdong", "sharp_days"]}
    assert False in listed.values()
