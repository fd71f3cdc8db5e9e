"""Whoever is affected by an outage is told: each event of a plan has a worker look at what stands and tell what was not told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from wandeng.domains.notices import actions as notices
from wandeng.domains.outages.actions import telling
from wandeng.domains.outages.types.telling import Settled
from wandeng.infra import jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.events import Body
from wandeng.kernel.actors import SYSTEM, Actor

TELL = "outages.tell"


def tell(*, number: str, at: datetime, actor: Actor = SYSTEM) -> Settled:
    """Tell everybody what stands of a plan and they have not been told; the same again tells nobody. Raises :class:`NotFound`."""
    notices.install_defaults(actor=SYSTEM, at=at)
    with ColumnStore() as store:
        return telling.settle(store, number=number, at=at, actor=actor)


def queue_telling(body: Body, now: datetime) -> None:
    """A plan was published, changed, called off or has ended: have it told. What is told is what stands when a worker comes to
    it, so that events that arrive late or twice tell nothing wrong."""
    jobs.enqueue(
        kind=TELL, dedup_key=f"{TELL}:{body['number']}:{now.isoformat()}", payload={"number": body["number"]}, at=now
    )


def kinds(clock: Callable[[], datetime]) -> Mapping[str, jobs.Handler]:
    """Job kind → function; effectively once: who was told is not told again."""

    def run(payload: jobs.Payload, _held: jobs.Claim) -> jobs.Payload:
        done = tell(number=payload["number"], at=clock())
        return {"messages": done.messages, "calls": done.calls}

    return {TELL: run}
