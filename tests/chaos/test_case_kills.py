"""R1: workers that dispatch, repair and close the same cases at the same time are killed at any moment.

Whatever is begun again is done once: no step, notice, event or question twice, none missing. ``WANDENG_CHAOS=long`` kills
more; ``WANDENG_CHAOS_SEED`` repeats the dice.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence

import pytest
from tests.kits import bill_chaos, case_chaos

from wandeng.domains.cases import checks
from wandeng.domains.cases.models import Case
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]

LONG = os.environ.get("WANDENG_CHAOS") == "long"
SEED = int(os.environ.get("WANDENG_CHAOS_SEED", "20264"))
CASES, KILLS = (600, 200) if LONG else (60, 20)
WORKERS = 2


@pytest.fixture
def charter() -> Charter:
    make.county()
    return Charter.current()


def opened(charter: Charter, count: int) -> list[str]:
    return [make.open_fault(charter).number for _ in range(count)]


def kill_until_done(order: Callable[..., list[int]], numbers: Sequence[str], kills: int) -> int:
    """Two workers at the same cases, SIGKILL while they are at the first few of them, and a patient pair at the end; how
    many were killed."""
    dice, killed = random.Random(SEED), 0
    order(case_chaos.warm, (), 1, 60.0)
    began = time.monotonic()
    assert order(case_chaos.take_to_the_end, (numbers[:1],), 1, 60.0) == [0]
    of_one = time.monotonic() - began
    for _ in range(kills):
        if killed < kills:
            patience = of_one * dice.uniform(0.2, 1.2)
            codes = order(case_chaos.take_to_the_end, (numbers,), WORKERS, patience)
            assert set(codes) <= {0, signal.SIGKILL}, codes
            killed += codes.count(signal.SIGKILL)
    print(
        f"seed {SEED}: {killed} kills, {Case.objects.filter(state='CLOSED').count()} of {len(numbers)} were closed then"
    )
    assert order(case_chaos.take_to_the_end, (numbers,), WORKERS, 110.0) == [0] * WORKERS
    return killed


def unlike(numbers: Sequence[str], charter: Charter) -> list[str]:
    """Cases that have left something else than one that nobody disturbed, and whatever the checks of cases find."""
    alone = opened(charter, 1)[0]
    case_chaos.take_to_the_end([alone])
    whole = case_chaos.left_by(alone)
    assert {"is CLOSED", "notices", "event cases.closed"} <= set(+whole), whole
    found = [(number, case_chaos.left_by(number)) for number in numbers]
    odd = [f"{number}: {left - whole or ''} {whole - left or ''}" for number, left in found if left != whole]
    return odd + checks.faults(charter)


def test_kills_leave_every_case_closed_once(charter: Charter) -> None:
    numbers = opened(charter, CASES)
    with bill_chaos.forking(case_chaos.warm) as order:
        kills = kill_until_done(order, numbers, KILLS)
    assert unlike(numbers, charter) == []
    assert kills >= KILLS


def test_the_comparison_sees_a_program_that_commits_before_it_is_done(charter: Charter) -> None:
    numbers = opened(charter, 24)
    with bill_chaos.forking(case_chaos.commit_after_the_entry) as order:
        kill_until_done(order, numbers, 16)
    odd = unlike(numbers, charter)
    print(f"{len(odd)} of {len(numbers)} cases are unlike")
    assert odd
