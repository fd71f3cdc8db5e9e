"""The components in their own right: what they write, and that nothing a person typed becomes markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template import engines
from django.utils.translation import override
from django_cotton.compiler_regex import CottonCompiler

from wandeng.interfaces import doorway
from wandeng.interfaces.doorway.templatetags.examples import ExampleForm

DOORWAY = Path(doorway.__file__).parent
FOLDERS = [DOORWAY / "templates", DOORWAY.parent / "console/templates"]
NASTY = '"><script>x</script>'


def rendered(source: str, **context: object) -> str:
    page = engines["django"].from_string(CottonCompiler().process(source)).render(context)
    assert "<c-" not in page
    return page


@pytest.mark.parametrize(
    "source",
    [
        '<c-card title="{{ name }}">x</c-card>',
        '<c-card :title="name" />',
        '<c-badge text="{{ name }}" tone="{{ name }}" />',
        '<c-kpi label="{{ name }}" value="{{ name }}" href="{{ name }}" />',
        '<c-fact label="{{ name }}">{{ name }}</c-fact>',
        '<c-masked value="{{ name }}" url="/x" subject="{{ name }}" />',
        '<c-tabs :tabs="tabs" active="a" />',
        '<c-chart id="x" :option="option" title="{{ name }}" />',
        '<c-confirm id="x" title="{{ name }}" action="/x">{{ name }}</c-confirm>',
    ],
)
def test_what_a_person_typed_never_becomes_markup(source):
    page = rendered(source, name=NASTY, tabs=[{"key": "a", "title": NASTY, "url": NASTY}], option={"title": NASTY})
    assert "<script>x" not in page


def test_an_ampersand_is_escaped_once():
    assert "甲&amp;乙" in rendered('<c-card title="{{ name }}" />', name="甲&乙")


def test_a_field_names_its_faults_and_points_to_them():
    with override("zh-hans"):
        page = rendered('<c-form :form="form" />', form=ExampleForm({"name": "x" * 41, "kind": "home"}))
    assert 'id="id_name_error"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert '<label for="id_amount">' in page


def test_a_step_says_in_words_what_its_mark_says_in_colour():
    steps = [{"title": "计算", "state": "failed"}, {"title": "准备", "state": "done"}]
    with override("zh-hans"):
        page = rendered('<c-steps :steps="steps" />', steps=steps)
    assert "失败" in page
    assert "已完成" in page


def test_a_progress_asks_again_only_while_it_runs():
    source = '<c-progress label="x" :value="1" :total="2" url="/p" state="{{ state }}" />'
    assert 'hx-get="/p"' in rendered(source, state="running")
    assert "hx-get" not in rendered(source, state="done")


@pytest.mark.parametrize("forbidden", ["onclick=", "onchange=", "onsubmit=", "hx-on", "js:", "javascript:", " style="])
def test_no_template_holds_what_the_content_policy_forbids(forbidden):
    sources = [path for folder in FOLDERS for path in folder.rglob("*.html")]
    assert len(sources) > 40
    assert [path.name for path in sources if forbidden in path.read_text()] == []


def test_templates_hold_no_script_of_their_own_and_no_raw_colours():
    for path in (path for folder in FOLDERS for path in folder.rglob("*.html")):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*src=)", text), path.name
        assert not re.search(r"#[0-9a-fA-F]{6}\b|rgba?\(", text), path.name
