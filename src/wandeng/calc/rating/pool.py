"""Shards in a pool of processes, results in the order of the shards.

Few shards are given out at a time, so that a lazy iterable of shards is never held in memory as a whole. Each worker
computes in one thread: there are as many workers as cores, and shards are independent.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from wandeng.calc.rating.frames import Book, Rated, Shard
from wandeng.calc.rating.shard import rate

Job = TypeVar("Job")
Answer = TypeVar("Answer")

_book: list[Book] = []
"""The worker's book, sent once when the process starts instead of with every shard."""


def rate_shards(shards: Iterable[Shard], book: Book, workers: int) -> Iterator[Rated]:
    """Rate shards in ``workers`` processes (one: here), yielding results in order.

    A worker that dies or raises ends the iteration with its error; the shards before it have been yielded.
    """
    return run(rate, shards, book, workers)


def run(step: Callable[[Job, Book], Answer], jobs: Iterable[Job], book: Book, workers: int) -> Iterator[Answer]:
    """``step(job, book)`` for every job, in order. ``step`` and its answers must be picklable for several workers."""
    if workers <= 1:
        yield from (step(job, book) for job in jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_receive, initargs=(book,)) as pool:
        running: deque[Future[Answer]] = deque()
        try:
            for job in jobs:
                running.append(pool.submit(_apply, step, job))
                if len(running) > workers + 1:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()


def _receive(book: Book) -> None:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    _book[:] = [book]


def _apply(step: Callable[[Job, Book], Answer], job: Job) -> Answer:
    return step(job, _book[0])
