"""Month plans against a slow reading of the same plan, against every plan there is, and against what must never happen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.oracle import outage_plans as oracle
from wandeng.calc.outage_plan import Effort, Problem, Rule, Start, descent, evaluate, findings, greedy, plan, reasons
from wandeng.calc.tests.outage_cases import bureau, day, job, random_problem

EFFORT = Effort(work=1, tries=20)
SAME_RULE = {"NOTICE": Rule.NO_DAY, "DAY": Rule.NO_DAY, "FORBIDDEN": Rule.FORBIDDEN}
seeds = st.integers(0, 10**6)


def agrees(problem: Problem, starts: dict[str, Start]) -> None:
    """Figures, cost and broken rules of the fast reading are those of the slow one; rules are broken by pins alone."""
    ours, slow = evaluate(problem, starts), oracle.audit(problem, starts)
    assert (ours.customer_interruptions, ours.load_windows_w, ours.cost) == (
        slow.customer_interruptions,
        slow.load_windows_w,
        slow.cost,
    )
    assert ours.soon == slow.soon
    assert (ours.over, ours.areas_over) == (sum(slow.over.values()), tuple(sorted(slow.over)))
    pinned = {one.code: one.pinned for one in problem.jobs if one.pinned}
    assert {code for code, _rule in slow.broken} <= set(pinned)
    told = {(one.job, one.rule) for one in findings.find(problem, starts) if one.is_placed}
    for code, rule in slow.broken:
        assert rule not in SAME_RULE or (code, SAME_RULE[rule]) in told
    assert all(starts[code] == start for code, start in pinned.items())


@given(seeds)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_plan_keeps_every_rule_is_counted_right_and_is_never_worse_than_the_planners_own(seed: int) -> None:
    problem = random_problem(seed, jobs=7, days=4)
    found = plan(problem, EFFORT)
    agrees(problem, found.starts)
    agrees(problem, found.baseline)
    assert found.bound <= found.figures.cost <= found.baseline_figures.cost
    assert found.figures.unplaced == len({one.job for one in found.findings if not one.is_placed})
    over = {one.job for one in found.findings if one.rule is Rule.AREA_OVER_LIMIT}
    assert over == jobs_over(problem, found.starts)
    soon = {area for one in found.findings if one.rule is Rule.AREA_TOO_SOON for area in one.areas}
    assert soon == set(found.figures.areas_soon)


def jobs_over(problem: Problem, starts: dict[str, Start]) -> set[str]:
    """Jobs whose areas, counting up to their own day, are beyond their room: told from prefixes of the plan."""
    found = set()
    for code, start in starts.items():
        until = {other: its for other, its in starts.items() if its.on <= start.on}
        over = oracle.audit(problem, until).over
        if not start.is_live and over.keys() & problem.job[code].areas:
            found.add(code)
    return found


@given(seeds)
@settings(max_examples=12, deadline=None, derandomize=True)
def test_a_tiny_plan_is_the_best_of_all_there_are(seed: int) -> None:
    problem = random_problem(seed, jobs=3, days=2)
    found = plan(problem, Effort(work=5, tries=0))
    assert found.gap_permille == 0
    assert found.figures.cost == oracle.best(problem)


@given(seeds)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_rearranging_keeps_every_rule_and_never_costs_more(seed: int) -> None:
    problem = random_problem(seed, jobs=12, days=5)
    proposed = greedy.propose(problem)
    better = descent.improve(problem, proposed, 60, seed)
    agrees(problem, better)
    assert evaluate(problem, better).cost <= evaluate(problem, proposed).cost
    assert better == descent.improve(problem, proposed, 60, seed)


@given(seeds, st.integers(0, 6), st.integers(1, 4), st.sampled_from(("day", "peak")))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_job_pinned_after_planning_stays_when_planned_again(seed: int, which: int, number: int, window: str) -> None:
    problem = random_problem(seed, jobs=7, days=4)
    pinned = tuple(
        replace(one, pinned=Start(day(number), window)) if place == which else one
        for place, one in enumerate(problem.jobs)
    )
    again = plan(replace(problem, jobs=pinned), EFFORT)
    assert again.starts[f"J{which}"] == Start(day(number), window)


def test_the_slow_reading_counts_what_is_counted_by_hand() -> None:
    problem = bureau(job("a", "A1", "A2", windows=2), job("b", "A2"), job("c", "B1", due_on=day(1)))
    starts = {"a": Start(day(1), "day"), "b": Start(day(1), "peak"), "c": Start(day(3), "night")}
    found = oracle.audit(problem, starts)
    assert found.customer_interruptions == 100 + 200 + 300
    assert found.load_windows_w == 300 * (1000 + 1500) + 300 * 500
    assert found.cost == 600 * 1000 + 900_000 + 2 * 5000
    assert found.broken == {("a", "CREW"), ("b", "CREW")}  # one line crew at the peak


@given(seeds)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_what_another_day_would_cost_is_what_the_plan_costs_more_with_the_job_there(seed: int) -> None:
    problem = random_problem(seed, jobs=8, days=4)
    starts = greedy.propose(problem)
    now = evaluate(problem, starts)
    for one in reasons(problem, starts):
        if one.other is None:
            assert (one.other_costs, one.other_interruptions) == (None, None)
            continue
        then = evaluate(problem, {**starts, one.job: one.other})
        assert one.other.on != starts[one.job].on
        assert one.other_costs == then.cost - now.cost
        assert one.other_interruptions == then.customer_interruptions - now.customer_interruptions
