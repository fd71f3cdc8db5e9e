"""R2: a bill run killed at any moment, run again until done, loses nothing and does nothing twice.

After every round of kills nothing is half done; at the end each month is to the fen and to the byte what it would have
been undisturbed. A hundred kills, a thousand with ``WANDENG_CHAOS=long``; ``WANDENG_CHAOS_SEED`` repeats a run of the
dice.
"""

from __future__ import annotations

import contextlib
import os
import random

import pytest
from tests.kits import bill_chaos as chaos
from tests.kits import bill_world as world

from wandeng.domains.billing.models import BillRun
from wandeng.flows import bill_run
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

ACCOUNTS, SHARD = 4_000, 100
KILLS = 1_000 if os.environ.get("WANDENG_CHAOS") == "long" else 100
SEED = int(os.environ.get("WANDENG_CHAOS_SEED", "20261"))
MONTHS = [Month(2025, 1).plus(ahead) for ahead in range(18)]


@pytest.fixture
def county(settings, tmp_path):
    settings.HOME = tmp_path
    world.found()
    with ColumnStore() as store:
        world.populate(store, ACCOUNTS, MONTHS)
        # A server learns of so many new rows a minute later by itself; until then it plans badly.
        store.execute("ANALYZE")


@pytest.mark.timeout(7200)
def test_kills_at_random_moments_cost_no_bill_and_no_fen(county) -> None:
    dice, kills, expected = random.Random(SEED), 0, {}
    with chaos.forking() as order:
        for month in MONTHS:
            expected[month] = chaos.undisturbed(month, world.UNIT)
            kills += chaos.kill_until_done(order, month, world.UNIT, SHARD, dice, most=KILLS)
            if kills >= KILLS:
                break
    print(f"seed {SEED}: {kills} kills over {len(expected)} runs")
    assert {str(month): chaos.wrongs(ACCOUNTS, month) for month in expected} == {str(month): {} for month in expected}
    assert {month: chaos.made(month) for month in expected} == expected
    for run in BillRun.objects.order_by("id"):
        assert bill_run.verify(RunId(run.pk), actor=world.MAKER) == []
    assert kills >= KILLS


def test_the_check_sees_a_run_that_commits_in_two_steps(county) -> None:
    dice = random.Random(SEED)
    with chaos.forking(chaos.split_in_two) as order:
        # A round ends with the first fault of any kind; on a busy machine another one may be seen before this.
        for _ in range(10):
            with contextlib.suppress(AssertionError):
                chaos.kill_until_done(order, MONTHS[0], world.UNIT, SHARD, dice, most=25)
            if "LINES_WITHOUT_BILL" in chaos.half_done():
                break
    assert "LINES_WITHOUT_BILL" in chaos.half_done()
    assert set(chaos.wrongs(ACCOUNTS, MONTHS[0])) & {"lines without a bill", "exceptions told twice"}
