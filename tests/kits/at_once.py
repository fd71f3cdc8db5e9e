"""Two deeds on one account at the same moment, each in a thread of its own: a payment and a dispatch."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

from django.db import connection, transaction

from wandeng.domains.collections.actions import disconnection, halt
from wandeng.domains.collections.models import DisconnectionOrder, ReconnectionOrder
from wandeng.domains.collections.tests.make import orders as make
from wandeng.flows import payments as flow

LOOKED, PAID = threading.Event(), threading.Event()


def wrongs(
    numbers: Iterable[str], *, approved: Callable[[str], str], fen: int, remote: bool, seed: int, hasty: bool = False
) -> list[str]:
    """Pay ``fen`` for each account and dispatch its approved order at the same moment; those that are cut, or will be,
    although they have paid. ``hasty``: the negative control, whose payment comes after the dispatcher has looked."""
    dice, found = random.Random(seed), []
    dispatch = _hasty_dispatch if hasty else _locked_dispatch
    for number in numbers:
        order = approved(number)
        PAID.clear()
        LOOKED.clear()
        begin = threading.Barrier(2)
        deeds = [partial(_pay, number, fen, LOOKED if hasty else None), partial(dispatch, order, remote)]
        dice.shuffle(deeds)
        threads = [threading.Thread(target=_run, args=(begin, deed, dice.uniform(0, 0.01))) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        row = DisconnectionOrder.objects.get(number=order)
        back = ReconnectionOrder.objects.filter(disconnection=row, state="ORDERED").exists()
        if row.state not in ("WITHDRAWN", "RECALLED") or (row.state == "RECALLED" and not back):
            found.append(f"{number}: {row.state}")
    return found


def _pay(number: str, fen: int, after: threading.Event | None) -> None:
    if after:
        after.wait(timeout=20)
    flow.take(
        key=f"race:{number}", account_number=number, amount_fen=fen, tender="CASH", channel="TILL",
        received_on=make.NOW.date(), at=make.NOW, actor=make.CLERK,
    )  # fmt: skip
    PAID.set()


def _locked_dispatch(order: str, remote: bool) -> None:
    disconnection.dispatch(order=order, remote=remote, actor=make.DISPATCHER, at=make.NOW, library=make.library())


def _hasty_dispatch(order: str, remote: bool) -> None:
    """Everything is looked at in one transaction, and written in the next as it was read."""
    row = DisconnectionOrder.objects.select_related("unit", "account").get(number=order)
    rule = disconnection._rule(row, make.NOW, make.library())
    with transaction.atomic():
        disconnection.require_guards(row, rule, make.NOW, make.library())
    LOOKED.set()
    PAID.wait(timeout=20)
    with transaction.atomic():
        DisconnectionOrder.objects.filter(pk=row.pk).update(state="APPROVED")
        disconnection.send(row, rule, remote=remote, actor=make.DISPATCHER, at=make.NOW)


def without_quota() -> None:
    """Races are about the lock; the quota has tests of its own."""
    halt.set_quota(unit_code="BS-W", per_hour=1_000, reason="测试", actor=make.COMPANY, at=make.NOW)


def _run(begin: threading.Barrier, deed: Callable[[], None], pause: float) -> None:
    begin.wait(timeout=20)
    threading.Event().wait(pause)
    try:
        with suppress(disconnection.CutRefused, disconnection.Conflict):
            deed()
    finally:
        connection.close()
