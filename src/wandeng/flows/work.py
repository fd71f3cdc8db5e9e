"""The one table of job kinds (kind → function): what waits in the job table, and who does it."""

from __future__ import annotations

from collections.abc import Mapping

from wandeng.flows import (
    appointments,
    bank_files,
    bill_desk,
    bill_notices,
    bill_pool,
    cases,
    credit_use,
    disconnection,
    dunning,
    housekeeping,
    loss_leads,
    outage_months,
    outage_notices,
    outbound_calls,
    payment_circle,
    payment_days,
    prepay,
    rationing,
    self_service,
    storms,
    text_service,
)
from wandeng.flows.imports import desk as import_desk
from wandeng.flows.online_payments import work as online_work
from wandeng.infra import jobs

Clock = bill_desk.Clock
queue_bill_run = bill_desk.open_run


def kinds(clock: Clock, pool: bill_pool.Pool) -> Mapping[str, jobs.Handler]:
    """Job kind → function, for a worker with a clock and processes."""
    return {
        **bill_desk.kinds(clock, pool),
        **bill_notices.kinds(clock),
        **credit_use.kinds(clock),
        **dunning.handlers(clock),
        **import_desk.handlers(clock),
        **bank_files.handlers(clock),
        **online_work.kinds(clock),
        **disconnection.kinds(clock),
        **payment_circle.kinds(clock),
        **payment_days.kinds(clock),
        **housekeeping.kinds(clock),
        **prepay.kinds(clock),
        **cases.kinds(clock),
        **loss_leads.kinds(clock),
        **appointments.kinds(clock),
        **outage_months.kinds(clock),
        **outage_notices.kinds(clock),
        **outbound_calls.kinds(clock),
        **rationing.kinds(clock),
        **self_service.kinds(clock),
        **storms.kinds(clock),
        **text_service.kinds(clock),
    }
