"""Bill runs, bills, corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

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


def _read(address: str, query: Callable[..., Any], name: str, like: str, about: str, **more: Any) -> None:
    read(address, query, name=name, like=f"console:bills-{like}", tag="bills", about=about, **more)


def _write(address: str, action: Callable[..., Any], name: str, like: str, about: str, **more: Any) -> None:
    write(address, action, name=name, like=f"console:bills-{like}", tag="bills", about=about, **more)


# fmt: off
_read(_RUN, queries.run, "run", "run", "核算批次 a run")
_read(f"{_RUN}/progress", queries.progress, "run-progress", "run", "进度 how far a run is")
_read(f"{_RUN}/spread", queries.spread, "run-spread", "run", "与上月相比 against last month")
_read(f"{_RUN}/exceptions", queries.exceptions, "run-exceptions", "run", "停放的账户 parked accounts and why")
_write("/bill-runs/open", bill_desk.open_run, "run-open", "new", "开始核算（后台执行） start a run; a worker freezes, prices and checks")
_write(f"{_DO}/accept", exceptions.accept, "run-accept", "run-accept", "接受异常 accept exceptions")
_write(f"{_DO}/retake", bill_desk.retake, "run-retake", "run-retake", "重算 retake")
_write(f"{_DO}/override", runs.override, "run-override", "run-override", "放行总检 let a halted run go on")
_write(f"{_DO}/approve", runs.approve, "run-approve", "run-approve", "复核通过 approve, by a second person")
_write(f"{_DO}/post", bill_desk.queue_posting, "run-post", "run-post", "入账（后台执行） post; a worker does it")
_write(f"{_RUN}/publish", bill_run.publish, "run-publish", "run-publish", "发行 publish")
_write(f"{_DO}/discard", runs.discard, "run-discard", "run-discard", "作废批次 discard a run")
_write(f"{_DO}/verify", bill_desk.queue_verification, "run-verify", "run-verify", "重算核对（后台执行） price again and compare")
_read("/bills/{int:number}/pdf", pdf, "bill-pdf", "pdf", "账单 PDF a bill as a document", files=(PDF,))
_read("/bills/{int:number}/compare/{int:other}", queries.compared, "bill-compare", "compare", "两月对比 two bills of an account side by side")
_read(f"{_RUN}/desk", queries.run_desk, "run-desk", "run", "批次全貌 a run with its history")
_read(f"{_RUN}/code-totals", queries.code_totals, "run-code-totals", "run-figures", "按电价汇总 totals by price code")
_write("/bill-runs/preview", bill_desk.queue_preview, "run-preview", "new", "试算（后台执行） a dry run of a unit's month; a worker does it")
_read("/units/{unit_code}/bill-preview/{month}", previewed, "run-previewed", "preview", "试算结果 what a dry run came to")
_write("/corrections/preview", preview_correction, "correction-preview", "correct", "更正预览 what a correction would come to")
_read("/bills/{int:number}", queries.explain_bill, "bill", "bill", "账单逐行说明 a bill, explained line by line")
_read("/accounts/{account_number}/bills/{month}", queries.explain, "bill-of-month", "bill", "某月账单 the bill of an account and month")
_read("/accounts/{account_number}/corrections", queries.corrections_of, "account-corrections", "bill", "更正记录 corrections of an account", of=customers.account)
_write("/accounts/{account_number}/bills/{month}/cancel", bill_correction.cancel, "bill-cancel", "correct", "冲销 cancel a bill", commits_itself=True)
_write("/accounts/{account_number}/bills/{month}/rebill", bill_correction.rebill, "bill-rebill", "correct", "重新计费 bill anew", commits_itself=True)
_write("/corrections/adjust", adjust, "bill-adjust", "correct", "差错退补 adjust: back-billing and refunds", commits_itself=True)
