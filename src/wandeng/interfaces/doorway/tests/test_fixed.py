"""What is drawn once a language is the same for everybody."""

from __future__ import annotations

from django.template import Context, Template
from django.utils import translation


def test_a_fixed_part_is_drawn_in_the_language_of_each_reader() -> None:
    page = Template('{% load i18n %}{% fixed %}{% trans "关闭" %}{% endfixed %}')
    with translation.override("zh-hans"):
        first = page.render(Context())
        assert first.startswith("关闭")
        assert page.render(Context()) == first
    with translation.override("en"):
        assert page.render(Context()).startswith("Close")


def test_a_fixed_part_sees_nothing_of_the_page_so_that_nobody_is_shown_to_the_next() -> None:
    page = Template("{% fixed %}<b>{{ name }}{{ request.user }}</b>{% endfixed %}{{ name }}")
    assert page.render(Context({"name": "张伟"})) == "<b></b>张伟"
    assert page.render(Context({"name": "李娜"})) == "<b></b>李娜"


def test_what_follows_a_fixed_part_still_sees_the_page() -> None:
    page = Template("{% for one in many %}{% fixed %}-{% endfixed %}{{ one }}{% endfor %}")
    assert page.render(Context({"many": "ab"})) == "-a-b"
