"""The reference page names every part with all its keys, and what ships, so that it cannot fall behind."""

import re

import pytest

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.values import Group
from wandeng.infra.processes import parts
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.infra.processes.roots import shipped_root

PAGE = (default_root().parent / "docs" / "reference" / "processes.md").read_text(encoding="utf-8")
PARTS = {
    "intake": parts.Intake,
    "classification": parts.Classification,
    "grades": parts.Scale,
    "documents": parts.Document,
    "fields": parts.FormField,
    "stages": parts.Named,
    "steps": parts.Step,
    "clocks": parts.ClockRule,
    "pauses": parts.PauseRule,
    "call_back": parts.CallBack,
    "pressing": parts.Pressing,
    "closing": parts.Closing,
}


def rows(section):
    text = PAGE[PAGE.index(f"## {section}") :]
    return re.findall(r"^\| (`.+?) \| (.+?) \| ", text[: text.find("\n## ", 3)], re.MULTILINE)


@pytest.mark.parametrize("part", PARTS)
def test_the_page_lists_exactly_the_keys_of_a_part(part):
    named = {name: cell for first, cell in rows("The parts") for name in re.findall(r"`(\w+)`", first)}
    assert set(re.findall(r"`(\w+)`", named[part])) == set(PARTS[part].model_fields) - set(Group.model_fields)


def test_the_page_lists_exactly_the_keys_of_a_file():
    text = PAGE[PAGE.index("## The file") : PAGE.index("## The parts")]
    named = {name for row in re.findall(r"^\| (`.+?) \|", text, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert named == set(ProcessDefinition.model_fields)


def test_the_page_counts_what_ships():
    library = ProcessLibrary.load([shipped_root()], RuleLibrary.load(default_root()))
    section = PAGE[PAGE.index("## What ships") :]
    found = re.findall(r"^\| `(\w+)` \| .+? \| (\d+) \| ?(\d*) \|", section, re.MULTILINE)
    shipped = {code: versions[-1].body for code, versions in library.shelf.items()}
    assert {(code, int(seen), int(papers or 0)) for code, seen, papers in found} == {
        (code, len(body.stages), len(body.documents)) for code, body in shipped.items()
    }
