"""The one table of who hears what: event name → functions, in order. Handlers are idempotent by the event's key.

Other systems hear events by webhook: what each event is called for their administrators, and which unit it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wandeng.domains.appointments.events import AppointmentBooked, AppointmentEnded, RouteRunCancelled
from wandeng.domains.billing.events import BillRunPublished, BillsCorrected, FinalBillPublished
from wandeng.domains.cases.events import (
    CaseClosed,
    CaseOpened,
    CaseReopened,
    ClockBroken,
    CustomerConcerned,
    IncidentExpected,
    IncidentRestored,
    StepFinished,
)
from wandeng.domains.collections.events import SupplyCut, SupplyOrderedBack, SupplyRestored
from wandeng.domains.customers.queries import places as accounts
from wandeng.domains.metering.events import (
    CurvesStored,
    MeterExchanged,
    MeterTested,
    ReadingCorrected,
    ReadingsAccepted,
)
from wandeng.domains.network.events import SwitchOperated
from wandeng.domains.network.queries import places as network
from wandeng.domains.outages.events import (
    OutageCanceled,
    OutageChanged,
    OutageEnded,
    OutageOverran,
    OutagePublished,
    OutageStarted,
)
from wandeng.domains.payments.events import (
    PaymentPartReversed,
    PaymentReceived,
    PaymentReversed,
    PaymentsReceived,
)
from wandeng.domains.rationing.events import RationingCanceled, RationingEnded, RationingPublished
from wandeng.flows.appointments import call_off_of_case
from wandeng.flows.bill_notices import queue_bill_notices
from wandeng.flows.cases import tell_customer
from wandeng.flows.credit_use import queue_credit_of_run, settle_corrected
from wandeng.flows.disconnection import tell_responsible
from wandeng.flows.late_readings import mend_missing_curves, mend_missing_readings
from wandeng.flows.loss_leads import take_finding
from wandeng.flows.online_payments.refunds import send_refund_that_waited
from wandeng.flows.outage_notices import queue_telling
from wandeng.flows.rationing import queue_telling as queue_rationing
from wandeng.flows.storms import end_interruption, keep_estimate
from wandeng.flows.theft_settlements import book_penalty
from wandeng.infra.events import Body, Subscriber
from wandeng.infra.webhooks import UnitOf
from wandeng.kernel.ids import AccountId, SwitchId, UsagePointId

SUBSCRIPTIONS: Mapping[str, Sequence[Subscriber]] = {
    BillRunPublished.NAME: (queue_credit_of_run, queue_bill_notices),
    BillsCorrected.NAME: (settle_corrected, book_penalty),
    CaseClosed.NAME: (call_off_of_case,),
    CurvesStored.NAME: (mend_missing_curves,),
    CustomerConcerned.NAME: (tell_customer,),
    IncidentExpected.NAME: (keep_estimate,),
    IncidentRestored.NAME: (end_interruption,),
    OutageCanceled.NAME: (queue_telling,),
    OutageChanged.NAME: (queue_telling,),
    OutageEnded.NAME: (queue_telling,),
    OutagePublished.NAME: (queue_telling,),
    RationingCanceled.NAME: (queue_rationing,),
    RationingEnded.NAME: (queue_rationing,),
    RationingPublished.NAME: (queue_rationing,),
    PaymentPartReversed.NAME: (send_refund_that_waited,),
    PaymentReversed.NAME: (send_refund_that_waited,),
    ReadingsAccepted.NAME: (mend_missing_readings,),
    StepFinished.NAME: (take_finding,),
    SupplyOrderedBack.NAME: (tell_responsible,),
}

EVENT_KINDS: Mapping[str, str] = {
    BillRunPublished.NAME: "电费已发行",
    BillsCorrected.NAME: "电费已更正",
    FinalBillPublished.NAME: "末次电费已发行",
    PaymentReceived.NAME: "电费已收",
    PaymentReversed.NAME: "收费已冲正",
    PaymentPartReversed.NAME: "收费已部分退回",
    PaymentsReceived.NAME: "批量收费已入账",
    ReadingsAccepted.NAME: "示数已入账",
    CurvesStored.NAME: "曲线已入库",
    ReadingCorrected.NAME: "示数已更正",
    MeterExchanged.NAME: "电能表已更换",
    MeterTested.NAME: "电能表已检定",
    SwitchOperated.NAME: "开关已操作",
    CaseOpened.NAME: "工单已受理",
    StepFinished.NAME: "工单环节已完成",
    CustomerConcerned.NAME: "工单进展应告知客户",
    CaseClosed.NAME: "工单已结束",
    CaseReopened.NAME: "工单已重启",
    ClockBroken.NAME: "工单已超时",
    IncidentExpected.NAME: "已告知预计恢复时间",
    IncidentRestored.NAME: "故障已恢复送电",
    AppointmentBooked.NAME: "预约已登记",
    AppointmentEnded.NAME: "预约已了结",
    RouteRunCancelled.NAME: "出车已取消",
    OutagePublished.NAME: "停电计划已发布",
    RationingPublished.NAME: "限电指令已发布",
    RationingCanceled.NAME: "限电指令已取消",
    RationingEnded.NAME: "限电已结束",
    OutageChanged.NAME: "停电计划已变更",
    OutageCanceled.NAME: "停电计划已取消",
    OutageStarted.NAME: "计划停电已开始",
    OutageEnded.NAME: "计划停电已结束",
    OutageOverran.NAME: "停电超时",
    SupplyCut.NAME: "已停电",
    SupplyOrderedBack.NAME: "已下达复电",
    SupplyRestored.NAME: "已复电",
}
"""Every event that is published (a test finds those that are missing here)."""


def _of_account(body: Body) -> str:
    return accounts.unit_path_of(AccountId(body["account_id"]))


def _of_point(body: Body) -> str:
    return network.unit_path_of_point(UsagePointId(body["usage_point_id"]))


def _of_switch(body: Body) -> str:
    return network.unit_path_of_switch(SwitchId(body["switch_id"]))


EVENT_UNITS: Mapping[str, UnitOf] = {
    BillsCorrected.NAME: _of_account,
    ReadingCorrected.NAME: _of_point,
    MeterExchanged.NAME: _of_point,
    SwitchOperated.NAME: _of_switch,
}
"""Events that carry their ``unit_path`` need no entry; what has neither is told to endpoints of the whole installation."""
