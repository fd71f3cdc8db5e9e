"""Shorthand for tests that run bills: one workshop, and a run taken all the way by two persons."""

from __future__ import annotations

from functools import cache

from tests.kits import bill_world as world
from wandeng.domains.billing.actions import runs
from wandeng.domains.billing.types import RunView
from wandeng.flows import bill_correction, bill_run
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month


@cache
def shop() -> bill_run.Workshop:
    """The shipped rules, no processes."""
    return bill_run.Workshop.default()


def run_to_check(month: Month, unit_code: str = world.UNIT) -> RunView:
    return bill_run.run(unit_code=unit_code, month=month, actor=world.MAKER, at=world.NOW, shop=shop())


def finish(view: RunView) -> RunView:
    """Approve by the second person, post and publish."""
    run_id = RunId(view.run_id)
    if view.state == "HALTED":
        runs.override(run=run_id, reason="looked at", actor=world.CHECKER, at=world.NOW)
    runs.approve(run=run_id, actor=world.CHECKER, at=world.NOW)
    bill_run.post(run_id, actor=world.MAKER, at=world.NOW)
    return bill_run.publish(run_id, actor=world.MAKER, at=world.NOW)


def bill_month(month: Month) -> RunView:
    """A whole run."""
    return finish(run_to_check(month))


def rebill(number: str, month: Month, *, cascade: bool = False, reason: str = "抄表更正") -> bill_correction.Corrected:
    return bill_correction.rebill(
        account_number=number, month=month, reason=reason, cascade=cascade, actor=world.MAKER, at=world.NOW, shop=shop()
    )
