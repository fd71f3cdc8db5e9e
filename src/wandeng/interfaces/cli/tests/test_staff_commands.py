from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as customer_queries
from wandeng.domains.metering.tests import make
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization.types import Role
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import contracts, people, readings
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotFound, Refused

pytestmark = pytest.mark.django_db(transaction=True)
D1, D2 = date(2025, 10, 1), date(2025, 11, 1)


def run(app: Typer, *words: str) -> str:
    """What a command prints; a refusal is raised, as the program's ``main`` catches it."""
    result = CliRunner().invoke(app, words)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def run_json(app: Typer, *words: str) -> Any:
    return json.loads(run(app, *words, "--json"))


@pytest.mark.parametrize(
    ("app", "words", "sentence"),
    [
        (readings.app, ("held",), "no readings are held"),
        (readings.app, ("show", "P1"), "no readings of P1"),
        (contracts.app, ("due",), "no agreement ends within 60 days"),
        (contracts.app, ("due", "--without"), "every open account has a signed agreement"),
        (contracts.app, ("campaign", "--from", "2026-01-01", "--to", "2026-05-01"), "nothing was signed in this time"),
        (people.contacts, ("accuracy",), "no open accounts here"),
        (people.contacts, ("to-verify",), "every contact is verified"),
        (people.people, ("units",), "no units yet: import an organization"),
        (people.people, ("posts", "bob"), "bob holds no post today"),
    ],
)
def test_an_empty_list_is_a_sentence_and_an_empty_list_as_json(
    app: Typer, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in run(app, *words)
    assert run_json(app, *words) in ([], {"days": [], "signed": 0, "waiting": 0})


def test_a_held_reading_is_listed_released_refused_and_corrected() -> None:
    make.town()
    make.record(("M1", D1, 100), ("M1", D2, 90), ("M2", D1, 100), ("M2", D2, 90))
    held = run_json(readings.app, "held", "--unit", "BS-W")
    assert [(row["asset_number"], row["reason"], row["previous_ckwh"]) for row in held] == [
        ("M1", "LOWER_THAN_LAST", 10_000),
        ("M2", "LOWER_THAN_LAST", 10_000),
    ]
    assert "待审示数 held (2)" in run(readings.app, "held")
    first, second = (str(row["reading_id"]) for row in held)
    assert run_json(readings.app, "release", first, "-r", "核实")["state"] == "ACCEPTED"
    assert run_json(readings.app, "refuse", second, "-r", "抄错")["state"] == "REFUSED"
    assert run_json(readings.app, "held") == []
    new = run_json(readings.app, "correct", first, "--total", "190.5", "-r", "看错")["reading"]
    assert make.reading("M1", D2).pk == new
    assert make.reading("M1", D2).total_ckwh == 19_050


def test_a_correction_keeps_the_registers_it_does_not_name() -> None:
    make.town()
    make.record(("M3", D1, 100, {"peak_ckwh": 4_000, "valley_ckwh": 3_000}))
    run(readings.app, "correct", str(make.reading("M3", D1).pk), "--peak", "41", "-r", "看错")
    row = make.reading("M3", D1)
    assert (row.total_ckwh, row.peak_ckwh, row.valley_ckwh) == (10_000, 4_100, 3_000)


def test_a_meter_is_exchanged_and_missing_readings_are_estimated() -> None:
    make.town()
    make.record(("M1", date(2026, 1, 1), 100), ("M1", date(2026, 2, 1), 131))
    made = run_json(readings.app, "estimate", "--on", "2026-03-01", "--unit", "BS-W")
    totals = {row["installation_id"]: row["total_ckwh"] for row in made}
    assert totals[make.installation("M1")] == 15_900  # 131 + 28 days at 1 kWh
    words = ("exchange", "P1", "M20", "--removed", "170,peak=3", "--start", "5", "--on", "2026-03-02")
    installed = run_json(readings.app, *words, "--multiplier", "40")["installation"]
    assert installed == make.installation("M20")
    assert (make.reading("M1", date(2026, 3, 2)).total_ckwh, make.reading("M20", date(2026, 3, 2)).total_ckwh) == (
        17_000,
        500,
    )


def test_contracts_are_drafted_and_signed_from_a_file(tmp_path: Path) -> None:
    make.town()
    drafted = run_json(
        contracts.app, "draft", "--missing", "--unit", "BS-W", "--from", "2025-01-01", "--to", "2031-01-01"
    )
    assert drafted == {"drafted": 4}
    file = tmp_path / "signed.csv"
    file.write_text("number,signed_on\n1001-20250101,2025-06-01\n1002-20250101,2025-06-02\nnobody,2025-06-02\n")
    assert run_json(contracts.app, "sign", "--file", str(file)) == {
        "signed": 2,
        "refused": [{"number": "nobody", "signed_on": "2025-06-02", "code": "UNKNOWN"}],
    }
    progress = run_json(contracts.app, "campaign", "--from", "2025-06-01", "--to", "2025-07-01")
    assert (progress["signed"], progress["waiting"], len(progress["days"])) == (2, 2, 2)
    run(contracts.app, "renew", "1001-20250101", "R1", "--to", "2036-01-01")
    run(contracts.app, "sign", "R1", "--on", "2025-06-03")


def test_a_late_fee_is_agreed_on_the_command_line() -> None:
    make.town()
    term = ("--from", "2025-01-01", "--to", "2031-01-01", "--account", "1001", "--number", "A1")
    with pytest.raises(InvalidInput, match="allows 1 ‰ to 3 ‰"):
        run(contracts.app, "draft", *term, "--late-fee-rate", "3.5")
    with pytest.raises(InvalidInput, match="more than 1 decimals"):
        run(contracts.app, "draft", *term, "--late-fee-rate", "1.25")
    with pytest.raises(InvalidInput, match="one customer"):
        run(contracts.app, "draft", "--missing", "--unit", "BS-W", *term[:4], "--late-fee-rate", "2")
    run(contracts.app, "draft", *term, "--late-fee-rate", "1.5")
    run(contracts.app, "sign", "A1", "--on", "2025-06-03")
    run(contracts.app, "renew", "A1", "A2", "--to", "2036-01-01")
    run(contracts.app, "sign", "A2", "--on", "2025-06-03")
    everywhere = Scope.of(SYSTEM)
    days = (date(2030, 12, 31), date(2031, 1, 1))
    rates = [customer_queries.agreed_late_fee_rate(everywhere, "1001", on) for on in days]
    assert [(one.agreement_number, one.rate_e4) for one in rates] == [("A1", 15), ("A2", 15)]


def test_a_person_sees_and_does_only_what_their_post_allows() -> None:
    make.town()
    contact = customers.add_contact(account_number="1004", phone="13812345678", actor=SYSTEM, at=make.AT)
    organization.add_person(code="wang", name="王", unit_code="BS-W", actor=SYSTEM, at=make.AT)
    run(people.people, "appoint", "wang", Role.CALL_CLERK, "BS-W", "--from", "2025-01-01")
    assert [row["role"] for row in run_json(people.people, "posts", "wang")] == ["CALL_CLERK"]
    assert run_json(people.contacts, "to-verify", "--as", "wang") == []
    with pytest.raises(NotFound):
        run(people.contacts, "reveal", str(contact), "-r", "x", "--as", "wang")
    assert "138****5678" in json.dumps(run_json(people.contacts, "to-verify"))
    assert run_json(people.contacts, "reveal", str(contact), "-r", "停电通知")["phone"] == "13812345678"
    assert Operation.objects.filter(action="contact.reveal").count() == 1
    run(people.contacts, "verify", str(contact), "RIGHT")
    east, west = run_json(people.contacts, "accuracy")
    assert (east["right"], east["accuracy_e4"]) == (1, 3333)
    assert west["accounts"] == 3  # the utility's own, under which the check meter hangs, is no fourth one
    run(people.people, "dismiss", "wang", Role.CALL_CLERK, "BS-W", "--on", "2025-02-01")
    with pytest.raises(Refused):
        run(people.contacts, "to-verify", "--as", "wang")
