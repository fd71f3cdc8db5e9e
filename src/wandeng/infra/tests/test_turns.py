"""Threads that take turns: order, stepping aside, ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import wait

import pytest

from wandeng.infra.turns import Turns

SECONDS = 20


def test_short_work_is_done_one_after_another_by_one_thread() -> None:
    pool, names, inside = Turns(8, patience_s=SECONDS), [], []

    def work(number: int) -> int:
        inside.append(number)
        assert len(inside) == 1
        names.append(threading.current_thread().name)
        inside.remove(number)
        return number

    futures = [pool.submit(work, number) for number in range(200)]
    assert [one.result(SECONDS) for one in futures] == list(range(200))
    assert len(set(names)) == 1


def test_as_many_are_in_turn_as_may_be() -> None:
    pool, meeting = Turns(8, at_once=2, patience_s=SECONDS), threading.Barrier(2)
    both = [pool.submit(meeting.wait, SECONDS) for _ in range(2)]
    assert sorted(one.result(SECONDS) for one in both) == [0, 1]


def test_long_work_steps_aside_for_the_next() -> None:
    pool, opened = Turns(3, patience_s=0.01), threading.Event()
    held = [pool.submit(opened.wait, SECONDS) for _ in range(2)]
    assert pool.submit(lambda: "short").result(SECONDS) == "short"
    assert not any(one.done() for one in held)
    opened.set()
    assert all(one.result(SECONDS) for one in held)


def test_no_more_threads_than_allowed() -> None:
    pool, opened = Turns(2, patience_s=0.01), threading.Event()
    held = [pool.submit(opened.wait, SECONDS) for _ in range(2)]
    third = pool.submit(lambda: "third")
    assert not wait([third], timeout=0.2).done
    opened.set()
    assert third.result(SECONDS) == "third"
    assert all(one.result(SECONDS) for one in held)


def test_it_is_busy_while_somebody_has_the_turn() -> None:
    pool, begun, opened = Turns(2, patience_s=SECONDS), threading.Event(), threading.Event()
    assert not pool.is_busy

    def work() -> None:
        begun.set()
        opened.wait(SECONDS)

    future = pool.submit(work)
    assert begun.wait(SECONDS)
    assert pool.is_busy
    opened.set()
    future.result(SECONDS)
    assert _soon(lambda: not pool.is_busy)


def _soon(holds: Callable[[], bool]) -> bool:
    """Whether it comes true: the thread gives its turn back just after its result is told."""
    until = time.monotonic() + SECONDS
    while not holds() and time.monotonic() < until:
        time.sleep(0.001)
    return holds()


def test_a_failure_is_told_and_the_next_is_done() -> None:
    pool = Turns(1)
    failed, done = pool.submit(lambda: 1 // 0), pool.submit(lambda: "done")
    with pytest.raises(ZeroDivisionError):
        failed.result(SECONDS)
    assert done.result(SECONDS) == "done"


def test_after_the_end_nothing_is_taken_and_what_waits_is_canceled() -> None:
    pool, opened = Turns(1, patience_s=SECONDS), threading.Event()
    running, waiting = pool.submit(opened.wait, SECONDS), pool.submit(lambda: "never")
    pool.shutdown()
    assert waiting.cancelled()
    with pytest.raises(RuntimeError):
        pool.submit(lambda: "never")
    opened.set()
    assert running.result(SECONDS)
