"""Forms of notices."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.notices.types import ChannelText, TemplateShown
from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.console.administration.forms import DayInput, unit_choices
from wandeng.interfaces.doorway.words import contact_wishes as wishes
from wandeng.interfaces.doorway.words import notices as words

_AREA = forms.Textarea(attrs={"rows": 3, "lang": "zh"})
_TITLED = ("EMAIL", "LETTER", "WECHAT")


class DraftForm(forms.Form):
    """New texts of a template: a channel with an empty text is not used; the order is that of the fields."""

    valid_from = forms.DateField(label=_("起用日"), widget=DayInput())
    reason = forms.CharField(label=_("原因"), max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for channel, word in words.CHANNELS.items():
            if channel in _TITLED:
                self.fields[f"title_{channel}"] = forms.CharField(
                    label=_("%(channel)s标题") % {"channel": word}, max_length=64, required=False
                )
            self.fields[f"text_{channel}"] = forms.CharField(
                label=_("%(channel)s正文") % {"channel": word}, required=False, max_length=2_000, widget=_AREA
            )
            self.fields[f"reduced_{channel}"] = forms.CharField(
                label=_("%(channel)s（号码未核实时）") % {"channel": word},
                required=False,
                max_length=2_000,
                widget=_AREA,
            )

    @staticmethod
    def of(template: TemplateShown, today: date) -> dict[str, Any]:
        """The texts in force, to begin from."""
        filled: dict[str, Any] = {"valid_from": today + timedelta(days=1)}
        if template.in_force:
            for channel, text in template.in_force.texts.items():
                filled |= {
                    f"title_{channel}": text.title, f"text_{channel}": text.text, f"reduced_{channel}": text.reduced,
                }  # fmt: skip
        return filled

    def texts(self) -> dict[str, ChannelText]:
        """The texts that were written."""
        said = self.cleaned_data
        return {
            channel: ChannelText(said[f"text_{channel}"], said[f"reduced_{channel}"], said.get(f"title_{channel}", ""))
            for channel in words.CHANNELS
            if said[f"text_{channel}"].strip() or said[f"reduced_{channel}"].strip()
        }

    def channels(self) -> list[str]:
        """The channels in the order they are tried."""
        return list(self.texts())


class OptOutForm(forms.Form):
    """An account, what it wants no more of, and how it said so."""

    account_number = forms.CharField(label=_("户号"), max_length=20)
    purpose = forms.ChoiceField(
        label=_("不再接收"), choices=[(code, word) for code, word in words.PURPOSES.items() if code != "WORK"]
    )
    source = forms.ChoiceField(label=_("来源"), choices=list(words.SOURCES.items()), initial="HALL")
    reason = forms.CharField(label=_("说明"), max_length=500, required=False)


class PreferenceForm(forms.Form):
    """By which channel an account is told first, its quiet hours, and how it said so."""

    channel = forms.ChoiceField(label=_("优先渠道"), required=False)
    quiet_hours = forms.CharField(
        label=_("免打扰时段"), max_length=16, required=False, help_text=_("如 21:00-07:00；留空为不设。")
    )
    source = forms.ChoiceField(
        label=_("来源"),
        choices=[(code, word) for code, word in words.SOURCES.items() if code != "ONLINE"],
        initial="HALL",
    )
    reason = forms.CharField(label=_("说明"), max_length=500)

    def __init__(self, *args: Any, channels: tuple[str, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [("", wishes.USUAL), *((one, words.CHANNELS[one]) for one in channels)]
        self.fields["channel"].choices = offered  # type: ignore[attr-defined]


class BillsForm(forms.Form):
    """Whose bills of which month."""

    unit = forms.ChoiceField(label=_("单位"), help_text=_("含下级单位。"))
    month = forms.CharField(label=_("电费年月"), widget=forms.TextInput(attrs={"type": "month"}))

    def __init__(self, *args: Any, units: tuple[UnitNode, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices(units)  # type: ignore[attr-defined]
