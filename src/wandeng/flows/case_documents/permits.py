"""A permit to work (工作票) as PDF in Chinese: dangers, preconditions with who saw them, signatures."""

from __future__ import annotations

from datetime import date, datetime
from importlib import resources

from wandeng.domains.cases.queries import permits
from wandeng.domains.cases.types import Charter
from wandeng.infra.scope import Scope
from wandeng.infra.typesetting import Typesetter
from wandeng.kernel.periods import BILLING_ZONE

STATES = {"DRAFT": "待签发", "ISSUED": "已签发", "CLOSED": "已终结", "WITHDRAWN": "已作废"}


def permit_pdf(scope: Scope, number: str, *, charter: Charter, on: date) -> bytes:
    """The permit on one sheet. Raises ``NotFound``, also outside the scope."""
    seen = permits.permit(scope, number, charter=charter)
    data = {
        "unit": seen.unit_name, "title": "客户侧作业工作票", "number": number, "state": STATES[seen.state],
        "facts": [
            ["工单", f"{seen.case} {seen.step_zh}"], ["作业类型", seen.job_zh], ["工作内容", seen.work],
            ["工作地点", f"{seen.account_number} {seen.address}".strip() or "见工单"],
            ["计划时间", f"{_moment(seen.valid_from)} 至 {_moment(seen.valid_to)}"], ["工作负责人", seen.worker],
            ["签发人", f"{seen.issuer} {_moment(seen.issued_at)}".strip() or "未签发"],
        ],
        "dangers": [zh for zh, _en in seen.dangers],
        "checks": [
            [one.words_zh, f"{one.seen_by} {_moment(one.seen_at)}" if one.seen_by else "未确认"] for one in seen.checks
        ],
        "source": f"{seen.citation}（{seen.checklist_path}）",
    }  # fmt: skip
    text = resources.files("wandeng.flows.case_documents").joinpath("permit.typ").read_text("utf-8")
    return Typesetter(text).pdf(data, made_on=on)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}" if at else ""
