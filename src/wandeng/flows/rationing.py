"""Rationing with what other domains know: who is protected from cuts (collections) is never taken; whoever is taken is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from wandeng.domains.collections.queries import cases as collections
from wandeng.domains.notices import actions as notices
from wandeng.domains.rationing.actions import orders, telling
from wandeng.domains.rationing.types import RationingSettled, ShortageKind
from wandeng.infra import jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.events import Body
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.periods import BILLING_ZONE

TELL = "rationing.tell"


def propose(
    *, unit_code: str, starts_at: datetime, ends_at: datetime, gap_kw: int = 0, level: str = "",
    shortage: ShortageKind = ShortageKind.SYSTEM, actor: Actor, at: datetime, library: RuleLibrary | None = None,
) -> str:  # fmt: skip
    """Draft an order for a gap in kW or a level. Returns its number. Raises as ``orders.propose``."""
    return orders.propose(
        unit_code=unit_code, starts_at=starts_at, ends_at=ends_at, gap_kw=gap_kw, level=level, shortage=shortage,
        protected=_protected(starts_at), actor=actor, at=at, library=library,
    )  # fmt: skip


def change(
    *, number: str, starts_at: datetime, ends_at: datetime, gap_kw: int, reason: str, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Change an order that has not begun; it is proposed anew. Returns its version. Raises as ``orders.change``."""
    return orders.change(
        number=number, starts_at=starts_at, ends_at=ends_at, gap_kw=gap_kw, reason=reason,
        protected=_protected(starts_at), actor=actor, at=at, library=library,
    )  # fmt: skip


def tell(*, number: str, at: datetime, actor: Actor = SYSTEM) -> RationingSettled:
    """Tell everybody what stands of an order and they have not been told; the same again tells nobody. Raises :class:`NotFound`."""
    notices.install_defaults(actor=SYSTEM, at=at)
    with ColumnStore() as store:
        return telling.settle(store, number=number, at=at, actor=actor)


def queue_telling(body: Body, now: datetime) -> None:
    """An order was published, called off or is over: have it told by what stands when a worker comes to it."""
    jobs.enqueue(
        kind=TELL, dedup_key=f"{TELL}:{body['number']}:{now.isoformat()}", payload={"number": body["number"]}, at=now
    )


def kinds(clock: Callable[[], datetime]) -> Mapping[str, jobs.Handler]:
    """Job kind → function; effectively once: who was told is not told again."""

    def run(payload: jobs.Payload, _held: jobs.Claim) -> jobs.Payload:
        done = tell(number=payload["number"], at=clock())
        return {"messages": done.messages, "calls": done.calls}

    return {TELL: run}


def _protected(at: datetime) -> dict[int, str]:
    return collections.protected_accounts(at.astimezone(BILLING_ZONE).date())
