"""Killing bill runs: processes that run one from end to end, a nursery that forks them, and what must hold afterwards."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from wandeng.flows import bill_pool
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month

FAULTLESS = 0
Variant = Callable[[], None]


def run_to_the_end(month: Month, unit_code: str, shard_accounts: int) -> None:
    """Whatever is left of a month's run: price, approve by the second person, post. Safe to call at any time."""
    from tests.kits import bill_steps as steps
    from tests.kits import bill_world as world
    from wandeng.domains.billing import queries
    from wandeng.domains.billing.actions import runs
    from wandeng.flows import bill_run
    from wandeng.infra.scope import Scope
    from wandeng.kernel.errors import Conflict
    from wandeng.kernel.ids import RunId

    shop = replace(steps.shop(), shard_accounts=shard_accounts)
    view = bill_run.run(unit_code=unit_code, month=month, actor=world.MAKER, at=world.NOW, shop=shop)
    run_id = RunId(view.run_id)
    with contextlib.suppress(Conflict):  # the other process may do the same at the same time
        runs.approve(run=run_id, actor=world.CHECKER, at=world.NOW)
    with contextlib.suppress(Conflict):
        bill_run.post(run_id, actor=world.MAKER, at=world.NOW)
    view = queries.run(Scope.everywhere(), run_id)
    if view.state != "POSTED":
        raise RuntimeError(f"the run stands at {view.state}")


def nursery(orders: Connection, installation: bill_pool.Installation, variant: Variant | None) -> None:
    """A process that has everything imported and no connection open, and forks workers on demand.

    An order is (function, arguments, workers, patience); the answer are the exit codes, the signal for killed ones.
    Starting a Python for each kill would take ten times as long as the kill.
    """
    bill_pool.enter(installation)
    from tests.kits import bill_steps  # imported here, so that no fork pays for it

    bill_steps.shop()  # the rules are loaded once, before the forks
    if variant is not None:
        variant()
    while (order := orders.recv()) is not None:
        function, arguments, workers, patience = order
        children = [_fork(function, arguments) for _ in range(workers)]
        orders.send(_reap(children, patience))


