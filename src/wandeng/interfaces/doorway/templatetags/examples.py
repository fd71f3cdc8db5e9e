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
