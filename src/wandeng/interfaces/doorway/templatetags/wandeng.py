"""How amounts, energy, days and moments are shown, and what the components are made with.

Amounts arrive as stored (integer fen, 0.01 kWh, 10⁻⁸ yuan) and are shown exactly: no float ever holds one. What is not
known (``None``) shows as a dash. The functions are template filters and tags, and plain functions for Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.http import QueryDict
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wandeng.domains.organization.queries import ParameterKind
from wandeng.interfaces.doorway import account_names, fields, rule_names
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.templatetags import durations
from wandeng.interfaces.doorway.words import bills, notices
from wandeng.kernel.money import PRICE_SCALE, format_scaled
from wandeng.kernel.periods import BILLING_ZONE, FAR_FUTURE, Month
from wandeng.kernel.slots import clock_text

register = template.Library()

UNKNOWN = "–"
TONES = frozenset({"neutral", "ok", "warn", "late", "info"})


def grouped(value: int, decimals: int = 0) -> str:
    """An integer of 10^-decimals units with thousands separators and a true minus sign.

    >>> grouped(123456, 2), grouped(-5, 2), grouped(1234567)
    ('1,234.56', '−0.05', '1,234,567')

    Raises ``TypeError`` for anything but an integer.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"amounts are integers, not {type(value).__name__}")
    whole, rest = divmod(abs(value), 10**decimals)
    fraction = f".{rest:0{decimals}d}" if decimals else ""
    return f"{'−' if value < 0 else ''}{whole:,}{fraction}"


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as ¥1,234.56, with the minus before the sign."""
    if fen is None:
        return UNKNOWN
    text = grouped(fen, 2)
    return f"−¥{text[1:]}" if fen < 0 else f"¥{text}"


@register.filter
def average_price(price_e4: int | None) -> str:
    """An average price in 10⁻⁴ yuan a kWh. 0.6089."""
    return UNKNOWN if price_e4 is None else grouped(price_e4, 4)


@register.filter
def price8(price_e8: int | None) -> str:
    """A price in 10⁻⁸ yuan as exact text: at least two decimals, no zeros behind them. ¥0.60886875."""
    if price_e8 is None:
        return UNKNOWN
    whole, _point, rest = grouped(price_e8, PRICE_SCALE).partition(".")
    return f"{'−' if price_e8 < 0 else ''}¥{whole.removeprefix('−')}.{rest.rstrip('0').ljust(2, '0')}"


@register.filter
def kwh(ckwh: int | None) -> str:
    """0.01 kWh as 1,234.56 kWh."""
    return UNKNOWN if ckwh is None else f"{grouped(ckwh, 2)} kWh"


@register.filter
def kwh_number(ckwh: int | None) -> str:
    """The same without the unit, where the head of the column says it."""
    return UNKNOWN if ckwh is None else grouped(ckwh, 2)


@register.filter
def count(number: int | None) -> str:
    """1,234."""
    return UNKNOWN if number is None else grouped(number)


@register.filter
def percent(hundredths: int | None) -> str:
    """Hundredths of a percent as 12.34 %."""
    return UNKNOWN if hundredths is None else f"{grouped(hundredths, 2)} %"


@register.filter
def permille(tenths: int | None) -> str:
    """Tenths of a per mille as 1.5 ‰, whole ones without decimals."""
    return UNKNOWN if tenths is None else f"{format_scaled(tenths, 1, trim=True)} ‰"


@register.filter
def day(value: date | None) -> str:
    """2026年11月21日, in English 21 Nov 2026; the open end of a validity says so."""
    if value is None:
        return UNKNOWN
    if value >= FAR_FUTURE:
        return _("长期")
    return date_format(value, pgettext("day", "Y年n月j日"))


@register.filter
def short_day(value: date | None) -> str:
    """2026-11-21, for dense tables."""
    if value is None:
        return UNKNOWN
    return _("长期") if value >= FAR_FUTURE else value.isoformat()


@register.filter
def month(value: Month | date | None) -> str:
    """2026年11月, in English November 2026."""
    if value is None:
        return UNKNOWN
    first = value.first if isinstance(value, Month) else value
    return date_format(first, pgettext("month", "Y年n月"))


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    """The local time, 2026年11月21日 20:05, in English 21 Nov 2026 20:05."""
    return _time(value, pgettext("moment", "Y年n月j日 H:i"))


@register.filter
def short_moment(value: datetime | None) -> str | SafeString:
    """The local time as 2026-11-21 20:05, for dense tables."""
    return _time(value, "Y-m-d H:i")


def _time(value: datetime | None, form: str) -> str | SafeString:
    if value is None:
        return UNKNOWN
    local = value.astimezone(BILLING_ZONE)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), date_format(local, form))


@register.simple_tag(takes_context=True)
def ago(context: template.Context, value: datetime | None) -> str | SafeString:
    """How long ago, or how soon: {% ago case.opened_at %}; the whole time stands in the title."""
    now: datetime | None = context.get("now")
    if value is None or now is None:
        return UNKNOWN
    local = value.astimezone(BILLING_ZONE)
    whole = date_format(local, pgettext("moment", "Y年n月j日 H:i"))
    words = durations.relative(value, now)
    return format_html('<time datetime="{}" title="{}">{}</time>', local.isoformat(timespec="seconds"), whole, words)


@register.simple_tag(takes_context=True)
def deadline(context: template.Context, due: datetime | None, warn_minutes: int = 60) -> dict[str, Any] | None:
    """What <c-clock> shows: ``text``, ``tone``, ``iso``."""
    now: datetime | None = context.get("now")
    if due is None or now is None:
        return None
    text, tone = durations.left(due, now, int(warn_minutes))
    return {"text": text, "tone": tone, "iso": due.isoformat(timespec="seconds")}


@register.filter
def parameter_text(value: int, kind: ParameterKind) -> str:
    """A value of a parameter as people write it: 02:30, or the number."""
    return kind.text(value)


@register.filter
def clock_time(minute: int | None) -> str:
    """A minute after midnight: 02:30."""
    return "" if minute is None else clock_text(minute)


@register.filter
def tone(value: object) -> str:
    """A tone that exists: anything else is neutral."""
    return str(value) if value in TONES else "neutral"


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    """The value of a key that is itself a variable."""
    return mapping.get(key, "")


@register.filter
def named(code: str, names: Mapping[str, str]) -> str:
    """The name of the person with a code; the code where nobody has it, as of the machine itself."""
    return names.get(code, code)


register.filter("control", fields.control)
register.filter("is_wide", fields.is_wide)
register.filter("field", fields.drawn)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """A single box stands before its label."""
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag
def hidden_inputs(query: str | QueryDict, without: str = "", form: BaseForm | None = None) -> SafeString:
    """The parameters of an address as hidden inputs, but those named in ``without`` (commas between) and those that the
    form asks for itself. ``q`` is always carried along unless it is named: it has a box of its own."""
    parameters = query if isinstance(query, QueryDict) else QueryDict(query)
    left_out = {name.strip() for name in without.split(",")} | (set(form.fields) - {"q"} if form else set())
    pairs = ((name, value) for name, values in parameters.lists() if name not in left_out for value in values)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def json_data(value: Any, name: str) -> SafeString:
    """A value for scripts, as a block of JSON that nobody runs. Text that is lazily translated is translated now."""
    return json_script(json.loads(json.dumps(value, default=str)), name)


@register.simple_tag
def script_words() -> SafeString:
    """The sentences that scripts say, in the reader's language."""
    words = {
        "close": _("关闭"),
        "recent": _("最近打开"),
        "selected": _("已选 {n} 条"),
        "selectedAll": _("已选全部 {n} 条"),
        "minutes": _("{n} 分"),
        "hours": _("{n} 小时"),
        "days": _("{n} 天"),
        "remaining": _("剩 {span}"),
        "overdue": _("超时 {span}"),
        "zoomIn": _("放大"),
        "zoomOut": _("缩小"),
        "chartFailed": _("图没有画出来，请看表格。"),
        "mapFailed": _("地图数据没有取到，请刷新页面。"),
        "error401": _("登录已过期，请重新登录。"),
        "error403": _("没有权限做这件事。"),
        "error404": _("没有找到：它不存在，或不在您的范围内。"),
        "error409": _("现在不能这样做：数据已被他人改动。"),
        "error413": _("文件太大。"),
        "error429": _("太频繁了，请稍后再试。"),
        "errorServer": _("系统出错（{status}），刚才的操作没有完成。"),
        "errorNetwork": _("连不上服务器，请检查网络。"),
        "errorTimeout": _("服务器很久没有回答，请稍后再试。"),
    }
    return json_script(words, "wd-words")


