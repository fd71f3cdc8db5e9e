"""A disconnection or reconnection order as PDF: what is to be done where, until when, and the signed instruction as a code."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import resources

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import handing_over
from wandeng.infra.scope import Scope
from wandeng.infra.typesetting import Typesetter, qr_svg
from wandeng.kernel.errors import Conflict
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

CUT_STEPS = (
    "核对户号、户名、地址与电能表，不符即停止作业并报告。",
    "再次询问户内有无维持生命的医疗设备、有无人员被困电梯或正在进行危险作业；有则不得停电，立即报告。",
    "出示本单，告知欠费金额与复电办法；客户当场交清的，不停电。",
    "超过本单有效期、或平台显示“已追回”的，不得停电。",
    "停电后加封，十五分钟内在现场任务页回填停电时间。",
)
BACK_STEPS = (
    "核对户号、户名、地址与电能表。",
    "确认户内无人作业、客户侧开关在断开位置后送电。",
    "送电后验电，向客户交代，十五分钟内在现场任务页回填复电时间。",
)


def cut_pdf(scope: Scope, number: str) -> bytes:
    """The order to cut, once it was sent. Raises ``NotFound``, :class:`Conflict` for one that has no instruction."""
    order = queries.order(scope, number)
    sent = [one for one in order.instructions if one.kind == "DISCONNECT"]
    if not sent:
        raise Conflict(f"order {number} is {order.state}: only a sent order is printed", state=order.state)
    facts = {
        "title": "停电工作单", "number": number, "account_number": order.account_number, "name": order.account_name,
        "address": order.address, "unit": order.unit_name, "money": f"{format_yuan(order.demanded_fen)} 元",
        "people": f"提出 {order.proposed_by}　审批 {order.approved_by}{'、' + order.second_by if order.second_by else ''}　发出 {order.dispatched_by}",
        "until": _clock(sent[-1].expires_at), "until_label": "有效期至",
    }  # fmt: skip
    return _pdf(scope, facts, CUT_STEPS, sent[-1].id, sent[-1].issued_at)


def back_pdf(scope: Scope, number: str, *, at: datetime) -> bytes:
    """The order to give supply back; its instruction is signed when it is printed first."""
    order = queries.reconnection(scope, number, now=at)
    made = handing_over.instruct_back(order=number, remote=False, at=at)
    facts = {
        "title": "复电工作单", "number": number, "account_number": order.account_number, "name": order.account_name,
        "address": order.address, "unit": order.unit_name, "money": "", "people": f"下达 {order.ordered_by}",
        "until": _clock(order.due_at), "until_label": "复电时限",
    }  # fmt: skip
    return _pdf(scope, facts, BACK_STEPS, made, at)


def _pdf(scope: Scope, facts: dict[str, str], steps: tuple[str, ...], instruction: int, issued_at: datetime) -> bytes:
    text = queries.instruction_text(scope, instruction)
    said = json.loads(text)
    template = resources.files("wandeng.flows.order_documents").joinpath("order.typ").read_text("utf-8")
    data = {
        **facts, "steps": list(steps), "qr": qr_svg(text), "issued_at": _clock(issued_at), "channel": said["channel"],
        "sequence": str(said["sequence"]), "key_id": said["key_id"], "signature": said["signature"][:32],
    }  # fmt: skip
    return Typesetter(template).pdf(data, made_on=issued_at.astimezone(BILLING_ZONE).date())


def _clock(at: datetime) -> str:
    return f"{at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}"
