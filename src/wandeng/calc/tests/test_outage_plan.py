"""Month plans of outages: what merging saves, what each rule forbids, and what the planner is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wandeng.calc.outage_plan import (
    Area,
    Effort,
    Forbidden,
    Plan,
    Problem,
    Room,
    Rule,
    Start,
    evaluate,
    figures,
    greedy,
    plan,
    planning,
    reasons,
)
from wandeng.calc.tests.outage_cases import PRICES, areas, bureau, crew, day, job
from wandeng.kernel.errors import InvalidInput

QUICK = Effort(work=5, tries=50)


def solved(problem: Problem) -> Plan:
    return plan(problem, QUICK)


def only(number: int) -> frozenset:
    return frozenset({day(number)})


def test_work_on_common_areas_is_merged_into_one_outage() -> None:
    problem = bureau(job("trunk", "A1", "A2"), job("branch", "A2"), crews=2)
    found = solved(problem)
    # One night: 100 + 200 customers once, 300 kW × 500 ‰ once.
    assert found.figures.customer_interruptions == 300
    assert found.figures.load_windows_w == 300 * 500
    assert {one.start.window for one in found.placements} == {"night"}
    assert {one.job: one.merged_with for one in found.placements} == {"branch": ("trunk",), "trunk": ("branch",)}
    assert (found.gap_permille, found.bound) == (0, found.figures.cost)
    assert found.findings == ()


def test_the_planners_own_way_takes_the_earliest_free_day_by_due_day() -> None:
    problem = bureau(job("a", "A1", "A2", not_before=day(2)), job("b", "A2", due_on=day(2)), job("c", "B1"))
    assert greedy.propose(problem) == {
        "b": Start(day(1), "day"),
        "a": Start(day(2), "day"),
        "c": Start(day(1), "peak"),  # the one crew is with b by day
    }
    # A2 twice, A1 and B1 once; 200 + 300 kW at 1000 ‰ and 300 kW at 1500 ‰
    before = solved(problem).baseline_figures
    assert (before.customer_interruptions, before.load_windows_w) == (200 * 2 + 100 + 300, 950_000)


def test_a_crew_cannot_be_in_two_places() -> None:
    found = solved(
        bureau(job("a", "A1", allowed_days=only(1), windows=3), job("b", "B1", allowed_days=only(1), windows=3))
    )
    [missing] = found.findings
    assert (missing.job, missing.rule, missing.is_placed, missing.others) == ("b", Rule.NO_CREW, False, ("a",))
    assert missing.details == ("line",)
    assert found.figures.unplaced == 1


def test_a_job_taken_out_gives_back_its_crew_and_its_ties() -> None:
    one, other = (
        job(code, area, feeder=code, ties_closed=frozenset({"T"})) for code, area in (("a", "A1"), ("b", "B1"))
    )
    calendar, start = greedy.Calendar(bureau(one, other)), Start(day(1), "day")
    calendar.place(one, start)
    assert (calendar.crew_holders(other, start), calendar.tie_holders(other, start)) == ({"a"}, {"a"})
    calendar.lift(one, start)
    assert calendar.is_free(other, start)


def test_notice_and_agreed_days_leave_a_day_or_say_that_there_is_none() -> None:
    # Announced on 25 May: eight days on is 2 June.
    found = solved(bureau(job("a", "A1", notice_days=8), job("b", "B1", notice_days=8, allowed_days=only(1))))
    assert found.starts["a"].on == day(2)
    assert [(one.job, one.rule, one.is_placed) for one in found.findings] == [("b", Rule.NO_DAY, False)]


def test_areas_are_not_interrupted_when_it_is_forbidden() -> None:
    exams = Forbidden("EXAM", frozenset({"A1"}), only(1) | only(2))
    nights = Forbidden("PEAK", windows=frozenset({"night", "peak"}))
    problem = bureau(job("a", "A1", "A2", due_on=day(1)), forbidden=(exams, nights))
    found = solved(problem)
    assert found.starts == {"a": Start(day(3), "day")}
    assert found.figures.late_days == 2
    assert solved(replace(problem, forbidden=(Forbidden("EVENT"),))).findings[0].details == ("EVENT",)


def test_what_is_better_avoided_is_avoided_where_something_cheaper_is_left_and_told_where_not() -> None:
    harvest = (Forbidden("harvest", frozenset({"A1"}), days=frozenset({day(1), day(2)})),)
    found = solved(bureau(job("a", "A1", due_on=day(1)), avoided=harvest))
    # On the first day 30,000 for the harvest, on the third 2 × 5,000 for being late.
    assert (found.starts["a"].on, found.figures.avoided, found.findings) == (day(3), 0, ())
    [told] = solved(bureau(job("a", "A1", allowed_days=only(2)), avoided=harvest)).findings
    assert (told.rule, told.is_placed, told.details) == (Rule.AVOIDED, True, ("harvest",))


def test_a_job_of_several_crews_waits_until_all_of_them_are_free() -> None:
    crews = (*crew("line", 1), *crew("cable", 1))
    both = job("a", "A1", windows=3, allowed_days=only(1), more_crews=frozenset({"cable"}))
    found = solved(bureau(both, job("b", "B2", crew="cable", windows=3), own_crews=crews))
    assert (found.starts["a"].on, found.figures.unplaced) == (day(1), 0)
    assert found.starts["b"].on > day(1)


def test_live_work_interrupts_nobody_and_needs_no_notice() -> None:
    live = job("a", "A1", live_crew="live", notice_days=30)
    found = solved(bureau(live, own_crews=crew("live", 1)))
    assert found.starts["a"].is_live
    assert found.figures.customer_interruptions == 0


def test_the_fifth_outage_of_an_area_is_avoided_where_it_can_be_and_named_where_not() -> None:
    jobs = (job("a", "A1"), job("b", "A1", "A2"))
    near = solved(bureau(*jobs, crews=2, areas=areas(A1=3)))
    assert near.starts["a"].on == near.starts["b"].on
    assert near.figures.areas_at_limit == ("A1",)
    apart = tuple(replace(one, allowed_days=only(number)) for number, one in enumerate(jobs, 1))
    found = solved(bureau(*apart, areas=areas(A1=3)))
    assert found.figures.areas_over == ("A1",)
    assert [(one.job, one.rule, one.areas) for one in found.findings] == [("b", Rule.AREA_OVER_LIMIT, ("A1",))]
    assert [one.others for one in found.findings] == [("a",)]
    assert (near.least_over, found.least_over) == (0, 1)


def test_how_few_areas_must_be_beyond_their_most_is_proven_also_from_a_plan_that_has_more() -> None:
    jobs = (job("a", "A1", due_on=day(2)), job("b", "A1", not_before=day(3)))
    problem = bureau(*jobs, areas=areas(A1=3))
    found = plan(problem, Effort(work=5, tries=0))
    assert found.baseline_figures.areas_over == ("A1",)
    assert (found.figures.areas_over, found.least_over) == ((), 0)


def test_the_search_has_all_the_seconds_that_the_proof_does_not_take(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int | None] = []
    solve = planning._solved

    def counted(problem: Problem, hint: figures.Starts, effort: Effort) -> planning._Answer:
        given.append(effort.wall_seconds)
        return replace(solve(problem, hint, effort), seconds=2.5)

    monkeypatch.setattr(planning, "_solved", counted)
    clock = replace(QUICK, wall_seconds=40)
    plan(bureau(job("a", "A1"), job("b", "A1")), clock)
    assert given == [40]
    given.clear()
    apart = tuple(job(code, "A1", allowed_days=only(number)) for number, code in enumerate("ab", 1))
    assert plan(bureau(*apart, areas=areas(A1=3)), clock).least_over == 1
    assert given == [10, 37]


def test_a_third_outage_within_the_rolling_months_waits_until_an_earlier_one_leaves_them() -> None:
    # B2 was off twice; one of the two is out of the rolling months from the third day.
    tired = tuple(replace(one, soon=(Room(day(2), 0), Room(day(5), 1))) if one.code == "B2" else one for one in areas())
    waits = solved(bureau(job("b", "B2", due_on=day(1)), areas=tired))
    # Two days late, 10,000, are cheaper than one interruption too soon, 200,000.
    assert (waits.starts["b"].on, waits.figures.soon, waits.findings) == (day(3), 0, ())
    two = solved(bureau(job("b", "B2"), job("c", "B2", allowed_days=only(1)), areas=tired))
    # Only "c" has to be on the first day, so "b" joins it: off once, too soon once.
    assert {start.on for start in two.starts.values()} == {day(1)}
    assert (two.figures.soon, two.figures.areas_soon) == (1, ("B2",))
    assert [(one.job, one.rule, one.areas) for one in two.findings] == [
        ("b", Rule.AREA_TOO_SOON, ("B2",)),
        ("c", Rule.AREA_TOO_SOON, ("B2",)),
    ]


def test_ties_serve_one_feeder_at_a_time() -> None:
    whole_day = {"windows": 3, "allowed_days": only(1), "crew": ""}
    a = job("a", "A1", feeder="A", ties_closed=frozenset({"T"}), **whole_day)
    b = job("b", "B1", feeder="B", ties_closed=frozenset({"T"}), **whole_day)
    [missing] = solved(bureau(a, b)).findings
    assert (missing.rule, missing.others, missing.details) == (Rule.TIES_EXCLUDE, ("a",), ("T",))
    assert solved(bureau(a, replace(b, feeder="A"))).findings == ()
    assert solved(bureau(a, replace(b, feeder="A", ties_closed=frozenset(), ties_open=frozenset({"T"})))).findings
    later = replace(b, allowed_days=None)
    assert solved(bureau(a, later)).starts["b"].on > day(1)


def test_a_pinned_job_stays_and_pushes_others_aside_and_its_broken_rules_are_told() -> None:
    pinned = job("b", "A1", pinned=Start(day(1), "peak"), notice_days=8)
    found = solved(bureau(job("a", "A1"), pinned, forbidden=(Forbidden("PEAK", windows=frozenset({"peak"})),)))
    assert found.starts["b"] == Start(day(1), "peak")
    assert found.starts["a"] == Start(day(1), "night")  # merged, though not with the crew that b has
    assert [(one.rule, one.is_placed) for one in found.findings] == [(Rule.FORBIDDEN, True), (Rule.NO_DAY, True)]
    both = solved(bureau(replace(pinned, notice_days=0), job("c", "B1", pinned=Start(day(1), "peak"))))
    assert [(one.job, one.rule, one.others) for one in both.findings] == [
        ("b", Rule.NO_CREW, ("c",)),
        ("c", Rule.NO_CREW, ("b",)),
    ]


def test_a_published_plan_is_changed_only_for_more_than_the_change_costs() -> None:
    published = Start(day(3), "day")
    # The night would save 100 kW × 500 ‰ = 50,000, more than the 20,000 of a change; of 30 kW, 15,000, it does not.
    moved = solved(bureau(job("a", "A1", published=published)))
    assert (moved.starts["a"].window, moved.figures.changed) == ("night", 1)
    small = tuple(replace(area, load_kw=30) for area in areas())
    assert solved(bureau(job("a", "A1", published=published), areas=small)).starts == {"a": published}


def test_a_job_dearer_than_leaving_it_out_is_left_out_and_told() -> None:
    found = solved(bureau(job("a", "B2"), prices=replace(PRICES, unplaced=1)))
    assert [(one.job, one.rule) for one in found.findings] == [("a", Rule.NOT_WORTH_IT)]


def test_the_same_effort_gives_the_same_plan() -> None:
    problem = bureau(*(job(f"J{n}", *("A1", "A2", "B1", "B2")[n % 3 :]) for n in range(7)), crews=2)
    assert solved(problem) == solved(problem)


def test_a_customer_side_job_without_a_crew_joins_the_grids_outage() -> None:
    found = solved(bureau(job("grid", "A1", "A2", windows=2), job("customer", "A1", crew="")))
    assert found.starts["grid"].on == found.starts["customer"].on
    assert evaluate(bureau(job("customer", "A1", crew="")), {}).unplaced == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (lambda: bureau(job("a", "X")), "'X', which is no area"),
        (lambda: bureau(job("a", "A1"), job("a", "A1")), "'a' is given twice"),
        (lambda: bureau(job("a", "A1", windows=4)), "does not fit into the windows"),
        (lambda: bureau(job("a", "A1", pinned=Start(day(9), "day"))), "pinned outside"),
        (lambda: bureau(job("a", "A1", pinned=Start(day(1), "day", is_live=True))), "nobody can do"),
        (lambda: bureau(days=0), "at least one day"),
        (lambda: bureau(days=300), "one calendar year"),
        (lambda: bureau(areas=areas(A1=-1)), "zero or more"),
        (lambda: bureau(forbidden=(Forbidden("R", windows=frozenset({"noon"})),)), "no window 'noon'"),
        (lambda: bureau(areas=(Area("A1", 1, 1, 0, 4, (Room(day(2), 1), Room(day(3), 0))),)), "never gets less"),
        (lambda: solved(bureau(job("a", "A1"), prices=replace(PRICES, unplaced=2**60))), "too high"),
        (lambda: plan(bureau(), Effort(work=0, tries=0)), "at least one unit"),
    ],
)
def test_what_does_not_fit_together_is_refused(wrong, why) -> None:
    with pytest.raises(InvalidInput, match=why):
        wrong()


def test_a_job_tells_whom_it_spares_by_sharing_an_outage_and_what_another_day_would_cost() -> None:
    problem = bureau(job("trunk", "A1", "A2"), job("branch", "A2"), crews=2)
    found = solved(problem)
    told = {one.job: one for one in reasons(problem, found.starts)}
    # On a night of its own the branch interrupts 200 customers once more: 200 × 1000 + 200 kW × 500 ‰.
    assert (told["branch"].merged_with, told["branch"].spared) == (("trunk",), 200)
    assert (told["branch"].other_interruptions, told["branch"].other_costs) == (200, 200_000 + 100_000)
    assert told["branch"].other is not None
    assert told["branch"].other.window == "night"
    moved = {**found.starts, "branch": told["branch"].other}
    assert evaluate(problem, moved).cost - found.figures.cost == 300_000
