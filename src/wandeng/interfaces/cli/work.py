"""``wandeng worker`` and ``wandeng jobs``: what waits, what is parked, and the process that does it."""

from __future__ import annotations

import os
import socket
import time
from typing import Annotated

import typer
from rich.console import Console

from wandeng.flows import bill_pool, notice_delivery, timetable, work
from wandeng.infra import events, jobs, waiting, webhook_delivery
from wandeng.interfaces.cli import supply_status, terminal
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month

IDLE_SECONDS = 1.0

jobs_app = typer.Typer(no_args_is_help=True, help="Jobs and deliveries (后台任务): what waits and what is parked.")


def worker(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing is due.")] = False,
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, help="Processes for the shards of a bill run.")] = 2,
) -> None:
    """Do the queued work (后台任务) and what is due by the clock: events, webhooks, notices, jobs. Several may run at once; any may be killed at any time."""
    console = Console()
    owner = f"{socket.gethostname()}:{os.getpid()}"
    with bill_pool.Pool(workers) as pool, supply_status.publishing() as publish:
        handlers = work.kinds(terminal.now, pool)
        while True:
            publish()
            timetable.enqueue_due(now=terminal.now())
            delivered = events.deliver_due(now=terminal.now()) + webhook_delivery.deliver_due(clock=terminal.now)
            told = notice_delivery.deliver_due(clock=terminal.now)
            ran = jobs.run_one(handlers, owner=owner, clock=terminal.now)
            if delivered or told or ran:
                console.print(
                    f"{terminal.now():%H:%M:%S} 事件 events {delivered}, 通知 notices {told}, 任务 jobs {int(ran)}",
                    highlight=False,
                )
            elif once:
                return
            else:
                time.sleep(IDLE_SECONDS)


def queue_bill_run(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位); all below it as well.")],
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Bill month (电费年月).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Leave the run of a month to the workers (排队核算): freeze, price and check happen in 'wandeng worker'."""
    run = work.queue_bill_run(
        unit_code=unit, month=Month.parse(month), actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"批次 run {run} 已排队 is queued: wandeng jobs list; wandeng worker", {"run": run}, as_json=as_json)


@jobs_app.command("list")
def list_(
    parked: Annotated[bool, typer.Option("--parked", help="Only what is parked.")] = False,
    limit: terminal.Limit = 50,
    as_json: terminal.AsJson = False,
) -> None:
    """List jobs and deliveries that are not done, oldest first."""
    columns = {"kind": "类型 kind", "id": "编号 id", "name": "名称 name", "state": "状态 state", "attempts": "次数 tries",
               "due_at": "到期 due", "error": "错误 error"}  # fmt: skip
    rows = waiting.unfinished(parked_only=parked, limit=limit)
    terminal.show_list(rows, columns, title="后台任务 work", empty="没有待办 nothing waits", as_json=as_json)


@jobs_app.command()
def retry(
    job: Annotated[int, typer.Argument(metavar="ID", help="Number of a parked job or delivery.")],
    delivery: Annotated[bool, typer.Option("--delivery", help="The number is a delivery's.")] = False,
) -> None:
    """Put a parked job or delivery back in line (重试)."""
    again = events.retry_parked(delivery_id=job, now=terminal.now()) if delivery else jobs.retry_parked(
        job_id=job, now=terminal.now()
    )  # fmt: skip
    if not again:
        raise NotFound(f"no parked {'delivery' if delivery else 'job'} {job}")
    Console().print("已排队 back in line")


@jobs_app.command()
def cancel(
    job: Annotated[int, typer.Argument(metavar="ID", help="Number of a job that waits or is parked.")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Take a job out of line for good (取消)."""
    jobs.cancel(job_id=job, actor=terminal.acting(as_person), at=terminal.now(), reason=reason)
    Console().print("已取消 cancelled")
