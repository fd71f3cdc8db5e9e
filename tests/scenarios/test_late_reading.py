"""A reading comes late: the account waits, is mended by the event, and gets its bill in the same run."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from tests.kits import bill_world as world

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import exceptions
from wandeng.domains.metering import actions as metering
from wandeng.domains.metering.tests.make import LIMITS
from wandeng.flows import bill_pool, bill_run, work
from wandeng.infra import events, jobs
from wandeng.infra.models import Delivery, Job
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
JULY = Month(2026, 7)
SCOPE = Scope(world.MAKER.unit_path)


def test_the_late_reading_mends_the_parked_account_once() -> None:
    world.found()
    made = world.add_account("430000000001", total={date(2026, 6, 1): 700, date(2026, 7, 1): 1000})
    shop = bill_run.Workshop.default()
    view = bill_run.run(unit_code=world.UNIT, month=JULY, actor=world.MAKER, at=world.NOW, shop=shop)
    run = RunId(view.run_id)
    parked = queries.exceptions(SCOPE, run)
    assert [(one.code, one.state, one.on) for one in parked] == [("MISSING_READING", "PARKED", date(2026, 8, 1))]
    assert view.totals.bills == 0

    late = {
        "row": [1],
        "installation_id": [made.installation_id],
        "read_on": [date(2026, 8, 1)],
        "total_ckwh": [146_000],
    }
    recorded = metering.record_readings(
        batch=pa.table(late), source="MANUAL", limits=LIMITS, actor=SYSTEM, at=world.NOW
    )
    assert recorded.accepted == 1
    assert events.deliver_due(now=world.NOW) == 1
    assert [one.state for one in queries.exceptions(SCOPE, run)] == ["MENDED"]
    Delivery.objects.update(state="PENDING")
    assert events.deliver_due(now=world.NOW) == 1  # the same news again changes nothing
    assert [one.state for one in queries.exceptions(SCOPE, run)] == ["MENDED"]

    assert exceptions.retake(run=run, actor=world.MAKER, at=world.NOW) == 1
    view = bill_run.advance(run, actor=world.MAKER, at=world.NOW, shop=shop)
    # 460 kWh read on 1 August: 200 × 0.588 + 250 × 0.638 + 10 × 0.888 = 285.98.
    assert (view.totals.bills, view.totals.amount_fen) == (1, 28_598)


def test_a_queued_run_and_its_job_stand_or_fall_together_and_a_worker_checks_it() -> None:
    world.found()
    world.add_account("430000000001", total={date(2026, 6, 1): 700, date(2026, 7, 1): 1000, date(2026, 8, 1): 1460})
    run = work.queue_bill_run(unit_code=world.UNIT, month=JULY, actor=world.MAKER, at=world.NOW)
    assert work.queue_bill_run(unit_code=world.UNIT, month=JULY, actor=world.MAKER, at=world.NOW) == run
    assert Job.objects.count() == 1
    handlers = work.kinds(lambda: world.NOW, bill_pool.Pool())
    assert jobs.run_one(handlers, owner="w", clock=lambda: world.NOW + timedelta(minutes=1))
    assert Job.objects.get().state == "DONE"
    view = queries.run(SCOPE, run)
    assert (view.state, view.totals.amount_fen) == ("CHECKED", 28_598)
    assert not jobs.run_one(handlers, owner="w", clock=lambda: world.NOW + timedelta(hours=1))
