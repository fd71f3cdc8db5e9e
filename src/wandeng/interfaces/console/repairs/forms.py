"""Forms of repairs: duty, places in degrees, times by the clock of the wall, permits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.cases.queries.permits import JobKind
from wandeng.domains.cases.types import Place, Proof
from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.doorway.words import repairs as words
from wandeng.kernel.periods import BILLING_ZONE

_MOMENT = {"type": "datetime-local"}
_FORMAT = "%Y-%m-%dT%H:%M"
E6 = 1_000_000


def _moment(label: Any, *, required: bool = True) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs=_MOMENT, format=_FORMAT)
    return forms.DateTimeField(label=label, required=required, widget=widget)


def wall(at: datetime) -> datetime:
    """An instant as the clock of the wall shows it, for a field."""
    return at.astimezone(BILLING_ZONE).replace(tzinfo=None, second=0, microsecond=0)


class PlaceForm(forms.Form):
    """A position in degrees."""

    longitude = forms.DecimalField(label=_("经度"), min_value=-180, max_value=180, max_digits=9, decimal_places=6)
    latitude = forms.DecimalField(label=_("纬度"), min_value=-90, max_value=90, max_digits=8, decimal_places=6)

    def place(self) -> Place:
        """The position given."""
        return Place(_e6(self.cleaned_data["longitude"]), _e6(self.cleaned_data["latitude"]))

    def proof(self) -> Proof:
        """The position as a proof."""
        return Proof("PLACE", place=self.place())


class CrewForm(forms.Form):
    """A new crew."""

    code = forms.CharField(label=_("队号"), max_length=32)
    name = forms.CharField(label=_("队名"), max_length=64)
    unit = forms.ChoiceField(label=_("单位"))
    leader = forms.CharField(label=_("队长工号"), max_length=64)
    members = forms.CharField(label=_("队员工号（用空格分开）"), max_length=500, required=False)
    skills = forms.MultipleChoiceField(label=_("技能"), choices=list(words.SKILLS.items()))

    def __init__(self, *arguments: Any, units: Iterable[UnitNode], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class DutyForm(forms.Form):
    """Until when."""

    until = _moment(_("在岗至"))

    def __init__(self, *arguments: Any, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["until"].initial = wall(now + timedelta(hours=8))


class ExpectForm(forms.Form):
    """When supply is expected back, and why it is another time now."""

    expected = _moment(_("预计恢复时间"))
    reason = forms.CharField(label=_("变更原因"), max_length=500, required=False)


class ArriveForm(PlaceForm):
    """Where the crew is, and when supply is expected back."""

    expected = _moment(_("预计恢复时间"), required=False)


class RestoreForm(PlaceForm):
    """What it was, since when supply is back, and the photo that shows it."""

    cause = forms.CharField(label=_("故障原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    restored = _moment(_("恢复送电时间"))
    result = forms.ChoiceField(label=_("处理结果"), choices=list(words.RESULTS.items()))
    photo = forms.FileField(label=_("现场照片"))

    def __init__(self, *arguments: Any, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["restored"].initial = wall(now)

    def proofs(self) -> tuple[Proof, ...]:
        """Place and photo."""
        photo = self.cleaned_data["photo"]
        return self.proof(), Proof("PHOTO", file_name=photo.name, content=photo.read())


class CaseForm(forms.Form):
    """A case by its number."""

    case = forms.CharField(label=_("工单号"), max_length=24)


class PermitForm(forms.Form):
    """A permit: which list, what is done, by whom, when, and what else may hurt."""

    job = forms.ChoiceField(label=_("作业类型"))
    work = forms.CharField(label=_("工作内容"), max_length=200)
    worker = forms.CharField(label=_("工作负责人工号"), max_length=64)
    valid_from = _moment(_("计划开始"))
    valid_to = _moment(_("计划结束"))
    dangers = forms.CharField(
        label=_("补充危险点（每行一条）"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *arguments: Any, jobs: Iterable[JobKind], english: bool, now: datetime, person: str, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["job"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name_en if english else one.name_zh) for one in jobs
        ]
        self.fields["worker"].initial = person
        self.fields["valid_from"].initial = wall(now)
        self.fields["valid_to"].initial = wall(now + timedelta(hours=4))


def _e6(degrees: Decimal) -> int:
    return int(degrees * E6)
