"""The processes that freeze, price and post shards. Light on purpose: a new process imports this before Django is up."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import django
from django.conf import settings

from wandeng.kernel.errors import Refused

if TYPE_CHECKING:
    from wandeng.infra.columns import ColumnStore

Job = TypeVar("Job")
Answer = TypeVar("Answer")

WORTH_JOBS = 5
"""Fewer jobs than this are done here: they are over before a process has started."""

DATABASE_KEYS = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the caller stands: a worker must use the same database and home, also inside a test."""

    database: dict[str, Any]
    home: str

    @classmethod
    def here(cls) -> Installation:
        from django.db import connection  # only the caller has a connection to ask

        return cls({key: connection.settings_dict[key] for key in DATABASE_KEYS}, str(settings.HOME))


def enter(installation: Installation) -> None:
    """Make this process stand where the caller does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
    # One thread of arithmetic a worker: there are as many workers as there are cores.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    settings.DATABASES["default"].update(installation.database)
    settings.HOME = installation.home
    django.setup()
    _kept.is_worker = True


class _Kept:
    """The column connection that a worker keeps from one shard to the next."""

    is_worker = False
    store: ColumnStore | None = None


_kept = _Kept()


@contextmanager
def column_store() -> Iterator[ColumnStore]:
    """A column connection for one step: a worker's own, kept from step to step, because connecting to PostgreSQL takes as
    long as reading a thousand accounts; elsewhere a new one. After an error it is not used again."""
    from wandeng.infra.columns import ColumnStore  # needs Django, which is not up when this module is imported

    store = _kept.store or ColumnStore()
    _kept.store = None
    try:
        yield store
    except BaseException:
        store.close()
        raise
    if _kept.is_worker:
        _kept.store = store
    else:
        store.close()


class WorkerFailed(RuntimeError):
    """A step failed in a worker process for a reason that could not travel; the text says which."""


def attempt(step: Callable[..., Answer], job: Job, *args: object) -> Answer:
    """Run a step in a worker. Refusals pass as they are; driver errors cannot be pickled and come as text."""
    try:
        return step(job, *args)
    except Refused:
        raise
    except Exception as error:
        raise WorkerFailed(f"{type(error).__name__}: {error} (job {job})") from None


class Pool:
    """Processes for the steps of shards, started when there is first work for two; a context manager.

    One pool serves any number of steps and runs: starting its processes costs seconds.
    """

    def __init__(self, workers: int = 1, *, worth_jobs: int = WORTH_JOBS) -> None:
        self.workers = workers
        self.worth_jobs = worth_jobs
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def run_all(self, step: Callable[..., Answer], jobs: Iterable[Job], *args: object) -> Iterator[tuple[Job, Answer]]:
        """``step(job, *args)`` for every job, here or in the pool; answers as they come, in any order.

        Few jobs are given out at a time, so that a failure stops the rest. What a step raises is raised here.
        """
        todo = list(jobs)
        if self.workers <= 1 or (self._executor is None and len(todo) < self.worth_jobs):
            for job in todo:
                yield job, step(job, *args)
            return
        executor = self._started()
        running: dict[Future[Answer], Job] = {}
        waiting = iter(todo)
        try:
            while True:
                for job in islice(waiting, 2 * self.workers - len(running)):
                    running[executor.submit(attempt, step, job, *args)] = job
                if not running:
                    return
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(done), done.result()
        finally:
            for future in running:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(
                self.workers, mp_context=context, initializer=enter, initargs=(Installation.here(),)
            )
        return self._executor
