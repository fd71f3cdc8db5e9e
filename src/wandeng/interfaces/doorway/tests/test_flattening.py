"""A flattened template draws what Django and the components draw, with less to do each time."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.conf import settings
from django.template import Context
from django.template.backends.django import DjangoTemplates
from django.template.base import TextNode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override
from django_cotton.compiler_regex import CottonCompiler

KEPT, FLAT = "django.template.loaders.cached.Loader", "wandeng.interfaces.doorway.flattening.Loader"
NASTY = '"><script>x</script>&'
TOLD = {
    "name": NASTY, "safe": mark_safe("<b>甲</b>"), "word": gettext_lazy("关闭"), "number": 1234567, "none": None, "yes": True,
    "rows": [{"name": NASTY}, {"name": "乙"}], "tabs": [{"key": "a", "title": NASTY, "url": "/a"}], "fen": -5, "lazy": "",
}  # fmt: skip


def engine(loader: str, **files: str) -> DjangoTemplates:
    """Templates of the product and those given, as a loader keeps them."""
    made = {f"{name}.html": CottonCompiler().process(source) for name, source in files.items()}
    params = copy.deepcopy(settings.TEMPLATES[0]) | {"NAME": "tried", "APP_DIRS": False}
    del params["BACKEND"]
    within = [("django.template.loaders.locmem.Loader", made), *params["OPTIONS"]["loaders"][0][1]]
    params["OPTIONS"]["loaders"] = [(loader, within)]
    return DjangoTemplates(params)


def drawn(loader: str, source: str, **more: str) -> str:
    page = engine(loader, page=source, **more).get_template("page.html")
    first = page.template.render(Context(dict(TOLD)))
    # What is kept must not be what the first one was shown.
    page.template.render(Context(TOLD | {"name": "另一位", "rows": [], "number": 1, "yes": False}))
    assert page.template.render(Context(dict(TOLD))) == first
    return str(first)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "source",
    [
        '{% load i18n %}{% trans "关闭" %} {{ name }} {{ safe }} {{ word }} {{ number }} {{ none }} {{ fen|yuan }}',
        '{% load i18n %}{% trans name %}{% trans "关闭" as x %}{{ x }}{% trans "关闭" %}{% trans "Close" noop %}{{ name|length }}',
        '{% load i18n %}{% language "en" %}{% trans "关闭" %}{% endlanguage %}{% trans "关闭" %}{{ name }}',
        "{% autoescape off %}{{ name }}{{ word }}{% endautoescape %}{{ name }}",
        "{% url 'console:home' %}{% url 'console:home-read' number %}{% url 'console:home' as here %}{{ here }}{# no #}",
        '{% for row in rows %}{% fixed %}<c-icon name="search" />{% endfixed %}<c-icon name="menu" />{{ row.name }}{% endfor %}',
        '<c-card title="{{ name }}" flush="yes">{{ name }}<c-slot name="foot">{{ name }}{{ number }}</c-slot></c-card>',
        '<c-card :title="name" id="a"><c-card title="乙">{% if yes %}<c-slot name="actions">{{ name }}</c-slot>{% endif %}</c-card></c-card>',
        '{% load i18n %}<c-card title="{% trans \'关闭\' %}"><c-badge tone="late" text="{{ name }}" /></c-card>{{ name }}',
        '<c-crumb href="/a" text="甲&乙" /><c-crumb text="{{ name }}" />{% for row in rows %}<c-fact label="{{ row.name }}">{{ row.name }}</c-fact>{% endfor %}',
        '<c-tabs :tabs="tabs" active="a" /><c-money :fen="fen" /><c-money :fen="-12" signed="yes" /><c-badge text="{{ name }}" :tone="missing" />',
        '<c-confirm id="x" title="{{ name }}" action="/x" danger="yes">{{ name }}</c-confirm><c-masked value="{{ name }}" url="/x" subject="甲" />',
        '<c-component is="badge" text="{{ name }}" /><c-table label="甲" cards="yes"><c-slot name="head"><th>{{ name }}</th></c-slot></c-table>',
    ],
)  # fmt: skip
def test_every_page_is_the_same_to_the_byte(source: str, language: str) -> None:
    with override(language):
        assert drawn(FLAT, source) == drawn(KEPT, source)


def test_blocks_and_what_fills_them_are_the_same() -> None:
    base = "{% load i18n %}<c-card title=\"甲\">{% block body %}{% trans '关闭' %}{% endblock %}</c-card>{% repeat_block 'body' %}"
    page = '{% extends "base.html" %}{% load i18n %}{% block body %}{{ block.super }}{% trans "关闭" %}{{ name }}{% endblock %}'
    assert drawn(FLAT, page, base=base) == drawn(KEPT, page, base=base)


def test_what_never_changes_is_one_text_when_a_template_is_loaded() -> None:
    source = (
        '{% load i18n %}<p>{% trans "关闭" %}</p><c-icon name="menu" /><c-crumb text="甲" />{% url "console:home" %}'
    )
    with override("en"):
        (node,) = engine(FLAT, page=source).get_template("page.html").template.nodelist[1:]
    assert isinstance(node, TextNode)
    assert node.s.startswith("<p>Close</p>")


def test_each_language_has_its_copy() -> None:
    templates = engine(FLAT, page='{% load i18n %}{% trans "关闭" %}')
    told: dict[str, Any] = {}
    for language in ("zh-hans", "en", "zh-hans"):
        with override(language):
            told[language] = templates.get_template("page.html").render({})
    assert told == {"zh-hans": "关闭", "en": "Close"}


def test_a_component_that_holds_itself_is_drawn() -> None:
    own = '<c-vars left="" /><i>{{ left }}{% if left == "ab" %}<c-own-one left="a" />{% endif %}</i>'
    templates = engine(FLAT, **{"cotton/own_one": own, "page": '<c-own-one left="{{ left }}" />'})
    # The usual way finds components among the product's templates: what holds itself is left to it.
    assert "<i>x</i>" in templates.get_template("page.html").render({"left": "x"})
