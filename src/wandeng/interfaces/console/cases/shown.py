"""Cases in words: promises, glances, the track of steps, clocks, the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wandeng.domains.cases.queries.promised import ClockPromised
from wandeng.domains.cases.types import CallBackShown, CaseGlance, CaseShown, ClockShown, EntryShown, FieldShown
from wandeng.flows.case_desk import Caller
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.process_names import PAUSES, STEPS, worded
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.templatetags.wandeng import listed
from wandeng.interfaces.doorway.words import administration, case_pages, customers
from wandeng.interfaces.doorway.words import cases as words
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import BILLING_ZONE

RULE_PAGE = "console:administration-rule"
Row = dict[str, Any]


def limit(amount: int, unit: str) -> str:
    """A length of time as a promise says it: 45 分钟, 5 个工作日."""
    return str(case_pages.MEASURES[unit] % {"n": amount})


def whose(commitment_zh: str) -> str:
    """Whose promise it is; the process's own where nobody else gave it."""
    return rule_name(commitment_zh) if commitment_zh else _("本流程")


def promises(found: Iterable[ClockPromised]) -> list[Row]:
    """Clocks with all promises beside each other, the strictest first."""
    return [
        {
            "name": worded(one.name_zh, one.name_en),
            "limits": [
                {"whose": whose(said.commitment_zh), "limit": limit(said.amount, said.unit), "is_strictest": not place}
                for place, said in enumerate(one.limits)
            ],
        }
        for one in found
    ]


def glances(found: Iterable[CaseGlance]) -> list[Row]:
    """Cases in a list of few."""
    return [
        {
            "one": one,
            "kind": worded(one.process_zh, one.process_en),
            "stage": worded(one.stage_zh, one.stage_en) if one.state == "OPEN" else words.STATES[one.state],
            "tone": words.TONES[one.state],
            "is_open": one.state in ("OPEN", "FINISHED"),
        }
        for one in found
    ]


def supply(caller: Caller) -> Row:
    """Whether the caller has supply, as far as orders tell."""
    if caller.account is None:
        return {}
    if caller.is_cut:
        return {"text": _("已停电（停电单）"), "tone": "late"}
    if not caller.points:
        return {"text": _("没有在用的计量点"), "tone": "warn"}
    return {"text": _("供电正常"), "tone": "ok"}


def track(seen: CaseShown) -> list[Row]:
    """The steps that belong to the case, as far as they are done."""
    states = {"DONE": "done", "HERE": "current", "AHEAD": "todo"}
    return [
        {
            "title": worded(one.name_zh, one.name_en),
            "note": _("客户") if one.by_customer else administration.ROLES.get(one.role, one.role),
            "state": "done" if seen.glance.state in ("FINISHED", "CLOSED") else states[one.status],
        }
        for one in seen.steps
        if one.status != "LEFT_OUT"
    ]


def badges(seen: CaseShown) -> list[Row]:
    """What leaps to the eye about a case."""
    found = []
    if seen.urgency[0] in words.URGENCY_TONES:
        found.append({"tone": words.URGENCY_TONES[seen.urgency[0]], "text": worded(*seen.urgency[1:])})
    if seen.supervised_at:
        found.append({"tone": "late", "text": _("督办")})
    if seen.is_paused:
        found.append({"tone": "warn", "text": _("暂停计时")})
    if seen.asked_again_at and seen.glance.state == "OPEN":
        found.append({"tone": "warn", "text": _("待首问答复")})
    if seen.pressed:
        found.append({"tone": "warn", "text": _("催办 %(n)d 次") % {"n": seen.pressed}})
    if seen.returned:
        found.append({"tone": "warn", "text": _("退回 %(n)d 次") % {"n": seen.returned}})
    if seen.rounds > 1:
        found.append({"tone": "late", "text": _("第 %(n)d 轮") % {"n": seen.rounds}})
    if seen.is_confidential:
        found.append({"tone": "info", "text": _("保密")})
    if seen.is_anonymous:
        found.append({"tone": "info", "text": _("匿名")})
    return found


def clocks(seen: CaseShown, asking: Asking) -> list[Row]:
    """The clocks of the case; a link to the rule where there is a page of it."""
    return [_clock(one, asking, many=seen.rounds > 1) for one in seen.clocks]


def _clock(one: ClockShown, asking: Asking, *, many: bool) -> Row:
    has_page = bool(one.commitment) and asking.may(RULE_PAGE)
    return {
        "one": one,
        "name": worded(one.name_zh, one.name_en),
        "round": one.round if many else 0,
        "status": words.KEPT.get(one.status, case_pages.DROPPED),
        "tone": words.KEPT_TONES.get(one.status, "neutral"),
        "is_running": one.status in ("RUNNING", "LATE"),
        "share": one.share_e4,
        "limit": limit(one.amount, one.measure),
        "whose": whose(one.commitment_zh),
        "others": [f"{whose(zh)} {limit(amount, unit)}" for zh, amount, unit in one.others],
        "rule": one.rule_path if has_page else "",
    }


def fields(seen: CaseShown) -> list[Row]:
    """The fields that have a value, in words."""
    return [
        {"one": one, "name": worded(one.name_zh, one.name_en), "value": value(one)} for one in seen.fields if one.value
    ]


