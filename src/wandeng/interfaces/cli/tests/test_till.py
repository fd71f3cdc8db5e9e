"""``wandeng till``: a day at the desk from the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wandeng.domains.organization import actions as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.models import Payment
from wandeng.domains.payments.tests import make
from wandeng.interfaces.cli import till
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db
AS = {"hall": Role.HALL_CLERK, "account2": Role.ACCOUNTANT}


@pytest.fixture(autouse=True)
def county() -> None:
    make.bill(make.accounts()[make.MILL], "2026-02", 88_88, date(2099, 1, 1))
    for code, role in AS.items():
        organization.add_person(code=code, name=f"人员{code}", unit_code="BS", actor=SYSTEM, at=make.AT)
        organization.appoint(person_code=code, unit_code="BS", role=role, from_on=date(2026, 1, 1), actor=SYSTEM,
                             at=make.AT)  # fmt: skip


def run(*arguments: str, as_person: str = "hall") -> str:
    done = CliRunner().invoke(till.app, [*arguments, "--as", as_person], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def told(*arguments: str, as_person: str = "hall") -> dict[str, object]:
    found: dict[str, object] = json.loads(run(*arguments, "--json", as_person=as_person))
    return found


def test_a_day_at_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", "BS-1", "一号台", "--unit", "BS", as_person="account2")
    assert "一号台" in run("list")
    session = str(told("open", "BS-1", "--float", "100")["session"])
    first = told("take", session, "1003", "88.88", "--tendered", "90", "--key", "k1")
    again = told("take", session, "1003", "88.88", "--tendered", "90", "--key", "k1")
    assert (first["change_fen"], again["is_repeat"], Payment.objects.count()) == (112, True, 1)
    number = str(first["receipt_number"])
    assert number == f"BS-{datetime.now(UTC).year}-0000001"
    paper = tmp_path / "r.pdf"
    shown = told("receipt", number, "--pdf", str(paper))
    assert paper.read_bytes().startswith(b"%PDF")
    run("receipt", number, "--check", str(shown["check_code"]).lower())
    with pytest.raises(InvalidInput, match="is not the code"):
        run("receipt", number, "--check", "0")
    run("void", number, "--reason", "收错户")
    assert "作废" in run("receipt", number)
    assert told("take", session, "1003", "50", "--purpose", "part", "--tender", "qr")["owed_fen_after"] == 38_88
    # 90.00 in the drawer, 100.00 expected
    closed = told("close", session, "--cash", "50=1", "--cash", "20=2", "--slips", "QR=50", "--deposit-number", "J",
                  "--reason", "少十元")  # fmt: skip
    assert closed["state"] == "COUNTED"
    with pytest.raises(NotAllowed):
        run("confirm", session, "--reason", "看过")
    run("confirm", session, "--send-back", "--reason", "重点", as_person="account2")
    assert told("close", session, "--cash", "50=2", "--slips", "QR=50")["state"] == "CLOSED"
    monkeypatch.setenv("COLUMNS", "200")
    assert session in run("sessions")


@pytest.mark.parametrize("pieces", ["100", "100=x", "=1"])
def test_what_is_counted_is_written_face_and_pieces(pieces: str) -> None:
    run("add", "BS-1", "一号台", "--unit", "BS", as_person="account2")
    session = str(told("open", "BS-1")["session"])
    with pytest.raises(InvalidInput):
        run("close", session, "--cash", pieces)
