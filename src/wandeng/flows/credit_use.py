"""Credit meets new bills: when a run is published or a bill corrected, what was paid in advance settles what is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from wandeng.domains.payments import actions, frames
from wandeng.infra import jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.events import Body
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

APPLY = "payments.apply_credit"


def queue_credit_of_run(body: Body, now: datetime) -> None:
    """Ask for the credit of a published run's unit to be laid on its bills: by columns, so in a job of its own."""
    payload = {"unit_path": body["unit_path"], "key": f"run:{body['run_id']}", "at": now.isoformat()}
    jobs.enqueue(kind=APPLY, dedup_key=f"{APPLY}:run:{body['run_id']}", payload=payload, at=now)


def settle_corrected(body: Body, now: datetime) -> None:
    """Net a corrected bill against the account's others; what is left of it is credit."""
    actions.settle_account(
        account=AccountId(body["account_id"]), key=f"correction:{body['run_id']}", actor=SYSTEM, at=now
    )


def apply_credit(*, unit_path: str, key: str, at: datetime) -> frames.CreditUsed:
    """Lay credit on open bills of a unit and below; doing it again moves nothing."""
    with ColumnStore() as store:
        on = at.astimezone(BILLING_ZONE).date()
        return frames.apply_credit(store, key=key, unit_path=unit_path, on=on, at=at, actor=SYSTEM)


def kinds(_clock: Callable[[], datetime]) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def apply(payload: jobs.Payload, _held: jobs.Claim) -> None:
        at = datetime.fromisoformat(payload["at"])
        apply_credit(unit_path=payload["unit_path"], key=payload["key"], at=at)

    return {APPLY: apply}
