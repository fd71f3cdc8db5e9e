"""Outage plans: looked at beforehand, drafted, decided, changed; how they are shared out and kept."""

from __future__ import annotations

from datetime import date, datetime

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import plans
from wandeng.domains.outages.types import (
    Fairness,
    Fulfilment,
    LiveLine,
    OutageCategory,
    OutageReason,
    PlanRequest,
    PlanView,
    Preview,
)
from wandeng.flows import outage_plans
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

_P = "console:outages-"


def _request(
    unit_code: str, title: str, reason_code: OutageReason, starts_at: datetime, ends_at: datetime,
    opened: tuple[str, ...], closed: tuple[str, ...], out: tuple[str, ...], works: tuple[str, ...],
    category: OutageCategory, place: str, live_line: LiveLine,
) -> PlanRequest:  # fmt: skip
    isolation = queries.isolation_written(opened=" ".join(opened), closed=" ".join(closed), out=" ".join(out))
    return PlanRequest(
        unit_code, title, reason_code, starts_at, ends_at, isolation, queries.works_written(works), category, place,
        live_line,
    )  # fmt: skip


def preview(
    *, unit_code: str, title: str, reason_code: OutageReason, starts_at: datetime, ends_at: datetime,
    works: tuple[str, ...], opened: tuple[str, ...] = (), closed: tuple[str, ...] = (), out: tuple[str, ...] = (),
    category: OutageCategory = OutageCategory.PLANNED, place: str = "", live_line: LiveLine = LiveLine.NONE,
    changes: str = "", actor: Actor, at: datetime, library: RuleLibrary,
) -> Preview:  # fmt: skip
    """What a plan would come to, with every finding; nothing is written."""
    request = _request(
        unit_code, title, reason_code, starts_at, ends_at, opened, closed, out, works, category, place, live_line
    )
    return outage_plans.preview(Scope.of(actor), request, now=at, changes=changes, library=library)


def draft(
    *, unit_code: str, title: str, reason_code: OutageReason, starts_at: datetime, ends_at: datetime,
    works: tuple[str, ...], opened: tuple[str, ...] = (), closed: tuple[str, ...] = (), out: tuple[str, ...] = (),
    category: OutageCategory = OutageCategory.PLANNED, place: str = "", live_line: LiveLine = LiveLine.NONE,
    actor: Actor, at: datetime, library: RuleLibrary,
) -> str:  # fmt: skip
    """Draft a plan; a work is written ``unit, description, crew, kind, account``. Answers its number."""
    request = _request(
        unit_code, title, reason_code, starts_at, ends_at, opened, closed, out, works, category, place, live_line
    )
    return outage_plans.draft(request=request, actor=actor, at=at, library=library)


def change(
    *, number: str, title: str, reason_code: OutageReason, starts_at: datetime, ends_at: datetime,
    works: tuple[str, ...], reason: str, opened: tuple[str, ...] = (), closed: tuple[str, ...] = (),
    out: tuple[str, ...] = (), place: str = "", live_line: LiveLine = LiveLine.NONE, actor: Actor, at: datetime,
    library: RuleLibrary,
) -> int:  # fmt: skip
    """Write the next version of a plan; of a published one it waits for approval. Answers its number."""
    was = plan(Scope.of(actor), number, now=at, library=library)
    request = _request(
        was.unit_code, title, reason_code, starts_at, ends_at, opened, closed, out, works, was.category, place,
        live_line,
    )  # fmt: skip
    return outage_plans.change(number=number, request=request, reason=reason, actor=actor, at=at, library=library)


def plan(scope: Scope, number: str, *, now: datetime, library: RuleLibrary) -> PlanView:
    """A plan with its versions, areas, findings and approvals."""
    return queries.plan(scope, number, on=_day(now), library=library)


def fairness(scope: Scope, unit_code: str, *, now: datetime, library: RuleLibrary) -> Fairness:
    """Each area's planned outages of the year, written and still to come."""
    return queries.fairness(scope, unit_code=unit_code, on=_day(now), library=library)


def fulfilment(scope: Scope, unit_code: str, year: int, *, now: datetime, library: RuleLibrary) -> Fulfilment:
    """Published plans of a year by what became of them."""
    return queries.fulfilment(scope, unit_code=unit_code, year=year, now=now, library=library)


def _day(now: datetime) -> date:
    return now.astimezone(BILLING_ZONE).date()


write(
    "/outages/preview", preview, name="outage-preview", like=f"{_P}preview", tag="outages",
    about="停电计划校核 what a plan would come to",
)  # fmt: skip
write("/outages/draft", draft, name="outage-draft", like=f"{_P}new", tag="outages", about="新建停电计划 draft a plan")
read("/outages/plans/{number}", plan, name="outage", like=f"{_P}plan", tag="outages", about="停电计划 a plan")
read(
    "/outages/plans/{number}/differences", queries.differences,
    name="outage-differences", like=f"{_P}differences", tag="outages", about="版本差异 what a version changes",
)  # fmt: skip
read(
    "/units/{unit_code}/outages/fairness", fairness, name="outage-fairness", like=f"{_P}fairness", tag="outages",
    about="停电公平性 how outages are shared out",
)  # fmt: skip
read(
    "/units/{unit_code}/outages/fulfilment/{int:year}", fulfilment, name="outage-fulfilment",
    like=f"{_P}fulfilment", tag="outages", about="计划兑现率 how plans are kept",
)  # fmt: skip
write("/outages/plans/{number}/change", change, name="outage-change", like=f"{_P}change", tag="outages",
      about="变更停电计划 the next version of a plan")  # fmt: skip
write("/outages/plans/{number}/review", plans.review, name="outage-review", like=f"{_P}review", tag="outages",
      about="重新校核 review again")  # fmt: skip
write("/outages/plans/{number}/acknowledge", plans.acknowledge, name="outage-acknowledge", like=f"{_P}acknowledge",
      tag="outages", about="确认提醒 answer for a warning")  # fmt: skip
write("/outages/plans/{number}/submit", plans.submit, name="outage-submit", like=f"{_P}submit", tag="outages",
      about="提交审批 submit")  # fmt: skip
write("/outages/plans/{number}/approve", plans.approve, name="outage-approve", like=f"{_P}approve", tag="outages",
      about="批准 approve at the next level")  # fmt: skip
write("/outages/plans/{number}/send-back", plans.send_back, name="outage-send-back", like=f"{_P}send-back",
      tag="outages", about="退回 send back")  # fmt: skip
write("/outages/plans/{number}/withdraw-change", plans.withdraw_change, name="outage-withdraw-change",
      like=f"{_P}withdraw", tag="outages", about="撤回变更 take a change back")  # fmt: skip
write("/outages/plans/{number}/publish", plans.publish, name="outage-publish", like=f"{_P}publish", tag="outages",
      about="发布 publish")  # fmt: skip
write("/outages/plans/{number}/cancel", plans.cancel, name="outage-cancel", like=f"{_P}cancel", tag="outages",
      about="取消 cancel")  # fmt: skip
