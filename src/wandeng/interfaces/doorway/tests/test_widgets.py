"""Controls drawn by functions are those that Django's templates draw."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django_filters.fields import DateRangeField
from django_filters.widgets import DateRangeWidget

from wandeng.interfaces.doorway.widgets import DRAWN, FOLDER, Renderer

HOSTILE = """<b>"a'&amp;"""


class Everything(forms.Form):
    """A control of each kind, with text that would break out of an attribute."""

    text = forms.CharField(
        max_length=9, initial=HOSTILE, help_text="h", widget=forms.TextInput(attrs={"title": HOSTILE})
    )
    number = forms.IntegerField(min_value=0, max_value=10_000, initial=1234)
    mail = forms.EmailField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput(attrs={"autofocus": True, "hidden": False}))
    hidden = forms.CharField(widget=forms.HiddenInput, initial=mark_safe("a&amp;b"))
    day = forms.DateField(initial=date(2026, 11, 1), widget=forms.DateInput(attrs={"type": "date"}))
    words = forms.CharField(initial=HOSTILE, widget=forms.Textarea(attrs={"rows": 2}))
    empty = forms.CharField(widget=forms.Textarea, required=False)
    chosen = forms.ChoiceField(
        choices=[("", "不限"), (1, "<i>"), (HOSTILE, mark_safe("<i>")), ("组", [("x", "X"), ("y", "Y")])], initial="y"
    )
    days = DateRangeField(widget=DateRangeWidget, initial=[date(2026, 11, 1), None])
    several = forms.MultipleChoiceField(choices=[("x", "X"), ("y", "Y")], initial=["x", "y"])


@pytest.mark.parametrize("name", Everything.base_fields)
@pytest.mark.parametrize("data", [None, {}, {"text": HOSTILE, "chosen": "1", "several": ["y"], "words": HOSTILE}])
def test_a_control_is_drawn_as_the_templates_draw_it(name: str, data: dict[str, object] | None) -> None:
    ours, theirs = (str(Everything(data, renderer=renderer())[name]) for renderer in (Renderer, DjangoTemplates))
    assert ours == theirs


def test_the_common_controls_are_drawn_without_a_template() -> None:
    used = {Everything.base_fields[name].widget.template_name for name in Everything.base_fields}
    assert used <= set(DRAWN)


def test_other_controls_are_left_to_the_templates() -> None:
    assert f"{FOLDER}radio.html" not in DRAWN
    form = type("F", (forms.Form,), {"one": forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)})
    assert 'type="radio"' in str(form(renderer=Renderer())["one"])