def value(one: FieldShown) -> Any:
    """A value as people read it."""
    match one.kind:
        case "YES_NO":
            return case_pages.YES_NO.get(one.value, one.value)
        case "CHOICE":
            return next((worded(zh, en) for code, zh, en in one.choices if code == one.value), one.value)
        case "INSTANT":
            return f"{datetime.fromisoformat(one.value).astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}"
        case _:
            return one.value


def entries(seen: CaseShown, names: Mapping[str, str]) -> list[Row]:
    """The log, newest first."""
    return [_entry(one, seen, names) for one in reversed(seen.entries)]


def _entry(one: EntryShown, seen: CaseShown, names: Mapping[str, str]) -> Row:
    return {
        "title": case_pages.ENTRIES[one.kind],
        "at": one.at,
        "noted_at": one.noted_at if (one.noted_at - one.at).total_seconds() > 300 else None,
        "who": names.get(one.actor, one.actor),
        "tone": case_pages.ENTRY_TONES.get(one.kind, ""),
        "about": _about(one, seen, names),
        "note": one.note,
        "case": one.facts.get("case") or one.facts.get("into") or "",
    }


def _about(one: EntryShown, seen: CaseShown, names: Mapping[str, str]) -> str:
    """What an entry is about, in words."""
    step = STEPS.get(f"{seen.glance.process}/{one.what}", "")
    facts = one.facts
    match one.kind:
        case "OPENED" | "JOINED":
            return str(words.CHANNELS.get(str(facts.get("channel", "")), ""))
        case "OWNED":
            return f"{names.get(str(facts.get('from')), facts.get('from'))} → {names.get(str(facts.get('owner')), facts.get('owner'))}"
        case "ASSIGNED":
            return f"→ {names.get(str(facts.get('handler')), facts.get('handler'))}"
        case "TRANSFERRED":
            return f"{facts.get('from', '')} → {facts.get('to', '')}"
        case "RETURNED":
            return f"→ {step}"
        case "PAUSED" | "RESUMED":
            return PAUSES.get(f"{seen.glance.process}/{one.what}", one.what)
        case "WARNED" | "BREACHED":
            return next((worded(of.name_zh, of.name_en) for of in seen.clocks if of.code == one.what), one.what)
        case "CALLED_BACK":
            return str(case_pages.CALL_BACKS.get(one.what, one.what))
        case "FILLED" | "REVEALED":
            told = facts.get("fields", [facts.get("field", "")])
            codes = told if isinstance(told, list) else [told]
            return listed(_field_name(seen, str(code)) for code in codes)
        case "FINISHED" | "REOPENED":
            return step
        case _:
            return ""


def _field_name(seen: CaseShown, code: str) -> str:
    return next((worded(one.name_zh, one.name_en) for one in seen.fields if one.code == code), code)


def papers(seen: CaseShown, names: Mapping[str, str]) -> list[Row]:
    """What was handed in, with the name of its kind or document."""
    documents = {one.code: worded(one.name_zh, one.name_en) for one in seen.documents}
    return [
        {
            "one": one,
            "kind": documents.get(one.document) or case_pages.PROOFS[one.kind],
            "who": names.get(one.actor, one.actor),
            "is_picture": one.file_name.lower().endswith((".jpg", ".jpeg", ".png", ".webp")),
            "place": _degrees(one.place.longitude_e6, one.place.latitude_e6) if one.place else "",
        }
        for one in seen.papers
    ]


def _degrees(*values: int) -> str:
    return ", ".join(format_scaled(value, 6) for value in values)


def call_backs(found: Sequence[CallBackShown], names: Mapping[str, str]) -> list[Row]:
    """The rounds of asking."""
    return [
        {
            "one": one,
            "state": case_pages.CALL_BACKS[one.state],
            "tone": case_pages.CALL_BACK_TONES[one.state],
            "channel": case_pages.CALL_CHANNELS.get(one.channel, ""),
            "score": words.SCORES.get(one.score or 0, ""),
            "who": names.get(one.called_by, one.called_by),
        }
        for one in found
    ]


def linked(asking: Asking, routes: Mapping[str, str], link: tuple[str, str]) -> str:
    """The address of what a contact leads to, where the reader may open it."""
    route = routes.get(link[0], "")
    return reverse(route, args=[link[1]]) if route and asking.may(route) else ""


def owner(seen: CaseShown, names: Mapping[str, str]) -> str:
    """Who was asked first; a machine until somebody takes the case."""
    code = seen.glance.owner
    return str(case_pages.MACHINES.get(code, names.get(code, code)))


def facts(seen: CaseShown, names: Mapping[str, str]) -> list[tuple[Any, Any]]:
    """What else is known of the case, where it is known."""
    kind = " / ".join(worded(zh, en) for code, zh, en in (seen.first_class, seen.second_class) if code)
    found = [
        (_("分类"), kind),
        (_("等级"), worded(*seen.grade[1:])),
        (_("紧急程度"), worded(*seen.urgency[1:])),
        (_("受理渠道"), words.CHANNELS.get(seen.channel, seen.channel)),
        (_("外部单号"), seen.outside_number),
        (_("责任单位"), seen.glance.unit_name),
        (_("台区"), seen.transformer_name),
        (_("地区类别"), customers.LOCALITIES.get(seen.locality, "")),
        (_("首问负责人"), owner(seen, names)),
        (_("经办人"), names.get(seen.glance.handler, seen.glance.handler) or _("待接单")),
        (_("处理结果"), next((worded(zh, en) for code, zh, en in seen.results if code == seen.result), "")),
    ]
    return [(label, value) for label, value in found if value]