def _fork(function: Callable[..., None], arguments: tuple[object, ...]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        function(*arguments)
        code = FAULTLESS
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _reap(children: list[int], patience: float) -> list[int]:
    """Wait until all are done or patience is over; then kill what is left without warning."""
    deadline, codes = time.monotonic() + patience, {}
    while len(codes) < len(children) and time.monotonic() < deadline:
        for child in children:
            if child not in codes and (ended := os.waitpid(child, os.WNOHANG))[0]:
                codes[child] = os.waitstatus_to_exitcode(ended[1])
        time.sleep(0.005)
    for child in children:
        if child not in codes:
            os.kill(child, signal.SIGKILL)
            codes[child] = -os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return [codes[child] for child in children]


@contextmanager
def forking(variant: Variant | None = None) -> Iterator[Callable[..., list[int]]]:
    """A nursery for the time of the block; call it with an order."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=nursery, args=(theirs, bill_pool.Installation.here(), variant)
    )
    process.start()
    try:

        def order(*what: object) -> list[int]:
            ours.send(what)
            if not ours.poll(120):
                raise RuntimeError("the nursery does not answer")
            return list(ours.recv())

        yield order
    finally:
        ours.send(None)
        process.join(20)
        if process.is_alive():
            process.kill()


def kill_until_done(
    order: Callable[..., list[int]], month: Month, unit_code: str, shard_accounts: int, dice: random.Random, most: int
) -> int:
    """Two workers, SIGKILL after 0.12 to 0.6 s, again until both come to the end; returns how often was killed.

    After every round nothing may be half done, however far the run is. Raises ``AssertionError`` when something is, and
    when the run is not done after ``most`` rounds with a patient last one.
    """
    kills, what = 0, (month, unit_code, shard_accounts)
    for _ in range(most):
        codes = order(run_to_the_end, what, 2, dice.uniform(0.12, 0.6))
        assert not half_done(), f"half done: {half_done()}"
        killed = sum(code == signal.SIGKILL for code in codes)
        kills += killed
        if not killed and is_posted(month, unit_code):
            return kills
    order(run_to_the_end, what, 2, 60.0)
    assert is_posted(month, unit_code), f"the run of {month} does not come to its end"
    return kills


def is_posted(month: Month, unit_code: str) -> bool:
    with ColumnStore() as store:
        found = store.scalar(
            "SELECT COUNT(*) FROM billing_billrun r JOIN organization_unit u ON u.id = r.unit_id "
            "WHERE r.month = ? AND u.code = ? AND r.state = 'POSTED'",
            (str(month), unit_code),
        )
    return bool(found)


def half_done() -> list[str]:
    """What may never be seen, at no moment of a run: bills without lines, a stage without its bills, half an entry."""
    from wandeng.domains.billing import checks as billing
    from wandeng.domains.ledger import checks as ledger

    with ColumnStore() as store:
        return sorted({found.fault for found in [*billing.all_faults(store), *ledger.all_faults(store)]})


def made(month: Month) -> tuple[int, int, int]:
    """Bills, lines and fen that the shards and bills of a month hold."""
    with ColumnStore() as store:
        counted = store.read(
            "SELECT COUNT(*) AS bills, (SELECT COUNT(*) FROM billing_billline l JOIN billing_bill o ON o.id = l.bill_id "
            "WHERE o.month_index = ?) AS lines, SUM(b.amount_fen) AS fen FROM billing_bill b WHERE b.month_index = ?",
            (month.index, month.index),
        )
    return tuple(int(column[0].as_py() or 0) for column in counted.columns)


def undisturbed(month: Month, unit_code: str) -> tuple[int, int, int]:
    """The same figures of a run nobody kills: priced from the live data into nothing."""
    from tests.kits import bill_steps as steps
    from tests.kits import bill_world as world
    from wandeng.flows import bill_run

    totals, _ = bill_run.dry_run(unit_code=unit_code, month=month, actor=world.MAKER, shop=steps.shop())
    return totals.bills, totals.lines, totals.amount_fen


def wrongs(accounts: int, month: Month) -> dict[str, Any]:
    """What is wrong with a posted month; empty when every account is billed once or parked, and the books say the same."""
    from wandeng.domains.ledger import checks

    questions = {
        "accounts neither billed nor parked": (
            "SELECT ? - (SELECT COUNT(*) FROM billing_bill WHERE month_index = ?) - (SELECT COUNT(DISTINCT e.account_id) "
            "FROM billing_billexception e JOIN billing_billshard s ON s.id = e.shard_id WHERE s.month_index = ?)",
            (accounts, month.index, month.index),
        ),
        "accounts billed twice": (
            "SELECT COUNT(*) FROM (SELECT account_id FROM billing_bill WHERE month_index = ? GROUP BY account_id "
            "HAVING COUNT(*) > 1) twice",
            (month.index,),
        ),
        "bills unlike their lines": (
            "SELECT COUNT(*) FROM billing_bill b WHERE b.month_index = ? AND b.amount_fen <> COALESCE((SELECT "
            "SUM(l.amount_fen) FROM billing_billline l WHERE l.id >= b.id * 1024 AND l.id < (b.id + 1) * 1024), 0)",
            (month.index,),
        ),
        "lines without a bill": (
            "SELECT COUNT(*) FROM billing_billline l WHERE NOT EXISTS (SELECT 1 FROM billing_bill b WHERE b.id = l.bill_id)",
            (),
        ),
        "shards not posted": (
            "SELECT COUNT(*) FROM billing_billshard WHERE month_index = ? AND stage <> 'POSTED'",
            (month.index,),
        ),
        "fen between bills and receivables": (
            "SELECT COALESCE((SELECT SUM(amount_fen) FROM billing_bill WHERE month_index = ?), 0) - "
            "COALESCE((SELECT SUM(l.amount_fen) FROM ledger_entryline l JOIN ledger_entry e ON e.id = l.entry_id "
            "WHERE e.is_posted AND l.ledger_account = 'RECEIVABLE' AND e.month = ?), 0)",
            (month.index, str(month)),
        ),
        "exceptions told twice": (
            "SELECT COUNT(*) FROM (SELECT account_id, usage_point_id, code FROM billing_billexception e "
            "JOIN billing_billshard s ON s.id = e.shard_id WHERE s.month_index = ? "
            "GROUP BY account_id, usage_point_id, code HAVING COUNT(*) > 1) twice",
            (month.index,),
        ),
    }
    with ColumnStore() as store:
        answers = {name: int(store.scalar(sql, params) or 0) for name, (sql, params) in questions.items()}
        answers["ledger faults"] = len(checks.all_faults(store))
    return {name: answer for name, answer in answers.items() if answer}


def split_in_two() -> None:
    """The planted fault: bills are committed, and only then the mark that they are."""
    from wandeng.domains.billing.frames import pricing
    from wandeng.domains.billing.models import Bill, BillException, BillLine
    from wandeng.infra import ids

    def naive(store, job, priced, terms) -> bool:
        with store.transaction():
            first = ids.reserve_columns(store, Bill, job.bill_ids)  # fresh ids, as a program without reserved ones does
        renewed = type(job)(
            **{name: getattr(job, name) for name in job.__dataclass_fields__} | {"first_bill_id": first}
        )
        bills = pricing.bills_of(renewed, priced.heads, terms)
        _, lines = pricing.lines_of(job, bills.column("id"), priced.heads, priced.lines)
        with store.transaction():
            store.append(BillException, pricing._exceptions_of(job, priced.findings))
            store.append(BillLine, lines)
        time.sleep(0.03)
        with store.transaction():
            store.append(Bill, bills)
            return pricing.claim(store, job, pricing._outcome(priced))

    pricing.store_bills = naive
