"""D1 for prepay: no interleaving of top-up, approve, dispatch, confirm and reconnect cuts off whose balance is not overdrawn,
or leaves off who topped up. The negative controls look at the balance outside the lock, and both are caught."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.kits import prepay_races as races

from wandeng.domains.collections.actions import disconnection
from wandeng.domains.collections.models import DisconnectionOrder, ReconnectionOrder
from wandeng.domains.collections.tests.make import orders as make
from wandeng.flows import payments as flow

LONG = os.environ.get("WANDENG_CHAOS") == "long"
PROGRAMS, PAIRS = (9_500, 300) if LONG else (40, 6)
SEED = int(os.environ.get("WANDENG_CHAOS_SEED", "20264"))
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(7200)]


def programs(count: int) -> settings:
    return settings(
        max_examples=count, stateful_step_count=12, deadline=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate], report_multiple_bugs=False,
    )  # fmt: skip


@pytest.mark.django_db
def test_no_order_of_events_cuts_off_whose_balance_is_enough() -> None:
    make.county()
    run_state_machine_as_test(races.PrepayRaces, settings=programs(PROGRAMS))


@pytest.mark.django_db
def test_a_dispatcher_who_looks_at_the_balance_before_the_lock_is_caught() -> None:
    make.county()
    with pytest.raises(AssertionError, match="left after the payment"):
        run_state_machine_as_test(races.PrepayLooksTooEarly, settings=programs(1_500))


LOOKED = threading.Event()


def locked_dispatch(order: str) -> None:
    disconnection.dispatch(order=order, remote=True, actor=make.DISPATCHER, at=make.NOW, library=make.library())


def hasty_dispatch(order: str) -> None:
    """The negative control: looked at in one transaction, sent in the next as it was read."""
    row = DisconnectionOrder.objects.select_related("unit", "account").get(number=order)
    rule = disconnection._rule(row, make.NOW, make.library())
    with transaction.atomic():
        disconnection.require_guards(row, rule, make.NOW, make.library())
    LOOKED.wait(timeout=20)
    with transaction.atomic():
        DisconnectionOrder.objects.filter(pk=row.pk).update(state="APPROVED")
        disconnection.send(row, rule, remote=True, actor=make.DISPATCHER, at=make.NOW)


def pay(number: str) -> None:
    flow.take(
        key=f"race:{number}", account_number=number, amount_fen=races.USED, tender="CASH", channel="TILL",
        received_on=make.NOW.date(), at=make.NOW, actor=make.CLERK,
    )  # fmt: skip
    LOOKED.set()


def wrongs(dispatch: Callable[[str], None], numbers: list[str]) -> list[str]:
    """Top up and dispatch each account at the same moment; those that are cut, or will be, although they topped up."""
    dice, found = random.Random(SEED), []
    for number in numbers:
        order = races.approved(number)
        LOOKED.clear()
        begin = threading.Barrier(2)
        deeds = [(pay, number), (dispatch, order)]
        dice.shuffle(deeds)
        threads = [threading.Thread(target=_run, args=(begin, *deed, dice.uniform(0, 0.01))) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        row = DisconnectionOrder.objects.get(number=order)
        back = ReconnectionOrder.objects.filter(disconnection=row, state="ORDERED").exists()
        if row.state not in ("WITHDRAWN", "RECALLED") or (row.state == "RECALLED" and not back):
            found.append(f"{number}: {row.state}")
    return found


def _run(begin: threading.Barrier, deed: Callable[[str], None], what: str, pause: float) -> None:
    begin.wait(timeout=20)
    threading.Event().wait(pause)
    try:
        with suppress(disconnection.CutRefused, disconnection.Conflict):
            deed(what)
    finally:
        connection.close()


@pytest.fixture
def households() -> list[str]:
    from wandeng.domains.collections.actions import halt

    make.county()
    halt.set_quota(unit_code="BS-W", per_hour=1_000, reason="测试", actor=make.COMPANY, at=make.NOW)
    return make.bare(PAIRS)


@pytest.mark.django_db(transaction=True)
def test_topping_up_and_dispatching_at_the_same_moment_never_cuts_off_who_topped_up(households: list[str]) -> None:
    assert wrongs(locked_dispatch, households) == []


@pytest.mark.django_db(transaction=True)
def test_the_threads_see_a_dispatch_that_looks_at_the_balance_outside_the_lock(households: list[str]) -> None:
    assert wrongs(hasty_dispatch, households[:3])
