"""``wandeng knowledge`` and ``wandeng standard``: installed, found, written, approved by a second person, reviewed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wandeng.domains.customers.tests import make
from wandeng.domains.knowledge.models import ArticleVersion, Standard
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization.models import Unit
from wandeng.domains.organization.types import Role
from wandeng.interfaces.cli.main import app
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
TEXT = 'code = "new-one"\ntitle = "抄表日"\ntext = "固定的抄表日。"\nkeywords = ["例日"]\n'


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output + repr(result.exception)
    return result.output


@pytest.fixture(autouse=True)
def _people() -> None:
    make.accounts()
    now = datetime.now(UTC)
    for code in ("boss", "chief"):
        organization.add_person(code=code, name="某", unit_code="BS", actor=SYSTEM, at=now)
        organization.appoint(
            person_code=code, unit_code="BS", role=Role.COUNTY_MANAGER, from_on=date(2026, 1, 1), actor=SYSTEM, at=now
        )


def test_what_is_installed_is_found_and_shown() -> None:
    assert "installed" in run("knowledge", "install")
    found = json.loads(run("knowledge", "search", "jtdj", "--json"))
    assert found[0]["code"] == "residential-tiers"
    assert "三档计价" in run("knowledge", "show", "residential-tiers")


def test_a_file_becomes_an_article_by_two_persons(tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    file.write_text(TEXT, encoding="utf-8")
    run("knowledge", "draft", str(file), "--from", "2099-01-01", "--as", "boss")
    version = ArticleVersion.objects.get()
    (waiting,) = json.loads(run("knowledge", "drafts", "--json"))
    assert (waiting["id"], waiting["code"]) == (version.pk, "new-one")
    assert CliRunner().invoke(app, ["knowledge", "approve", str(version.pk), "--as", "boss"]).exit_code != 0
    run("knowledge", "approve", str(version.pk), "--as", "chief")
    version.refresh_from_db()
    assert (version.state, version.approved_by) == ("APPROVED", "chief")
    file.write_text("title = 1", encoding="utf-8")
    assert CliRunner().invoke(app, ["knowledge", "draft", str(file), "--from", "2099-01-01"]).exit_code != 0


def test_what_is_due_is_listed_until_it_was_reviewed() -> None:
    unit = Unit.objects.get(code="BS-W")
    Standard.objects.create(
        id=1, code="Q/1", title="标准", kind="WORK", unit=unit, status="IN_FORCE", review_on=date(2026, 1, 1)
    )
    (due,) = json.loads(run("standard", "due", "--json"))
    assert due["code"] == "Q/1"
    run("standard", "review", "Q/1", "KEPT", "--next", "2099-01-01", "--as", "boss")
    assert json.loads(run("standard", "due", "--json")) == []
    assert [row["review_on"] for row in json.loads(run("standard", "list", "--json"))] == ["2099-01-01"]
