"""Bill runs, bills, corrections."""

from __future__ import annotations

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import exceptions, runs
from wandeng.flows import bill_correction, bill_desk, bill_run
from wandeng.interfaces.api.operations import read, write

_RUN = "/bill-runs/{run_id}"
_DO = "/bill-runs/{run}"
_BILL = "console:bills-bill"
_SEEN = "console:bills-run"

read(_RUN, queries.run, name="run", like=_SEEN, tag="bills", about="核算批次 a run")
read(f"{_RUN}/progress", queries.progress, name="run-progress", like=_SEEN, tag="bills", about="进度 how far a run is")
read(
    f"{_RUN}/spread", queries.spread, name="run-spread", like=_SEEN, tag="bills", about="与上月相比 against last month"
)
read(
    f"{_RUN}/exceptions", queries.exceptions, name="run-exceptions", like=_SEEN, tag="bills",
    about="停放的账户 parked accounts and why",
)  # fmt: skip
write(
    "/bill-runs/open", bill_desk.open_run, name="run-open", like="console:bills-new", tag="bills",
    about="开始核算（后台执行） start a run; a worker freezes, prices and checks",
)  # fmt: skip
write(
    f"{_DO}/accept", exceptions.accept, name="run-accept", like="console:bills-run-accept", tag="bills",
    about="接受异常 accept exceptions",
)  # fmt: skip
write(
    f"{_DO}/retake",
    bill_desk.retake,
    name="run-retake",
    like="console:bills-run-retake",
    tag="bills",
    about="重算 retake",
)
write(
    f"{_DO}/override", runs.override, name="run-override", like="console:bills-run-override", tag="bills",
    about="放行总检 let a halted run go on",
)  # fmt: skip
write(
    f"{_DO}/approve", runs.approve, name="run-approve", like="console:bills-run-approve", tag="bills",
    about="复核通过 approve, by a second person",
)  # fmt: skip
write(
    f"{_DO}/post", bill_desk.queue_posting, name="run-post", like="console:bills-run-post", tag="bills",
    about="入账（后台执行） post; a worker does it",
)  # fmt: skip
write(
    f"{_RUN}/publish",
    bill_run.publish,
    name="run-publish",
    like="console:bills-run-publish",
    tag="bills",
    about="发行 publish",
)
write(
    f"{_DO}/discard", runs.discard, name="run-discard", like="console:bills-run-discard", tag="bills",
    about="作废批次 discard a run",
)  # fmt: skip
write(
    f"{_DO}/verify", bill_desk.queue_verification, name="run-verify", like="console:bills-run-verify", tag="bills",
    about="重算核对（后台执行） price again and compare",
)  # fmt: skip
read(
    "/bills/{number}", queries.explain_bill, name="bill", like=_BILL, tag="bills",
    about="账单逐行说明 a bill, explained line by line",
)  # fmt: skip
read(
    "/accounts/{account_number}/bills/{month}", queries.explain, name="bill-of-month", like=_BILL, tag="bills",
    about="某月账单 the bill of an account and month",
)  # fmt: skip
read(
    "/accounts/{account_number}/corrections", queries.corrections_of, name="account-corrections", like=_BILL, tag="bills",
    about="更正记录 corrections of an account",
)  # fmt: skip
write(
    "/accounts/{account_number}/bills/{month}/cancel", bill_correction.cancel, name="bill-cancel",
    like="console:bills-correct", tag="bills", about="冲销 cancel a bill",
)  # fmt: skip
write(
    "/accounts/{account_number}/bills/{month}/rebill", bill_correction.rebill, name="bill-rebill",
    like="console:bills-correct", tag="bills", about="重新计费 bill anew",
)  # fmt: skip
write(
    "/corrections/adjust", bill_correction.adjust, name="bill-adjust", like="console:bills-correct", tag="bills",
    about="差错退补 adjust: back-billing and refunds",
)  # fmt: skip
