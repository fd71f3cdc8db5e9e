"""Forms of appointments: bookings, outcomes, openings, vehicles, routes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.appointments.actions import routes
from wandeng.domains.appointments.actions.places import Opening
from wandeng.domains.appointments.actions.routes import Rhythm
from wandeng.domains.appointments.types import StopGiven
from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.doorway.words import appointments as words

_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
Choices = Iterable[tuple[str, Any]]


class BookForm(forms.Form):
    """What for, and who comes where there is no account."""

    service = forms.ChoiceField(label=_("预约事项"))
    visitor = forms.CharField(label=_("姓名"), max_length=64, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    remark = forms.CharField(label=_("备注"), max_length=200, required=False)
    account = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)
    case = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, services: Choices, has_account: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["service"].choices = list(services)  # type: ignore[attr-defined]
        if has_account:
            del self.fields["visitor"], self.fields["phone"]


class EndForm(forms.Form):
    """Why, and on whose side."""

    side = forms.ChoiceField(label=_("原因方"), choices=list(words.SIDES.items()))
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class RebookForm(EndForm):
    """The slot instead."""

    slot = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)


class PlaceForm(forms.Form):
    """A new place."""

    code = forms.CharField(label=_("编号"), max_length=32)
    name = forms.CharField(label=_("名称"), max_length=64)
    kind = forms.ChoiceField(label=_("类别"), choices=list(words.PLACE_KINDS.items()))
    unit = forms.ChoiceField(label=_("单位"))
    address = forms.CharField(label=_("地址（营业厅必填）"), max_length=200, required=False)
    crew = forms.CharField(label=_("抢修队队号"), max_length=32, required=False)

    def __init__(self, *arguments: Any, units: Iterable[UnitNode], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class OpeningForm(forms.Form):
    """When a place is open."""

    weekdays = forms.MultipleChoiceField(
        label=_("星期"),
        choices=list(words.WEEKDAYS.items()),
        initial=list("12345"),
        widget=forms.CheckboxSelectMultiple,
    )
    hours = forms.CharField(label=_("时间"), max_length=13, initial="09:00-12:00")
    slot_minutes = forms.IntegerField(label=_("每时段分钟"), min_value=5, max_value=720, initial=30)
    capacity = forms.IntegerField(label=_("每时段可约数"), min_value=1, max_value=500, initial=2)
    open_on = forms.ChoiceField(label=_("节假日"), choices=list(words.OPEN_ON.items()))
    valid_from = forms.DateField(label=_("自何日起"), widget=_DATE)

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["valid_from"].initial = today

    def opening(self) -> Opening:
        """The opening given."""
        given = self.cleaned_data
        first, last = routes.span_of(given["hours"])
        return Opening(
            given["valid_from"], "".join(given["weekdays"]), first, last, given["slot_minutes"], given["capacity"],
            given["open_on"],
        )  # fmt: skip


class DayForm(forms.Form):
    """A day and why."""

    on = forms.DateField(label=_("日期"), widget=_DATE)
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class EndOpeningForm(DayForm):
    """An opening that ends."""

    pattern = forms.IntegerField(widget=forms.HiddenInput)


class VehicleForm(forms.Form):
    """A new vehicle."""

    code = forms.CharField(label=_("编号"), max_length=32)
    name = forms.CharField(label=_("名称"), max_length=64)
    plate = forms.CharField(label=_("车牌"), max_length=16, required=False)
    unit = forms.ChoiceField(label=_("单位"))
    keeper = forms.CharField(label=_("随车人工号"), max_length=64)

    def __init__(self, *arguments: Any, units: Iterable[UnitNode], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class StopsForm(forms.Form):
    """Stops, a line each."""

    stops = forms.CharField(
        label=_("停靠点"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("每行一个，按先后：名称,09:00-10:00,可约数，之后可加 经度,纬度,地址"),
    )  # fmt: skip

    def given(self) -> tuple[StopGiven, ...]:
        """The stops in order. Raises ``InvalidInput``."""
        lines = str(self.cleaned_data["stops"]).splitlines()
        return tuple(routes.stop_of_line(line) for line in lines if line.strip())


class RouteForm(StopsForm):
    """A new route."""

    code = forms.CharField(label=_("编号"), max_length=32)
    name = forms.CharField(label=_("名称"), max_length=64)
    unit = forms.ChoiceField(label=_("单位"))
    vehicle = forms.ChoiceField(label=_("车辆"))
    weekdays = forms.MultipleChoiceField(
        label=_("星期"), choices=list(words.WEEKDAYS.items()), widget=forms.CheckboxSelectMultiple
    )
    every_weeks = forms.IntegerField(label=_("每几周一次"), min_value=1, max_value=8, initial=1)
    open_on = forms.ChoiceField(label=_("节假日"), choices=list(words.OPEN_ON.items()))
    valid_from = forms.DateField(label=_("开行日期"), widget=_DATE)
    field_order = ("code", "name", "unit", "vehicle", "weekdays", "every_weeks", "open_on", "valid_from", "stops")

    def __init__(
        self, *arguments: Any, units: Iterable[UnitNode], vehicles: Iterable[tuple[str, str]], today: date, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]
        self.fields["vehicle"].choices = [(code, f"{code} {name}") for code, name in vehicles]  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = today

    def rhythm(self) -> Rhythm:
        """The rhythm given."""
        given = self.cleaned_data
        return Rhythm(given["valid_from"], "".join(given["weekdays"]), given["every_weeks"], given["open_on"])
