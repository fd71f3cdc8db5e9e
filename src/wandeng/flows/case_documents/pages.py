"""The notice of what is needed (一次告知书) and the application filled in with what is known (免填单), as PDF in Chinese."""

from __future__ import annotations

from datetime import date, datetime
from importlib import resources
from typing import Any

from wandeng.domains.cases.queries import kinds, one
from wandeng.domains.cases.queries.kinds import ClockOfKind
from wandeng.domains.cases.types import Charter, FieldShown
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope
from wandeng.infra.typesetting import Typesetter, qr_svg
from wandeng.kernel.periods import BILLING_ZONE

MEASURES = {"MINUTE": "分钟", "HOUR": "小时", "DAY": "天", "WORKING_DAY": "个工作日"}
CLASSES = {
    "ALL": "", "URBAN": "城镇", "RURAL": "农村", "REMOTE": "偏远", "RESIDENTIAL": "居民", "SMALL_BUSINESS": "小微企业",
    "LOW_VOLTAGE": "其他低压", "HV_SINGLE": "高压单电源", "HV_DUAL": "高压双电源",
}  # fmt: skip


def sheet_pdf(process: str, *, charter: Charter, territory: str, unit_name: str, on: date) -> bytes:
    """What a customer must bring and do, who does the rest, and by when, for a kind of case on a day.

    Raises ``NotFound``, ``NoRuleInForce``.
    """
    kind = kinds.kind(process, charter=charter, on=on, territories=[territory])
    asked = {one.code: one.name_zh for one in kind.fields}
    steps = {one.code: one.name_zh for one in kind.steps}
    stages = {code: zh for code, zh, _en in kind.stages}
    data = {
        "unit": unit_name, "title": kind.glance.title_zh, "day": f"{on:%Y年%m月%d日}", "hotline": charter.hotline(territory, on=on),
        "documents": [
            {
                "name": one.name_zh,
                "when": "申请时" if one.by == "START" else f"最迟“{steps[one.by]}”时",
                "only": f"仅“{asked[one.only_if]}”时" if one.only_if else "",
            }
            for one in kind.documents
        ],
        "steps": [
            {
                "name": one.name_zh,
                "stage": stages[one.stage],
                "who": "您" if one.by_customer else "供电公司",
                "only": f"仅“{asked[one.only_if]}”时" if one.only_if else "",
            }
            for one in kind.steps
        ],
        "stages": len(stages),
        "limits": [line for clock in kind.clocks for line in _limit_lines(clock)],
        "pauses": [one.name_zh for one in kind.pauses],
    }  # fmt: skip
    return _set("sheet.typ", data, on)


def _limit_lines(clock: ClockOfKind) -> list[dict[str, str]]:
    """A line a class, with the strictest promise: that is what is kept."""
    if clock.own:
        amount, unit = clock.own
        return [{"name": clock.name_zh, "for": "", "limit": f"{amount} {MEASURES[unit]}", "whose": "本流程"}]
    found = [one for one in clock.promises if one.is_strictest]
    lines = [
        {"name": clock.name_zh, "for": CLASSES.get(one.of, one.of), "limit": f"{one.amount} {MEASURES[one.measure]}",
         "whose": one.commitment_zh}
        for one in found
    ]  # fmt: skip
    return [line for place, line in enumerate(lines) if line not in lines[:place]]


def form_pdf(scope: Scope, number: str, *, charter: Charter, now: datetime, link: str = "") -> bytes:
    """The application of a case for the customer to sign; ``link`` is where they see how far it is, as a square to
    photograph. Raises ``NotFound``, also outside the scope."""
    seen = one.case(scope, number, charter=charter, now=now)
    fields = one.form_filled(scope, number, charter=charter)
    opened = seen.glance.opened_at.astimezone(BILLING_ZONE)
    kind = kinds.kind(seen.glance.process, charter=charter, on=opened.date())
    is_open = not seen.is_confidential and not seen.is_anonymous
    data = {
        "unit": seen.glance.unit_name, "title": f"{seen.glance.process_zh}业务申请单", "number": number,
        "hotline": charter.hotline(organization.unit(scope, seen.unit_code).territory, on=opened.date()),
        "qr": qr_svg(link or number), "link": link, "opened_at": f"{opened:%Y-%m-%d %H:%M}", "owner": organization.people_names([seen.glance.owner]).get(seen.glance.owner, seen.glance.owner),
        "account": seen.glance.account_number if is_open else "", "name": seen.account_name if is_open else "",
        "address": seen.address if is_open else "",
        "due_at": f"{seen.glance.due_at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}" if seen.glance.due_at else "",
        "kind": " / ".join(zh for code, zh, _en in (seen.first_class, seen.second_class) if code),
        "fields": [{"name": each.name_zh, "value": _said(each)} for each in fields],
        "documents": [{"name": each.name_zh, "here": each.is_here} for each in seen.documents],
        "steps": [each.name_zh for each in kind.steps],
    }  # fmt: skip
    return _set("form.typ", data, opened.date())


def _said(field: FieldShown) -> str:
    match field.kind:
        case "YES_NO":
            return {"YES": "是", "NO": "否"}.get(field.value, "")
        case "CHOICE":
            return next((zh for code, zh, _en in field.choices if code == field.value), "")
        case "INSTANT" if field.value:
            return f"{datetime.fromisoformat(field.value).astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}"
        case _:
            return field.value


def _set(template: str, data: dict[str, Any], on: date) -> bytes:
    text = resources.files("wandeng.flows.case_documents").joinpath(template).read_text("utf-8")
    return Typesetter(text).pdf(data, made_on=on)
