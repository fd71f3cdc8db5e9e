"""D1 for prepay: no interleaving of top-up, approve, dispatch, confirm and reconnect cuts off whose balance is not overdrawn,
or leaves off who topped up. The negative controls look at the balance outside the lock, and both are caught."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test
from tests.kits import at_once, order_races
from tests.kits import prepay_races as races

from wandeng.domains.collections.tests.make import orders as make

LONG = os.environ.get("WANDENG_CHAOS") == "long"
PROGRAMS, PAIRS = (9_500, 300) if LONG else (40, 6)
SEED = int(os.environ.get("WANDENG_CHAOS_SEED", "20264"))
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(7200)]


@pytest.mark.django_db
@pytest.mark.parametrize("number, stage", list(enumerate(order_races.STAGES)))
def test_no_order_of_events_cuts_off_whose_balance_is_enough(number: int, stage: str) -> None:
    make.county()
    machine = order_races.beginning(stage, SEED + number, races.PrepayRaces, races)
    run_state_machine_as_test(machine, settings=order_races.programs(PROGRAMS // len(order_races.STAGES)))
    assert machine.done["paid"] > 0
    assert machine.done["restored"] > 0 or not machine.began_off


@pytest.mark.django_db
def test_a_dispatcher_who_looks_at_the_balance_before_the_lock_is_caught() -> None:
    make.county()
    machine = order_races.beginning("approved", SEED, races.PrepayLooksTooEarly, races)
    with pytest.raises(AssertionError, match="left after the payment"):
        run_state_machine_as_test(machine, settings=order_races.programs(1_500))


RACE: dict[str, Any] = {"approved": races.approved, "fen": races.USED, "remote": True, "seed": SEED}


@pytest.fixture
def households() -> list[str]:
    make.county()
    at_once.without_quota()
    return make.bare(PAIRS)


@pytest.mark.django_db(transaction=True)
def test_topping_up_and_dispatching_at_the_same_moment_never_cuts_off_who_topped_up(households: list[str]) -> None:
    assert at_once.wrongs(households, **RACE) == []


@pytest.mark.django_db(transaction=True)
def test_the_threads_see_a_dispatch_that_looks_at_the_balance_outside_the_lock(households: list[str]) -> None:
    assert at_once.wrongs(households[:3], hasty=True, **RACE)
