"""Bill runs, bills, corrections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import exceptions, runs
from wandeng.domains.billing.actions.corrections import Decision
from wandeng.domains.billing.queries.desk import Previewed
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.flows import bill_correction, bill_desk, bill_preview, bill_run
from wandeng.flows.bill_documents.pages import BillPrinter
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import Download, read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month

_RUN = "/bill-runs/{int:run_id}"
_DO = "/bill-runs/{int:run}"
_BILL = "console:bills-bill"
_SEEN = "console:bills-run"
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class RunPreview:
    """A dry run of a unit's month: the job that works on it, and what it came to."""

    work: bill_desk.Work | None
    found: Previewed | None


def previewed(scope: Scope, unit_code: str, month: Month) -> RunPreview:
    """What a dry run of a unit's month came to."""
    place = organization.unit(scope, unit_code)
    return RunPreview(bill_desk.preview_work(unit_code, month), queries.previewed(scope, unit_code, place.path, month))


def preview_correction(
    *,
    action: Literal["CANCEL", "REBILL", "ADJUST"],
    account_number: str,
    month: Month,
    reason: str,
    case_code: str = "",
    document_number: str = "",
    energy_ckwh: int | None = None,
    amount_fen: int | None = None,
    actor: Actor,
    shop: bill_run.Workshop,
) -> bill_preview.CorrectionPreview:
    """What a correction would come to; nothing is stored."""
    decision = Decision(
        action, account_number, (month,), reason, case_code, document_number, energy_ckwh, amount_fen
    )  # fmt: skip
    return bill_preview.preview(decision=decision, actor=actor, shop=shop)


def adjust(
    *,
    account_number: str,
    month: Month,
    reason: str,
    case_code: str = "",
    document_number: str = "",
    energy_ckwh: int | None = None,
    amount_fen: int | None = None,
    actor: Actor,
    at: datetime,
    shop: bill_run.Workshop,
) -> bill_correction.Corrected:
    """Bill or give back energy or money beside a bill that stands."""
    decision = Decision(
        "ADJUST", account_number, (month,), reason, case_code, document_number, energy_ckwh, amount_fen
    )  # fmt: skip
    return bill_correction.adjust(decision=decision, actor=actor, at=at, shop=shop)


def pdf(scope: Scope, number: int, *, library: RuleLibrary) -> Download:
    """The bill as a document."""
    bill = queries.explain_bill(scope, number)
    return Download(f"{bill.account_number}-{bill.month}-{bill.revision}.pdf", PDF, BillPrinter(library).pdf(bill))


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
    "/bills/{int:number}/pdf", pdf, name="bill-pdf", like="console:bills-pdf", tag="bills", files=(PDF,),
    about="账单 PDF a bill as a document",
)  # fmt: skip
read(
    "/bills/{int:number}/compare/{int:other}", queries.compared, name="bill-compare", like="console:bills-compare",
    tag="bills", about="两月对比 two bills of an account side by side",
)  # fmt: skip
read(
    f"{_RUN}/desk", queries.run_desk, name="run-desk", like=_SEEN, tag="bills", about="批次全貌 a run with its history"
)
read(
    f"{_RUN}/code-totals", queries.code_totals, name="run-code-totals", like="console:bills-run-figures", tag="bills",
    about="按电价汇总 totals by price code",
)  # fmt: skip
write(
    "/bill-runs/preview", bill_desk.queue_preview, name="run-preview", like="console:bills-new", tag="bills",
    about="试算（后台执行） a dry run of a unit's month; a worker does it",
)  # fmt: skip
read(
    "/units/{unit_code}/bill-preview/{month}", previewed, name="run-previewed", like="console:bills-preview", tag="bills",
    about="试算结果 what a dry run came to",
)  # fmt: skip
write(
    "/corrections/preview", preview_correction, name="correction-preview", like="console:bills-correct", tag="bills",
    about="更正预览 what a correction would come to",
)  # fmt: skip
read(
    "/bills/{int:number}", queries.explain_bill, name="bill", like=_BILL, tag="bills",
    about="账单逐行说明 a bill, explained line by line",
)  # fmt: skip
read(
    "/accounts/{account_number}/bills/{month}", queries.explain, name="bill-of-month", like=_BILL, tag="bills",
    about="某月账单 the bill of an account and month",
)  # fmt: skip
read(
    "/accounts/{account_number}/corrections", queries.corrections_of, name="account-corrections", of=customers.account, like=_BILL, tag="bills",
    about="更正记录 corrections of an account",
)  # fmt: skip
write(
    "/accounts/{account_number}/bills/{month}/cancel", bill_correction.cancel, name="bill-cancel",
    like="console:bills-correct", tag="bills", about="冲销 cancel a bill", commits_itself=True,
)  # fmt: skip
write(
    "/accounts/{account_number}/bills/{month}/rebill", bill_correction.rebill, name="bill-rebill",
    like="console:bills-correct", tag="bills", about="重新计费 bill anew", commits_itself=True,
)  # fmt: skip
write(
    "/corrections/adjust", adjust, name="bill-adjust", like="console:bills-correct", tag="bills",
    about="差错退补 adjust: back-billing and refunds",
    commits_itself=True,
)  # fmt: skip
