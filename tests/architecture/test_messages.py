"""What scripts/messages finds: Chinese that nobody marked, in templates and in Python, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from scripts import messages


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>户号</p>", ["户号"]),
        ('<p title="户号">{% trans "户名" %}</p>', ["户号"]),
        ('{{ name|default:"无" }}', ["无"]),
        ("<c-card title=\"{% trans '账单' %}\">{% blocktrans %}共 {{ n }} 条{% endblocktrans %}</c-card>", []),
        ("{# 说明 #}{% comment %}说明{% endcomment %}<b>万灯</b><i>中文</i>", []),
    ],
)
def test_chinese_of_a_template_is_marked(template: str, found: list[str], tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(template)
    assert list(messages.unmarked_in_template(path)) == found


def test_chinese_of_a_module_is_marked_except_in_docstrings(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        '"""说明."""\n'
        "from django.utils.translation import gettext_lazy, gettext_lazy as lazily, ngettext\n"
        'WORDS = {"a": gettext_lazy("户号"), "b": "户名"}\n'
        'TEXT = ngettext("%d 条", "%d 条", 2)\n'
        'NAME = lazily("地址")  # under this name it would not be taken over'
        "\n"
        'DIGITS = "一二三"  # Chinese on purpose\n'
        "def f():\n"
        '    """说明."""\n'
        '    return f"共 {TEXT}"\n'
    )
    assert list(messages.unmarked_in_module(path)) == ["line 3: 户名", "line 5: 地址", "line 9: 共 "]


def test_what_the_components_say_is_taken_over() -> None:
    taken = messages.extracted()
    assert "跳到正文" in taken
    assert "第 %(first)s–%(last)s 条，共 %(total)s 条" in taken
    assert taken.get("Y年n月j日", "day") is not None


def test_everything_has_its_english() -> None:
    assert list(messages.problems()) == []


PLACES = re.compile(r"%\(\w+\)[sd]|%[ds%]|\{\w*\}|</?[a-z][^>]*>")
"""What a translation must keep: places of values, and tags."""


def test_translations_keep_the_places_of_values() -> None:
    """A plural's second form says the number; the first may say "one"."""
    moved = [
        message.id
        for message in messages.stored()
        if message.id and sorted(PLACES.findall(_last(message.id))) != sorted(PLACES.findall(_last(message.string)))
    ]
    assert moved == []


def _last(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[-1]
