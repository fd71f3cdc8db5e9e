"""Passwords and tokens from the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from wandeng.domains.organization import queries
from wandeng.domains.organization.models import Person
from wandeng.domains.organization.tests import make
from wandeng.interfaces.cli.main import app
from wandeng.interfaces.cli.terminal import now
from wandeng.kernel.errors import NotFound

GOOD = "yunhe-Qiao-1987"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.staff()


def test_a_password_is_asked_for_twice_and_must_be_changed() -> None:
    done = CliRunner().invoke(app, ["people", "set-password", "head"], input=f"{GOOD}\n{GOOD}\n")
    assert done.exit_code == 0, done.output
    assert GOOD not in done.output
    person = Person.objects.get(code="head")
    assert person.check_password(GOOD)
    assert person.must_change_password


def test_a_weak_password_is_refused_with_its_reasons() -> None:
    done = CliRunner().invoke(app, ["people", "set-password", "head", "--password", "123"])
    assert "10" in str(done.exception)
    assert not Person.objects.get(code="head").has_usable_password()


def test_a_token_is_issued_and_opens_the_api() -> None:
    done = CliRunner().invoke(app, ["people", "token", "head", "--label", "报表", "--json"])
    holder = queries.holder_of(json.loads(done.output)["token"], now=now())
    assert holder is not None
    assert (holder.person_code, holder.may_write) == ("head", False)


def test_a_token_for_nobody_is_refused() -> None:
    done = CliRunner().invoke(app, ["people", "token", "nobody", "--label", "x"])
    assert isinstance(done.exception, NotFound)
