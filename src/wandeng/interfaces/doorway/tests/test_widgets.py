"""Controls drawn by functions are those that Django's templates draw."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from django_filters.fields import DateRangeField
from django_filters.widgets import DateRangeWidget

from wandeng.interfaces.doorway import fields
from wandeng.interfaces.doorway.escaping import escaped
from wandeng.interfaces.doorway.tests.test_components import rendered
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


class Filters(Everything):
    """The same with what stands around a control."""

    agreed = forms.BooleanField(help_text=HOSTILE, label=HOSTILE)
    way = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect, help_text="h")
    plain = forms.ChoiceField(
        choices=[("", "不限"), (1, "<i>"), (HOSTILE, mark_safe("<i>")), (None, "–")], required=False
    )
    given = forms.ChoiceField(
        choices=[(1, "one"), ("1", "again")], initial=1, widget=forms.Select(attrs={"class": "x"})
    )


@pytest.mark.parametrize("name", Filters.base_fields)
@pytest.mark.parametrize(
    "data", [None, {}, {"text": HOSTILE, "chosen": "1", "plain": "1", "several": ["y"], "words": "w"}]
)
def test_a_field_is_drawn_as_its_component_draws_it(name: str, data: dict[str, object] | None) -> None:
    field = Filters(data, renderer=Renderer())[name]
    assert without_space(fields.drawn(field)) == without_space(rendered('<c-field :field="field" />', field=field))


@pytest.mark.parametrize("name", ["chosen", "plain", "given", "several"])
@pytest.mark.parametrize("data", [None, {}, {"plain": "1"}, {"plain": HOSTILE, "given": "1"}, {"plain": ""}])
def test_a_list_to_choose_from_is_that_of_the_templates(name: str, data: dict[str, object] | None) -> None:
    field = Filters(data, renderer=DjangoTemplates())[name]
    given = field.field.widget.attrs.get("class", "")
    theirs = field.as_widget(attrs={"class": f"form-select {given}".strip()})
    assert fields.control(field) == theirs


@pytest.mark.parametrize("value", [HOSTILE, mark_safe(HOSTILE), "张三", "", 7, None, "a>b", "'", gettext_lazy("<i>")])
def test_text_is_escaped_as_templates_do_it(value: object) -> None:
    assert escaped(value) == conditional_escape(value)


def without_space(html: str) -> str:
    """Between tags a template leaves lines that are empty."""
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", html)).strip()
