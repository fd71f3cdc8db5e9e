"""The kinds of jobs that payments online leave to the workers. All are effectively once: what they do is keyed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from wandeng.flows.online_payments import callbacks, orders, refunds
from wandeng.infra import jobs

Clock = Callable[[], datetime]


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def told_the_time(work: Callable[[jobs.Payload, datetime], None]) -> jobs.Handler:
        return lambda payload, _claim: work(payload, clock())

    return {
        callbacks.ACT: told_the_time(callbacks.act_again),
        orders.ASK: told_the_time(orders.ask_job),
        refunds.SEND: told_the_time(refunds.send_job),
    }
