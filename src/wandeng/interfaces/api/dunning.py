"""Dunning: cases, visits, promises, protected customers, the ladder, and whether an account may be cut."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from wandeng.domains.collections import actions, queries
from wandeng.domains.collections.types import CaseShown, DunningFigures, Eligibility, StepShown
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.flows import dunning
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

_P = "console:dunning-"
_CASE, _STEP, _PROTECTION = (
    "/dunning-cases/{int:case_id}",
    "/dunning-tasks/{int:step_id}",
    "/protected-customers/{int:protection_id}",
)
_SINCE = timedelta(days=30)


def figures(scope: Scope, now: datetime, since: date | None = None) -> DunningFigures:
    """What is open now and what was closed since a day; without one: in the last 30 days."""
    return queries.figures(scope, since=since or now.astimezone(BILLING_ZONE).date() - _SINCE)


def task(scope: Scope, step_id: int) -> StepShown:
    """A visit to make or a notice to deliver."""
    return queries.step_task(scope, step_id)[1]


def eligibility(
    scope: Scope, account_number: str, *, now: datetime, library: RuleLibrary, for_dispatch: bool = False
) -> Eligibility:
    """Whether an account may be cut for arrears now, why not, and the chain of evidence."""
    account = customers.account(scope, account_number)
    return queries.may_be_cut(account.id, now, for_dispatch=for_dispatch, library=library)


def case_of(scope: Scope, account_number: str) -> CaseShown | None:
    """The newest dunning case of an account, closed or not."""
    return queries.case_of_account(scope, customers.account(scope, account_number).id)


def ladder(scope: Scope, unit_code: str, *, now: datetime, library: RuleLibrary, on: date | None = None) -> Any:
    """The ladder that holds for a unit on a day."""
    territory = organization.unit(scope, unit_code).territory
    return queries.ladder(library, territory=territory, on=on or now.astimezone(BILLING_ZONE).date())


def call_now(*, case_ids: tuple[int, ...], actor: Actor, at: datetime, library: RuleLibrary) -> int:
    """Have the accounts of these cases rung up by machine; returns how many."""
    return actions.call_now(case_ids=case_ids, actor=actor, at=at, library=library)


def assign(*, case_id: int, responsible: str, actor: Actor, at: datetime, reason: str = "") -> int:
    """Make somebody responsible for a case; returns 1, or 0 when they were."""
    return actions.assign(case_ids=[case_id], responsible=responsible, actor=actor, at=at, reason=reason)


def _read(address: str, query: Any, name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=_P + like, tag="dunning", about=about)


def _write(address: str, action: Any, name: str, like: str, about: str) -> None:
    write(address, action, name=name, like=_P + like, tag="dunning", about=about)


_read("/dunning-figures", figures, "dunning-figures", "board", "催费指标 dunning in figures")
_read("/units/{unit_code}/dunning-ladder", ladder, "dunning-ladder", "ladder", "催费阶梯 the ladder of a unit")
_write("/units/{unit_code}/dunning-run", dunning.queue, "dunning-run", "run", "执行夜间催费 leave a night to a worker")
_write("/dunning-cases/call", call_now, "dunning-call-many", "board", "语音催费 have accounts rung up")
_read(_CASE, queries.case, "dunning-case", "case", "催费单 a case with its steps and promises")
_write(f"{_CASE}/calls", actions.record_call, "dunning-call", "call", "登记通话 a call that somebody made")
_write(f"{_CASE}/promises", actions.promise, "dunning-promise", "promise", "登记承诺 a promise to pay")
_write(f"{_CASE}/assign", assign, "dunning-assign", "assign", "改派责任人 make somebody responsible")
_write(
    "/promises-to-pay/{int:promise_id}/withdraw",
    actions.withdraw_promise,
    "dunning-withdraw",
    "withdraw",
    "撤回承诺 take a promise back",
)
_read(_STEP, task, "dunning-task", "task", "上门任务 a visit or a notice to deliver")
_write(f"{_STEP}/result", actions.record_result, "dunning-result", "task", "登记结果 how it went")
_read("/accounts/{account_number}/dunning-case", case_of, "dunning-case-of", "case", "某户的催费单 an account's case")
_read(
    "/accounts/{account_number}/may-be-cut",
    eligibility,
    "dunning-eligibility",
    "case",
    "能否停电 whether an account may be cut, and the evidence",
)
_write(
    "/protected-customers/propose", actions.protect, "dunning-protect", "protect", "申请不停电保护 propose a protection"
)
_read(_PROTECTION, queries.protection, "dunning-protection", "protection", "不停电保护 a protection")
_write(
    f"{_PROTECTION}/approve",
    actions.approve_protection,
    "protection-approve",
    "protection",
    "批准 approve a protection",
)
_write(
    f"{_PROTECTION}/refuse", actions.refuse_protection, "protection-refuse", "protection", "驳回 refuse a protection"
)
_write(f"{_PROTECTION}/end", actions.end_protection, "protection-end", "protection", "终止 end a protection")
