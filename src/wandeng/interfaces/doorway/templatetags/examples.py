"""Made-up figures for the page that shows the components; nothing of an installation."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from django import forms, template
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

register = template.Library()

_USAGE = (31250, 29810, 24560, 21030, 22470, 30120, 45980, 47310, 33460, 23050, 22840, 27690)
_BILLED = (18480, 17630, 14520, 12440, 13290, 17810, 27190, 27980, 19790, 13630, 13510, 16370)

REFERENCE = (
    ("c-card", gettext_lazy("一块内容；flush 时表格贴边。"), "title note flush id class · actions foot"),
    ("c-kpi", gettext_lazy("一个数；带 href 时打开它背后的列表。"), "label value unit note tone href"),
    ("c-badge", gettext_lazy("一个状态：字加底色。"), "tone text title"),
    ("c-note", gettext_lazy("页内提示、表单总错误。"), "tone title role · actions"),
    ("c-empty", gettext_lazy("没有内容时：说明原因和下一步。"), "title hint url action"),
    ("c-facts, c-fact", gettext_lazy("名称与值；lines 时一行一条。"), "lines class · label wide"),
    ("c-money", gettext_lazy("金额（分）；负数变红并带负号。"), ":fen signed"),
    ("c-clock", gettext_lazy("期限：还剩多少，何时到；done 时不再走。"), ":due warn done"),
    ("c-masked", gettext_lazy("打码的号码；查看要写原因并留痕。"), "value url subject"),
    ("c-code-link", gettext_lazy("编号，可点时打开详情。"), "code href"),
    ("c-table", gettext_lazy("详情页里的小表；cards 时手机上成卡片。"), "label cards entry rows class · head foot"),
    (
        "c-form, c-field",
        gettext_lazy("Django 表单：标签、说明、错误都已相连。"),
        ":form columns · :field label help wide",
    ),
    (
        "c-confirm",
        gettext_lazy("提交之前再问一次，写明后果，可要求写原因。"),
        "id title action go danger reason method",
    ),
    ("c-dialog, c-drawer", gettext_lazy("对话框、右侧抽屉；url 在打开时取内容。"), "id title url wide · foot"),
    ("c-menu", gettext_lazy("次要操作收进菜单。"), "label align class"),
    (
        "c-tabs",
        gettext_lazy("同一对象的几部分，各有地址，打开时才取。"),
        ":tabs(key title url count tone) active id label",
    ),
    ("c-timeline, c-event", gettext_lazy("按时间排列的经过。"), "label · title :at who tone kind href"),
    ("c-steps", gettext_lazy("一件事的几个阶段。"), ":steps(title state note) label"),
    ("c-progress", gettext_lazy("长任务：每两秒问一次，完成或失败即停。"), "label :value :total url note state every"),
    (
        "c-chart",
        gettext_lazy("图，附同样数字的表格；数值按存储单位给。"),
        "id :option title format size table :columns :rows",
    ),
    (
        "c-map, c-legend",
        gettext_lazy("矢量地图；点设备在旁边显示片段。"),
        "source id label panel · legend · state text point",
    ),
    ("c-crumb", gettext_lazy("页面位置，放在 crumbs 块里。"), "href text"),
    ("console/list.html", gettext_lazy("任何多行的列表：由 ListDefinition 生成。"), "before after"),
)
"""Component, when to use it, attributes (slots behind the dot): what the page lists at its end."""


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("户名"), max_length=40, help_text=gettext_lazy("与证件一致。"))
    kind = forms.ChoiceField(
        label=gettext_lazy("用电类别"),
        choices=[("", "—"), ("home", gettext_lazy("居民")), ("shop", gettext_lazy("一般工商业"))],
    )
    from_on = forms.DateField(
        label=gettext_lazy("自"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    amount = forms.DecimalField(
        label=gettext_lazy("金额（元）"),
        min_value=0,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )
    way = forms.ChoiceField(
        label=gettext_lazy("送达方式"),
        choices=[("sms", gettext_lazy("短信")), ("paper", gettext_lazy("纸质"))],
        widget=forms.RadioSelect,
        required=False,
    )
    told = forms.BooleanField(label=gettext_lazy("已告知客户"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("原因"), widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )


@register.simple_tag
def component_examples(now: datetime) -> SimpleNamespace:
    """Everything that ``console/components.html`` shows, told from ``now``."""
    months = [f"{number}" for number in range(1, 13)]
    return SimpleNamespace(
        form=ExampleForm(),
        reference=REFERENCE,
        wrong=_wrong(),
        moments=SimpleNamespace(
            past=now - timedelta(minutes=12),
            hour_ago=now - timedelta(hours=3),
            day_ago=now - timedelta(days=1, hours=2),
            soon=now + timedelta(minutes=42),
            later=now + timedelta(hours=27),
        ),
        usage={
            "xAxis": {"type": "category", "data": months},
            "yAxis": [
                {"type": "value", "name": "kWh", "format": "kwh"},
                {"type": "value", "name": _("元"), "splitLine": {"show": False}},
            ],
            "series": [
                {"type": "bar", "name": _("电量"), "format": "kwh", "data": list(_USAGE)},
                {"type": "line", "name": _("电费"), "yAxisIndex": 1, "data": list(_BILLED)},
            ],
        },
        shares={
            "series": [
                {
                    "type": "pie",
                    "name": _("户数"),
                    "radius": ["45%", "70%"],
                    "data": [
                        {"name": _("居民"), "value": 18240},
                        {"name": _("一般工商业"), "value": 1530},
                        {"name": _("大工业"), "value": 42},
                        {"name": _("农业"), "value": 188},
                    ],
                }
            ]
        },
        steps=[
            {"title": _("准备"), "state": "done", "note": _("20,000 户")},
            {"title": _("计算"), "state": "done", "note": _("5 秒")},
            {"title": _("审核"), "state": "current", "note": _("36 条例外")},
            {"title": _("批准"), "state": "later"},
            {"title": _("发布"), "state": "later"},
        ],
        tabs=[
            {"key": "bills", "title": _("账单"), "count": 12},
            {"key": "readings", "title": _("抄表"), "count": None},
            {"key": "contacts", "title": _("联系"), "count": 2, "tone": "late"},
        ],
        map=static("examples/feeder.json"),
    )


def _wrong() -> ExampleForm:
    given = {"name": "", "kind": "home", "from_on": "", "amount": "-5"}
    return ExampleForm({f"wrong-{name}": value for name, value in given.items()}, prefix="wrong")
