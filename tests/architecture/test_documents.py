"""The documents say what is there: nouns, commands, links, citations, examples."""

from __future__ import annotations

import doctest
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.tree import DOMAINS, PACKAGE, ROOT, domain_names, files, product

DOCUMENTS = [path for path in files() if path.suffix == ".md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
RULE_FILES = sorted((ROOT / "rules").glob("*/*/*.toml"))
MACHINE_PATH = re.compile(r"(?<![\w.])/(root|work|home/\w+|opt/\w+|tmp/\w+)/")
REGISTRY = re.compile(
    r"https?://\S+\.(whl|tgz|tar\.gz)|(index-url|find-links)[ =]+(https?:|file:|/)|registry *= *.?https?:|\"resolved\": *\"http"
)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def words_of(name: str) -> str:
    """``PowerTransformer`` as a glossary writes it: power transformer."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


@pytest.mark.parametrize("domain", domain_names())
def test_a_domain_says_what_it_owns(domain: str) -> None:
    text = (DOMAINS / domain / "README.md").read_text("utf-8")
    missing = [model.__name__ for model in models_of(domain) if not mentions(text, model.__name__)]
    assert not missing, f"{domain}/README.md does not name {missing}"


@pytest.mark.parametrize("domain", domain_names())
def test_the_glossary_has_the_nouns_of_a_domain(domain: str) -> None:
    terms = {row.split("|")[1].strip().lower() for row in read("GLOSSARY.md").splitlines() if row.startswith("|")}
    missing = [model.__name__ for model in models_of(domain) if words_of(model.__name__) not in terms]
    assert not missing, f"GLOSSARY.md lacks {missing}"


def models_of(domain: str) -> list[type]:
    prefix = f"wandeng.domains.{domain}."
    return [model for model in apps.get_models() if model.__module__.startswith(prefix)]


def mentions(text: str, name: str) -> bool:
    return name in text or words_of(name) in text.lower()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = [target.split("#")[0] for target in LINK.findall(document.read_text("utf-8"))]
    local = [target for target in targets if target and "://" not in target and not target.startswith("mailto:")]
    assert [target for target in local if not (document.parent / target).exists()] == []


def test_every_make_target_is_written_down_and_every_written_one_exists() -> None:
    defined = set(re.findall(r"^([a-z][a-z-]*):.*##", read("Makefile"), re.MULTILINE))
    told = read("README.md") + read("CONTRIBUTING.md")
    written = set(re.findall(r"`make ([a-z][a-z-]*)", told)) | set(
        re.findall(r"^\s*make ([a-z-]+)", told, re.MULTILINE)
    )
    assert defined == written


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_rule_file_cites_its_source(path: Path) -> None:
    assert "citation" in set(keys(tomllib.loads(path.read_text("utf-8"))))


def keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def misplaced(text: str) -> list[str]:
    return [line for line in text.splitlines() if MACHINE_PATH.search(line) or REGISTRY.search(line)]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in files():
        try:
            lines = misplaced(path.read_text("utf-8"))
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {line.strip()}" for line in lines]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    ["cd /ro" + "ot/project/", "--index-" + "url https://example.org/simple", "https://example.org/a-1.0" + ".whl"],
)
def test_a_planted_machine_path_or_registry_is_seen(line: str) -> None:
    assert misplaced(line) == [line]


EXAMPLES = [source.path for source in product() if ">>>" in source.text]


@pytest.mark.parametrize("path", EXAMPLES)
def test_the_examples_in_the_docstrings_are_true(path: str) -> None:
    name = path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0
    assert result.failed == 0


def test_the_architecture_names_every_layer_and_domain() -> None:
    text = read("ARCHITECTURE.md")
    packages = [path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()]
    assert [name for name in [*packages, *domain_names()] if f"`{name}`" not in text] == []


def test_every_decision_record_says_what_was_rejected_and_stands_in_the_list() -> None:
    folder = ROOT / "docs" / "decisions"
    records = sorted(path for path in folder.glob("[0-9]*.md"))
    listed = (folder / "README.md").read_text("utf-8")
    assert [path.name for path in records if f"({path.name})" not in listed] == []
    assert [path.name for path in records if "## Rejected" not in path.read_text("utf-8")] == []
    numbers = [path.name[:4] for path in records]
    assert numbers == sorted(set(numbers))
