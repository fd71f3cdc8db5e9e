"""Amounts, days and moments as readers see them, and the small helpers of the components."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.interfaces.doorway import fields
from wandeng.interfaces.doorway.templatetags import durations
from wandeng.interfaces.doorway.templatetags import wandeng as shown
from wandeng.kernel.money import parse_scaled
from wandeng.kernel.periods import FAR_FUTURE, Month

NOW = datetime(2026, 11, 21, 12, 5, tzinfo=UTC)  # 20:05 in China


def test_money_has_two_decimals_thousands_and_a_minus_before_the_sign():
    assert shown.yuan(123456) == "¥1,234.56"
    assert shown.yuan(7) == "¥0.07"
    assert shown.yuan(0) == "¥0.00"
    assert shown.yuan(-100000000) == "−¥1,000,000.00"


def test_what_is_not_known_shows_as_a_dash():
    for show in (shown.yuan, shown.price8, shown.kwh, shown.count, shown.percent, shown.day, shown.moment, shown.month):
        assert show(None) == "–"


@pytest.mark.parametrize("wrong", [1.5, "12", True])
def test_an_amount_that_is_no_integer_is_a_defect(wrong):
    with pytest.raises(TypeError, match="integers"):
        shown.yuan(wrong)


def test_prices_are_exact_with_at_least_two_decimals():
    assert shown.price8(60886875) == "¥0.60886875"  # the longest published price, Guangdong
    assert shown.price8(58800000) == "¥0.588"
    assert shown.price8(150000000) == "¥1.50"
    assert shown.price8(-2000000) == "−¥0.02"
    assert shown.price8(123456700000000) == "¥1,234,567.00"


def test_energy_names_its_unit_unless_the_column_does():
    assert shown.kwh(123456) == "1,234.56 kWh"
    assert shown.kwh_number(-50) == "−0.50"


def test_percent_is_read_from_hundredths():
    assert shown.percent(9986) == "99.86 %"
    assert shown.percent(-5) == "−0.05 %"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(-(2**62), 2**62))
def test_no_digit_of_an_amount_is_lost(fen):
    assert parse_scaled(shown.yuan(fen).replace("¥", "").replace(",", "").replace("−", "-"), 2) == fen


def test_days_and_moments_are_local_and_follow_the_language():
    late = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)  # 00:30 of the next day in China
    with override("zh-hans"):
        assert shown.day(date(2026, 1, 5)) == "2026年1月5日"
        assert "2026年11月22日 00:30" in shown.moment(late)
        assert shown.month(Month(2026, 3)) == "2026年3月"
    assert shown.short_day(date(2026, 1, 5)) == "2026-01-05"
    assert shown.short_moment(late) == '<time datetime="2026-11-22T00:30:00+08:00">2026-11-22 00:30</time>'


def test_a_validity_without_end_says_so():
    with override("zh-hans"):
        assert shown.day(FAR_FUTURE) == shown.short_day(FAR_FUTURE) == "长期"


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=3, minutes=59), "3 小时前"),
        (timedelta(days=2), "2 天前"),
        (timedelta(minutes=-12), "12 分钟后"),
    ],
)
def test_how_long_ago_takes_one_unit(before, words):
    with override("zh-hans"):
        assert durations.relative(NOW - before, NOW) == words


def test_a_limit_warns_within_its_span_and_is_late_behind_it():
    with override("zh-hans"):
        assert durations.left(NOW + timedelta(hours=2, minutes=5), NOW, 60) == ("剩 2 小时 5 分", "neutral")
        assert durations.left(NOW + timedelta(minutes=60), NOW, 60) == ("剩 1 小时", "warn")
        assert durations.left(NOW - timedelta(seconds=1), NOW, 60) == ("超时 0 分", "late")
        assert durations.left(NOW + timedelta(days=3), NOW, 60) == ("剩 3 天", "neutral")


def test_ago_takes_the_time_of_the_request():
    page = Template("{% ago at %}").render(Context({"now": NOW, "at": NOW - timedelta(minutes=7)}))
    assert 'datetime="2026-11-21T19:58:00+08:00"' in page
    assert ">7 分钟前<" in page


def test_a_control_carries_the_look_and_keeps_browsers_from_remembering():
    class Asked(forms.Form):
        name = forms.CharField()
        kind = forms.ChoiceField(choices=[("a", "A")])
        told = forms.BooleanField()

    form = Asked()
    assert 'class="form-control"' in fields.control(form["name"])
    assert 'autocomplete="off"' in fields.control(form["name"])
    assert 'class="form-select"' in fields.control(form["kind"])
    assert 'class="form-check-input"' in fields.control(form["told"])


def test_hidden_inputs_carry_an_address_along_and_escape_it():
    kept = shown.hidden_inputs(QueryDict("q=%22%3Cb%3E&columns=a&columns=b&page=3"), "page")
    assert kept == (
        '<input type="hidden" name="q" value="&quot;&lt;b&gt;">'
        '<input type="hidden" name="columns" value="a"><input type="hidden" name="columns" value="b">'
    )


def test_data_for_scripts_cannot_end_its_own_block():
    assert "</script><b>" not in shown.json_data({"name": "</script><b>"}, "x")


def test_a_tone_that_does_not_exist_is_neutral():
    assert shown.tone("late") == "late"
    assert shown.tone("purple") == shown.tone("") == "neutral"


def test_items_are_listed_as_the_language_does():
    with override("zh-hans"):
        assert shown.listed(["甲", 2]) == "甲、2"
