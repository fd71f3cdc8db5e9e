"""Prepay: balances, agreements, what the estimate is made of, the day's run and the day's list of cuts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from wandeng.domains.collections.actions import prepay as actions
from wandeng.domains.collections.queries import prepay, prepay_proposals
from wandeng.domains.collections.types import BalanceNow, PrepayFigures, PrepayProposal, PrepayShare, PrepayShown
from wandeng.flows import prepay as flow
from wandeng.flows.prepay import PrepayExplained
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

_P = "console:prepay-"
_ACCOUNT = "/accounts/{account_number}/prepay"


def figures(scope: Scope, day: date | None = None) -> PrepayFigures:
    """How many stand where, and what the run of a day came to; without one, of the newest that was run."""
    return prepay.figures(scope, day=day)


def share(scope: Scope) -> tuple[PrepayShare, ...]:
    """The share of prepay accounts: the whole scope first, then each unit next below."""
    return prepay.share(scope)


def agreement(scope: Scope, account_number: str, *, now: datetime, library: RuleLibrary, days: int = 31) -> PrepayShown:
    """The newest prepay agreement of an account: balance now, days, episodes with whom notices reached, true-ups."""
    return prepay.prepay_of(scope, account_number, at=now, days=min(max(days, 1), 400), library=library)


def balance(scope: Scope, account_number: str, *, now: datetime, library: RuleLibrary) -> BalanceNow:
    """The balance of an account at this moment."""
    return prepay.balance_now(scope, account_number, at=now, library=library)


def explained(
    scope: Scope, account_number: str, *, now: datetime, library: RuleLibrary, day: date | None = None
) -> PrepayExplained:
    """How the estimate of a day comes about, line by line; without a day: today's."""
    on = day or now.astimezone(BILLING_ZONE).date()
    return flow.explain(scope, account_number=account_number, day=on, library=library)


def proposals(scope: Scope, *, now: datetime, library: RuleLibrary, limit: int = 50) -> tuple[PrepayProposal, ...]:
    """Cuts by balance that wait for approval, with the balance of now and what stands against each."""
    return prepay_proposals.proposals(scope, at=now, library=library, limit=min(max(limit, 1), 200))


def enroll(
    *, account_number: str, valid_from: date, actor: Actor, at: datetime, library: RuleLibrary, document: str = "",
    agreed_warn_fen: int | None = None, reason: str = "",
) -> int:  # fmt: skip
    """Sign an account up for prepay; answers the agreement."""
    return actions.enroll(
        account_number=account_number, valid_from=valid_from, actor=actor, at=at, library=library, document=document,
        agreed_warn_fen=agreed_warn_fen, reason=reason,
    )  # fmt: skip


def _read(address: str, query: Callable[..., Any], name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=_P + like, tag="prepay", about=about)


def _write(address: str, action: Callable[..., Any], name: str, like: str, about: str) -> None:
    write(address, action, name=name, like=_P + like, tag="prepay", about=about)


# fmt: off
_read("/prepay-figures", figures, "prepay-figures", "overview", "费控指标 prepay in figures")
_read("/prepay-share", share, "prepay-share", "overview", "费控户占比 share of prepay accounts by unit")
_read("/prepay-proposals", proposals, "prepay-proposals", "approve", "费控停电待审批 cuts by balance that wait for approval")
_write("/prepay-proposals/{order}/approve", flow.approve, "prepay-approve", "approve", "批准并远程停电 approve a cut by balance and send it")
_write("/units/{unit_code}/prepay-run", flow.queue, "prepay-run", "run", "立即测算 leave today's run to a worker")
_read(_ACCOUNT, agreement, "prepay-agreement", "account", "费控协议 the prepay agreement of an account with all that belongs to it")
_read(f"{_ACCOUNT}/balance", balance, "prepay-balance", "account", "此刻余额 the balance now")
_read(f"{_ACCOUNT}/estimate", explained, "prepay-explained", "explained", "未出账电费怎么算的 the lines of the estimate of a day")
_write(f"{_ACCOUNT}/enroll", enroll, "prepay-enroll", "enroll", "签订费控协议 sign an account up")
_write(f"{_ACCOUNT}/warning", actions.agree_warning, "prepay-warning", "warning", "约定预警阈值 agree on a warning threshold")
_write(f"{_ACCOUNT}/end", actions.end, "prepay-end", "end", "解除费控协议 end the agreement")