@register.filter
def listed(values: Iterable[object]) -> str:
    """甲、乙, in English a, b."""
    return pgettext("between items", "、").join(str(value) for value in values)


@register.filter
def clauses(values: Iterable[object]) -> str:
    """甲；乙, in English a; b."""
    return pgettext("between clauses", "；").join(str(value) for value in values)


@register.filter
def phrases(values: Iterable[object]) -> str:
    """甲，乙, in English a, b."""
    return pgettext("between phrases", "，").join(str(value) for value in values)


@register.filter
def in_brackets(value: object) -> str:
    """（甲）, in English (a) with a space before it."""
    return f"{pgettext('bracket', '（')}{value}{pgettext('bracket', '）')}"


@register.filter
def period_name(measure: str) -> str:
    """The period of the day behind the name of an item, with a space before it; nothing for the total.

    Measures come as a bill has them: 总, 尖, 峰, 平, 谷, 深谷 and others, which have no period.
    """
    return f" {bills.PERIOD_NAMES[measure]}" if measure in bills.PERIOD_NAMES else ""


register.filter("rule_name", rule_names.rule_name)
register.filter("account_name", account_names.account_name)


@register.filter
def notice_word(name: str) -> str:
    """A name of the product's own templates and slots, which are kept in Chinese, in the reader's language."""
    return str(notices.NAMES.get(name) or notices.SLOTS.get(name) or name)


@register.filter
def may(asking: Asking | None, route: str) -> bool:
    """Whether the reader may open a page: a link that leads to a refusal is not offered."""
    return asking is not None and asking.may(route)


@register.filter
def many(number: int) -> str:
    """1,234 条."""
    return ngettext("%(count)s 条", "%(count)s 条", number) % {"count": grouped(number)}


@register.simple_tag(takes_context=True)
def repeat_block(context: template.Context, name: str) -> str:
    """A block of the page once more: the title of the window is also the page's heading."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return str(block.render(context)) if block else ""
