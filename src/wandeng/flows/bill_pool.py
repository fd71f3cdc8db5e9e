"""The processes that freeze, price and post shards. Light on purpose: a new process imports this before Django is up."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar

import django
from django.conf import settings

Job = TypeVar("Job")
Answer = TypeVar("Answer")

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


def run_all(
    step: Callable[..., Answer], jobs: Iterable[Job], *args: object, workers: int
) -> Iterator[tuple[Job, Answer]]:
    """``step(job, *args)`` for every job, here or in a pool of processes; answers as they come.

    Few jobs are given out at a time, so that a failure stops the rest. What a step raises is raised here.
    """
    todo = list(jobs)
    if workers <= 1 or len(todo) <= 1:
        for job in todo:
            yield job, step(job, *args)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(workers, len(todo)), mp_context=context, initializer=enter, initargs=(Installation.here(),)
    ) as pool:
        running: dict[Future[Answer], Job] = {}
        waiting = iter(todo)
        try:
            while True:
                for job in waiting:
                    running[pool.submit(step, job, *args)] = job
                    if len(running) > 2 * workers:
                        break
                if not running:
                    return
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(done), done.result()
        finally:
            for future in running:
                future.cancel()
