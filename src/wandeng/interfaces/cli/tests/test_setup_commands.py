"""Accounts, parameters, words, notices, brand and indicators from the command line."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import Announcement, Person, Unit
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Role, UnitInUse
from wandeng.infra.models import Job
from wandeng.interfaces.cli import accounts, setup, terminal, work
from wandeng.interfaces.cli import indicators as figures
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import NotFound, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.staff()
    for code in ("a1", "a2"):
        actions.add_person(code=code, name=code, unit_code="BS", actor=SYSTEM, at=make.AT)
        actions.appoint(
            person_code=code, unit_code="BS", role=Role.ADMINISTRATOR, from_on=make.SINCE, actor=SYSTEM, at=make.AT
        )


def run(app: Typer, *words: str) -> str:
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def run_json(app: Typer, *words: str) -> Any:
    return json.loads(run(app, *words, "--json"))


def test_a_person_is_taken_in_given_a_password_switched_off_and_on() -> None:
    run(accounts.app, "found-unit", "BS-N", "城北供电所", "--below", "BS", "--as", "a1")
    run(accounts.app, "rename-unit", "BS-N", "城北所", "--as", "a1")
    assert Unit.objects.get(code="BS-N").name == "城北所"
    run(accounts.app, "add", "n1", "新人", "BS-N", "--as", "a1")
    password = run_json(accounts.app, "password", "n1", "--as", "a1")["password"]
    assert Person.objects.get(code="n1").check_password(password)
    run(accounts.app, "move", "n1", "BS-W", "--as", "a1")
    run(accounts.app, "deactivate", "n1", "-r", "left", "--as", "a1")
    listed = run_json(accounts.app, "list", "-u", "BS-W", "--as", "a1")
    assert {row["code"]: row["is_active"] for row in listed}["n1"] is False
    run(accounts.app, "reactivate", "n1", "--as", "a1")
    run(accounts.app, "unlock", "n1", "--as", "a1")
    assert Person.objects.get(code="n1").is_active
    assert "nobody holds two such roles" in run(accounts.app, "clashes")


def test_an_empty_unit_is_closed_and_one_that_is_not_says_why() -> None:
    run(accounts.app, "found-unit", "BS-N", "城北供电所", "--below", "BS", "--as", "a1")
    run(accounts.app, "close-unit", "BS-N", "-r", "merged", "--as", "a1")
    assert Unit.objects.get(code="BS-N").closed_on == terminal.today()
    with pytest.raises(UnitInUse):
        run(accounts.app, "close-unit", "BS", "-r", "merged", "--as", "a1")


def test_a_parameter_is_drafted_by_one_and_approved_by_another() -> None:
    value = run_json(setup.parameters, "draft", "export.rows", "5000", "-r", "less", "--as", "a1")["value_id"]
    with pytest.raises(actions.OwnDraft):
        run(setup.parameters, "approve", str(value), "--as", "a1")
    run(setup.parameters, "approve", str(value), "--as", "a2")
    assert queries.parameter_int("export.rows", terminal.today()) == 5000
    rows = {row["code"]: row for row in run_json(setup.parameters, "list")}
    assert (rows["export.rows"]["value"], rows["session.idle_minutes"]["since"]) == ("5000", "shipped")
    with pytest.raises(Refused):
        run(setup.parameters, "withdraw", str(value), "-r", "sorry", "--as", "a1")


def test_words_notices_and_the_brand_are_set() -> None:
    run(setup.dictionaries, "set", "reveal-reason", "VISIT", "上门服务", "--as", "a1")
    assert "VISIT" in {row["code"] for row in run_json(setup.dictionaries, "list", "reveal-reason")}
    notice = run_json(
        setup.announce, "draft", "演练", "周五。", "-u", "BS", "--to", "2099-01-01", "--role", "AUDITOR", "--as", "a1"
    )["notice"]
    run(setup.announce, "publish", str(notice), "--as", "a1")
    run(setup.announce, "recall", str(notice), "-r", "wrong", "--as", "a1")
    assert Announcement.objects.get().state == "RECALLED"
    assert run_json(setup.announce, "list", "--as", "a1")[0]["title"] == "演练"
    run(setup.brand, "set", "--name", "白水供电", "--colour", "brand=#0b5cad", "--as", "a1")
    shown = run_json(setup.brand, "show")
    assert (shown["name"], shown["brand"], shown["on-brand"]) == ("白水供电", "#0b5cad", "#ffffff")


def test_a_waiting_job_is_cancelled() -> None:
    job = Job.objects.create(kind="x", dedup_key="k", run_at=make.AT, created_at=make.AT)
    run(work.jobs_app, "cancel", str(job.pk), "-r", "twice", "--as", "a1")
    job.refresh_from_db()
    assert job.state == "CANCELLED"


def test_indicators_need_a_month_that_was_billed_or_one_that_is_named() -> None:
    app = Typer()
    app.command()(figures.indicators)
    with pytest.raises(NotFound):
        run(app, "--as", "head")
    rows = run_json(app, "--month", "2026-02", "--as", "head")
    assert [row["unit"] for row in rows] == ["BS-E", "BS-W", "BS"]
    assert rows[-1]["amount"] == 0
    assert date(2026, 2, 1) < terminal.today()
