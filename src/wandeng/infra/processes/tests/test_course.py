"""The course of a case from its log: where it stands, and which clocks ran from when to when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.processes.course import (
    CourseImpossible,
    Entry,
    Happening,
    Interval,
    clocks_for,
    course,
    steps_for,
)
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.infra.processes.roots import shipped_root

PROCESSES = ProcessLibrary.load([shipped_root()], RuleLibrary.load(default_root()))
BODIES = {code: versions[-1].body for code, versions in PROCESSES.shelf.items()}
FIRST = datetime(2026, 3, 2, 1, tzinfo=UTC)


def at(hours):
    return FIRST + timedelta(hours=hours)


def log(*entries):
    """(hours, happening, what) as entries; the opening comes first by itself."""
    return [Entry(Happening.OPENED, at(0)), *(Entry(Happening(what), at(hours), code) for hours, what, code in entries)]


def told(process, *entries, **answers):
    return course(BODIES[process], answers, log(*entries))


def runs(shown, clock):
    return [(run.round, run.started_at, run.stopped_at, run.finished) for run in shown.runs if run.clock == clock]


def test_a_repair_goes_from_dispatch_to_power():
    shown = told("fault_repair", (1, "FINISHED", "DISPATCH"), (2, "FINISHED", "ACCEPT"))
    assert (shown.step, shown.stage, shown.rounds) == ("ARRIVE", "ON_SITE", 1)
    assert runs(shown, "DISPATCH") == [(1, at(0), at(1), True)]
    assert runs(shown, "ACCEPT") == [(1, at(1), at(2), True)]
    # The way to the customer is counted from the call, not from when somebody took it on.
    assert runs(shown, "ARRIVAL") == [(1, at(0), None, False)]


def test_a_case_whose_steps_are_done_stands_nowhere_and_has_no_running_clock():
    steps = ("DISPATCH", "ACCEPT", "ARRIVE", "RESTORE")
    shown = told("fault_repair", *((hour + 1, "FINISHED", step) for hour, step in enumerate(steps)))
    assert (shown.step, shown.stage) == ("", "")
    assert runs(shown, "ARRIVAL") == [(1, at(0), at(3), True)]
    assert all(run.finished for run in shown.runs)


def test_a_returned_order_gives_the_next_crew_its_own_minutes_and_the_customer_none():
    shown = told(
        "fault_repair", (1, "FINISHED", "DISPATCH"), (2, "RETURNED", "DISPATCH"), (3, "FINISHED", "DISPATCH"),
        (4, "FINISHED", "ACCEPT"),
    )  # fmt: skip
    assert runs(shown, "ACCEPT") == [(1, at(1), at(2), False), (1, at(3), at(4), True)]
    assert runs(shown, "DISPATCH") == [(1, at(0), at(3), True)]
    assert runs(shown, "ARRIVAL") == [(1, at(0), None, False)]
    assert [stay.finished for stay in shown.stays] == [True, False, True, True, False]


def test_a_step_that_is_returned_to_was_not_finished():
    done = [
        (1, "FINISHED", "ACCEPT"),
        (2, "FINISHED", "SURVEY"),
        (3, "FINISHED", "SCHEME_REPLY"),
        (4, "FINISHED", "DESIGN"),
    ]
    before = told("high_voltage_connection", *done, NEEDS_REVIEW=True)
    assert runs(before, "SCHEME") == [(1, at(0), at(3), True)]
    back = told("high_voltage_connection", *done, (5, "RETURNED", "SCHEME_REPLY"), NEEDS_REVIEW=True)
    assert back.step == "SCHEME_REPLY"
    assert runs(back, "SCHEME") == [(1, at(0), None, False)]
    assert runs(back, "REVIEW") == [(1, at(4), at(5), False)]


def test_the_customers_own_works_stop_the_utilitys_clock_and_no_other():
    done = [
        (1, "FINISHED", "ACCEPT"),
        (2, "FINISHED", "SURVEY"),
        (3, "FINISHED", "SCHEME_REPLY"),
        (9, "FINISHED", "DESIGN"),
    ]
    shown = told("high_voltage_connection", *done)
    assert shown.step == "WORKS"
    assert shown.paused_by == ("CUSTOMER_WORKS",)
    utility = next(run for run in shown.runs if run.clock == "UTILITY")
    assert utility.pauses == (Interval(at(3), at(9)), Interval(at(9), None))
    scheme = next(run for run in shown.runs if run.clock == "SCHEME")
    assert scheme.pauses == ()


def test_left_out_steps_have_no_clock_and_hand_the_start_on():
    asked = BODIES["enquiry"]
    assert [step.code for step in steps_for(asked, {})] == ["ANSWER"]
    shown = told("enquiry")
    assert shown.step == "ANSWER"
    assert [(run.clock, run.started_at) for run in shown.runs] == [("ANSWER", at(0))]
    passed_on = told("enquiry", NEEDS_EXPERT=True)
    assert passed_on.step == "DISPATCH"
    assert {run.clock for run in passed_on.runs} == {"DISPATCH", "ANSWER"}


def test_a_pause_is_noted_resumed_and_ends_with_its_step():
    shown = told(
        "low_voltage_connection", (1, "PAUSED", "DOCUMENTS_MISSING"), (5, "RESUMED", "DOCUMENTS_MISSING"),
        (6, "PAUSED", "DOCUMENTS_MISSING"), (8, "FINISHED", "ACCEPT"),
    )  # fmt: skip
    assert shown.paused_by == ()
    utility = next(run for run in shown.runs if run.clock == "UTILITY")
    assert utility.pauses == (Interval(at(1), at(5)), Interval(at(6), at(8)))
    whole = next(run for run in shown.runs if run.clock == "WHOLE")
    assert whole.pauses == ()
    held = told("low_voltage_connection", (1, "PAUSED", "DOCUMENTS_MISSING"))
    assert held.paused_by == ("DOCUMENTS_MISSING",)


def test_a_dissatisfied_customer_opens_a_new_round_with_new_clocks():
    steps = ("DISPATCH", "ACCEPT", "CONTACT", "HANDLE", "ANSWER")
    done = [(hour + 1, "FINISHED", step) for hour, step in enumerate(steps)]
    shown = told("complaint", *done, (30, "REOPENED", "DISPATCH"), (31, "FINISHED", "DISPATCH"))
    assert (shown.step, shown.rounds) == ("ACCEPT", 2)
    assert runs(shown, "ANSWER") == [(1, at(0), at(5), True), (2, at(30), None, False)]
    later = told("complaint", *done, (30, "REOPENED", "HANDLE"))
    assert runs(later, "ANSWER") == [(1, at(0), at(5), True), (2, at(30), None, False)]
    # Nobody has to accept or contact anew where the case is opened again at the handling.
    assert [run.round for run in later.runs if run.clock == "ACCEPT"] == [1]


def test_clocks_run_for_the_channels_and_classes_they_name():
    complaint = BODIES["complaint"]
    plain = {clock.code for clock in clocks_for(complaint, channel="HALL", classes=("URBAN",))}
    assert "TRANSFER_12345" not in plain
    assert plain | {"TRANSFER_12345"} == {
        clock.code for clock in clocks_for(complaint, channel="TRANSFER_12345", classes=("URBAN",))
    }
    connection = BODIES["low_voltage_connection"]
    home = {clock.code for clock in clocks_for(connection, channel="HALL", classes=("RESIDENTIAL",))}
    shop = {clock.code for clock in clocks_for(connection, channel="HALL", classes=("LOW_VOLTAGE",))}
    assert home == {"SCHEME", "CONNECT", "WHOLE"}
    assert shop == {"SCHEME", "CONNECT", "UTILITY"}


@pytest.mark.parametrize(
    ("process", "entries", "word"),
    [
        ("complaint", [(1, "OPENED", "")], "opened once"),
        ("complaint", [(2, "FINISHED", "DISPATCH"), (1, "FINISHED", "ACCEPT")], "lies before"),
        ("complaint", [(1, "FINISHED", "ANSWER")], "stands at step DISPATCH, not at ANSWER"),
        ("complaint", [(1, "RETURNED", "DISPATCH")], "cannot be returned from step DISPATCH"),
        ("complaint", [(1, "FINISHED", "DISPATCH"), (2, "RETURNED", "ANSWER")], "not to ANSWER"),
        ("complaint", [(1, "FINISHED", "DISPATCH"), (2, "RETURNED", "ACCEPT")], "not to ACCEPT"),
        ("complaint", [(1, "REOPENED", "DISPATCH")], "when its steps are done"),
        ("complaint", [(1, "PAUSED", "RAIN")], "cannot be paused by RAIN"),
        ("praise", [(1, "FINISHED", "DISPATCH"), (2, "FINISHED", "RECORD"), (3, "FINISHED", "RECORD")], "are done"),
        ("praise", [(1, "FINISHED", "DISPATCH"), (2, "FINISHED", "RECORD"), (3, "REOPENED", "REST")], "again at REST"),
        ("transfer_of_ownership", [(1, "RESUMED", "DOCUMENTS_MISSING")], "is not paused by DOCUMENTS_MISSING"),
        ("transfer_of_ownership", [(1, "PAUSED", "NOT_SETTLED")], "cannot be paused by NOT_SETTLED"),
        (
            "transfer_of_ownership", [(1, "PAUSED", "DOCUMENTS_MISSING"), (2, "PAUSED", "DOCUMENTS_MISSING")],
            "cannot be paused by DOCUMENTS_MISSING",
        ),
        ("high_voltage_connection", [(1, "FINISHED", "ACCEPT"), (2, "PAUSED", "CUSTOMER_WORKS")], "cannot be paused"),
    ],
)  # fmt: skip
def test_what_cannot_have_happened_is_refused(process, entries, word):
    with pytest.raises(CourseImpossible, match=word):
        told(process, *entries)


def test_a_case_that_was_never_opened_is_refused():
    with pytest.raises(CourseImpossible, match="opened once"):
        course(BODIES["praise"], {}, [Entry(Happening.FINISHED, at(0), "DISPATCH")])
    assert course(BODIES["praise"], {}, []).rounds == 0


@st.composite
def lives(draw):
    """A process, answers, and a log of things that can happen to it one after the other."""
    body = BODIES[draw(st.sampled_from(sorted(BODIES)))]
    questions = [one.code for one in body.fields if one.kind == "YES_NO"]
    answers = {code: draw(st.booleans()) for code in questions}
    entries = [Entry(Happening.OPENED, FIRST)]
    for hour in range(draw(st.integers(0, 25))):
        shown = course(body, answers, entries)
        here = body.step(shown.step) if shown.step else None
        steps = [step.code for step in steps_for(body, answers)]
        own = [one.code for one in body.pauses if not one.by_itself]
        options = [(Happening.REOPENED, code) for code in steps] if here is None else [(Happening.FINISHED, here.code)]
        if here:
            earlier = steps[: steps.index(here.code)]
            options += [(Happening.RETURNED, code) for code in earlier if here.may_return]
            options += [(Happening.RESUMED, code) for code in shown.paused_by if code in own]
            options += [
                (Happening.PAUSED, one.code)
                for one in body.pauses
                if one.code in own and here.code in one.steps and one.code not in shown.paused_by
            ]
        happening, what = draw(st.sampled_from(options))
        entries.append(Entry(happening, at(hour + 1), what))
    return body, answers, entries


@settings(max_examples=150, deadline=None, derandomize=True)
@given(lives())
def test_whatever_happens_the_course_holds_together(life):
    body, answers, entries = life
    shown = course(body, answers, entries)
    assert shown == course(body, dict(reversed(answers.items())), list(entries))
    # The stays follow each other without a gap, but for the rest between two rounds.
    for earlier, later in zip(shown.stays, shown.stays[1:], strict=False):
        assert earlier.to_at is not None
        assert earlier.to_at == later.from_at or later.round == earlier.round + 1
    assert bool(shown.step) == (bool(shown.stays) and shown.stays[-1].to_at is None)
    for run in shown.runs:
        assert run.stopped_at is None or run.stopped_at >= run.started_at
        assert not run.finished or run.stopped_at is not None
        assert run.stopped_at is not None or shown.step
        assert run.round <= shown.rounds
    running = [run.clock for run in shown.runs if run.stopped_at is None]
    assert len(running) == len(set(running))
    # Where nothing is left to do every clock has stopped, and the last run of each was finished.
    if not shown.step:
        assert not shown.paused_by
        assert all(run.finished for run in {(run.round, run.clock): run for run in shown.runs}.values())


@settings(max_examples=100, deadline=None, derandomize=True)
@given(lives())
def test_more_of_the_log_never_changes_what_has_ended_for_good(life):
    body, answers, entries = life
    shown = course(body, answers, entries)
    for length in range(1, len(entries)):
        before = course(body, answers, entries[:length])
        ended = [stay for stay in before.stays if stay.to_at is not None]
        assert list(shown.stays[: len(ended)]) == ended
        begun = {(run.round, run.clock, run.started_at) for run in before.runs}
        assert begun <= {(run.round, run.clock, run.started_at) for run in shown.runs}
