"""D1: no interleaving of pay, approve, dispatch, confirm and reconnect cuts off who has paid or leaves them off.

Random programs of a Hypothesis machine, and threads that pay and dispatch the same account at the same moment. The
negative controls look at the debt outside the lock, and both are caught. 10,000 interleavings with ``WANDENG_CHAOS=long``.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test
from tests.kits import at_once
from tests.kits import order_races as races

from wandeng.domains.collections.tests.make import orders as make
from wandeng.infra.effective import current

LONG = os.environ.get("WANDENG_CHAOS") == "long"
PROGRAMS, PAIRS = (9_500, 500) if LONG else (60, 10)
SEED = int(os.environ.get("WANDENG_CHAOS_SEED", "20264"))
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(7200)]


@pytest.fixture(autouse=True)
def steady_rules(monkeypatch) -> None:
    """The rules as they are when the dice begin, whatever is edited meanwhile."""
    rules = current.library()
    monkeypatch.setattr(current, "library", lambda: rules)


@pytest.fixture
def account() -> None:
    make.county()
    make.arrears()


@pytest.mark.django_db
@pytest.mark.parametrize("number, stage", list(enumerate(races.STAGES)))
def test_no_order_of_events_cuts_off_who_has_paid(account: None, number: int, stage: str) -> None:
    machine = races.beginning(stage, SEED + number)
    run_state_machine_as_test(machine, settings=races.programs(PROGRAMS // len(races.STAGES)))
    print(f"from {stage}: {dict(machine.done)}")
    assert machine.done["paid"] > 0
    assert machine.done["restored"] > 0 or not machine.began_off


@pytest.mark.django_db
def test_a_dispatcher_who_looks_before_the_lock_is_caught(account: None) -> None:
    machine = races.beginning("approved", SEED, races.LooksTooEarly)
    with pytest.raises(AssertionError, match="left after the payment"):
        run_state_machine_as_test(machine, settings=races.programs(1_500))


RACE: dict[str, Any] = {"approved": make.approved, "fen": races.FULL, "remote": False, "seed": SEED}


@pytest.fixture
def households() -> list[str]:
    make.county()
    at_once.without_quota()
    return make.many(PAIRS)


@pytest.mark.django_db(transaction=True)
def test_paying_and_dispatching_at_the_same_moment_never_cuts_off_who_has_paid(households: list[str]) -> None:
    assert at_once.wrongs(households, **RACE) == []


@pytest.mark.django_db(transaction=True)
def test_the_threads_see_a_dispatch_that_looks_outside_the_lock(households: list[str]) -> None:
    assert at_once.wrongs(households[:4], hasty=True, **RACE)
