"""Disconnection and the return of supply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import disconnection, halt, reconnection
from wandeng.domains.collections.types import Approved, Dispatched, OrderGlance, ReconnectionShown
from wandeng.flows import disconnection as flow
from wandeng.flows.order_documents import pages
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import Download, read, write
from wandeng.kernel.actors import Actor

_P, PDF, TAG = "console:disconnection-", "application/pdf", "disconnection"
_ORDER, _RETURN = "/disconnections/{order}", "/reconnections/{order}"
_SEEN = "/disconnections/{number}"


@dataclass(frozen=True, slots=True)
class FieldTasks:
    """Orders to cut that are out, and returns of supply, the most urgent first."""

    cuts: tuple[OrderGlance, ...]
    returns: tuple[ReconnectionShown, ...]


def field_tasks(scope: Scope, *, now: datetime) -> FieldTasks:
    """What the field has to do."""
    return FieldTasks(*queries.field_tasks(scope, now=now))


def approve(*, order: str, actor: Actor, at: datetime, library: RuleLibrary) -> Approved:
    """Approve an order; beyond the bulk limit of the day another person approves again."""
    return disconnection.approve(order=order, actor=actor, at=at, library=library)


def dispatch(*, order: str, remote: bool = False, actor: Actor, at: datetime, library: RuleLibrary) -> Dispatched:
    """Send an order if every guard holds at this moment; the answer says which did not."""
    return disconnection.dispatch(order=order, remote=remote, actor=actor, at=at, library=library)


def dispatch_each(
    *, orders: list[str], remote: bool = False, actor: Actor, at: datetime, library: RuleLibrary
) -> tuple[flow.Verdict, ...]:
    """Send several orders, each with its own guards."""
    return flow.dispatch_each(orders=orders, remote=remote, actor=actor, at=at, library=library)


def paper(scope: Scope, number: str) -> Download:
    """The order to cut on paper."""
    return Download(f"{number}.pdf", PDF, pages.cut_pdf(scope, number))


def return_paper(scope: Scope, number: str, *, now: datetime) -> Download:
    """The order to give supply back on paper."""
    return Download(f"{number}.pdf", PDF, pages.back_pdf(scope, number, at=now))


read(_SEEN, queries.order, name="disconnection", like=f"{_P}order", tag=TAG, about="停电单 an order with its evidence")
read(f"{_SEEN}/paper", paper, name="disconnection-paper", like=f"{_P}paper", tag=TAG, files=(PDF,),
     about="停电工作单 PDF")  # fmt: skip
read("/reconnections/{number}", queries.reconnection, name="reconnection", like=f"{_P}return", tag=TAG,
     about="复电单 a return of supply and its clock")  # fmt: skip
read("/reconnections/{number}/paper", return_paper, name="reconnection-paper", like=f"{_P}return-paper", tag=TAG,
     files=(PDF,), about="复电工作单 PDF")  # fmt: skip
read("/disconnection-halts", queries.halts, name="disconnection-halts", like=f"{_P}halt", tag=TAG,
     about="拉闸与演练记录 halts and drills")  # fmt: skip
read("/disconnection-quotas", queries.quotas, name="disconnection-quotas", like=f"{_P}halt", tag=TAG,
     about="停电限额 quotas")  # fmt: skip
read("/disconnection-quarters/{int:year}/{int:number}", queries.quarter, name="disconnection-quarter",
     like=f"{_P}quarter", tag=TAG, about="停复电季报 a quarter's cuts and returns")  # fmt: skip
read("/field-tasks", field_tasks, name="field-tasks", like=f"{_P}tasks", tag=TAG,
     about="停复电任务 what the field has to do")  # fmt: skip
write("/disconnections/propose", disconnection.propose, name="disconnection-propose", like=f"{_P}propose", tag=TAG,
      about="提出停电 propose")  # fmt: skip
write(f"{_ORDER}/approve", approve, name="disconnection-approve", like=f"{_P}approve", tag=TAG, about="批准 approve")
write(f"{_ORDER}/refuse", disconnection.refuse, name="disconnection-refuse", like=f"{_P}refuse", tag=TAG,
      about="驳回 refuse")  # fmt: skip
write(f"{_ORDER}/withdraw", disconnection.withdraw, name="disconnection-withdraw", like=f"{_P}withdraw", tag=TAG,
      about="撤销 withdraw")  # fmt: skip
write(f"{_ORDER}/announce", disconnection.announce, name="disconnection-announce", like=f"{_P}announce", tag=TAG,
      about="停电前再次通知 tell the customer again")  # fmt: skip
write(f"{_ORDER}/dispatch", dispatch, name="disconnection-dispatch", like=f"{_P}dispatch", tag=TAG, about="发单 send")
write("/disconnections/dispatch", dispatch_each, name="disconnection-dispatch-each", like=f"{_P}orders", tag=TAG,
      about="批量发单 send several")  # fmt: skip
write("/disconnections/approve-next", approve, name="disconnections-approve", like=f"{_P}desk", tag=TAG,
      about="批准（单号在正文）approve, the number in the body")  # fmt: skip
write(f"{_ORDER}/confirm", disconnection.confirm_cut, name="disconnection-confirm", like=f"{_P}task", tag=TAG,
      about="回填停电时间 supply is off")  # fmt: skip
write(f"{_ORDER}/failed", disconnection.report_failure, name="disconnection-failed", like=f"{_P}failed", tag=TAG,
      about="未能停电 could not be cut")  # fmt: skip
write(f"{_ORDER}/give-back", reconnection.order_by_person, name="disconnection-back", like=f"{_P}back", tag=TAG,
      about="下达复电单 give supply back")  # fmt: skip
write(f"{_RETURN}/confirm", reconnection.confirm, name="reconnection-confirm", like=f"{_P}return", tag=TAG,
      about="回填复电时间 power is back")  # fmt: skip
write("/disconnection-halts/pull", halt.pull, name="disconnection-halt-pull", like=f"{_P}halt-pull", tag=TAG,
      about="拉下停电闸 stop every dispatch")  # fmt: skip
write("/disconnection-halts/lift", halt.lift, name="disconnection-halt-lift", like=f"{_P}halt-lift", tag=TAG,
      about="解除停电闸 let orders leave again")  # fmt: skip
write("/disconnection-quotas/set", halt.set_quota, name="disconnection-quota-set", like=f"{_P}quota", tag=TAG,
      about="设定停电限额 set a quota")  # fmt: skip
