"""What is bought stands in the ledger, a correction too, and nothing is booked twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger import queries as books
from wandeng.domains.ledger.tests import make
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries as people
from wandeng.domains.organization.types import Role
from wandeng.domains.purchases import actions, queries
from wandeng.domains.purchases.types import Source
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db
AT = datetime(2026, 4, 3, 2, 0, tzinfo=UTC)
MARCH = Month(2026, 3)


@pytest.fixture
def accountant() -> Actor:
    make.unit()
    organization.add_person(code="acc", name="账务", unit_code="QY", actor=SYSTEM, at=make.AT)
    organization.appoint(
        person_code="acc", unit_code="QY", role=Role.ACCOUNTANT, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT
    )
    return people.actor_for("acc", AT.date())


def buy(actor: Actor, *, energy: int = 12_500_000, amount: int = 4_125_000, document: str = "JS-1") -> int:
    return actions.record(
        unit_code="QY", month=MARCH, source=Source.SMALL_HYDRO, supplier="白石水电站", energy_ckwh=energy,
        amount_fen=amount, document_number=document, actor=actor, at=AT,
    )  # fmt: skip


def booked(month: str = "2026-03") -> dict[str, int]:
    return books.trial_balance(unit=UnitId(1), month=month)


def test_a_purchase_is_booked_once(accountant: Actor) -> None:
    assert buy(accountant) == buy(accountant)
    assert booked() == {"PAYABLE:SMALL_HYDRO": -4_125_000, "PURCHASE:SMALL_HYDRO": 4_125_000}
    with pytest.raises(actions.AlreadyRecorded):
        buy(accountant, amount=4_125_001)


def test_a_correction_reverses_and_books_anew(accountant: Actor) -> None:
    first = buy(accountant)
    second = actions.correct(
        purchase_id=first, energy_ckwh=12_000_000, amount_fen=3_960_000, document_number="JS-1b", reason="电量有误",
        actor=accountant, at=AT,
    )  # fmt: skip
    assert booked() == {"PAYABLE:SMALL_HYDRO": -3_960_000, "PURCHASE:SMALL_HYDRO": 3_960_000}
    everywhere = Scope.everywhere()
    current = queries.purchases(everywhere, unit_path="QY/", months=(MARCH,))
    assert [(one.purchase_id, one.energy_ckwh, one.revision) for one in current] == [(second, 12_000_000, 1)]
    assert queries.purchase_rows(everywhere).count() == 2
    with pytest.raises(Conflict, match="corrected already"):
        actions.correct(
            purchase_id=first, energy_ckwh=1, amount_fen=1, document_number="x", reason="x", actor=accountant, at=AT
        )


def test_a_correction_after_the_close_goes_into_the_open_month(accountant: Actor) -> None:
    first = buy(accountant)
    ledger.close_month(unit=UnitId(1), month="2026-03", at=AT, actor=accountant)
    actions.correct(
        purchase_id=first, energy_ckwh=12_000_000, amount_fen=3_960_000, document_number="JS-1b", reason="电量有误",
        actor=accountant, at=AT,
    )  # fmt: skip
    assert booked()["PURCHASE:SMALL_HYDRO"] == 4_125_000
    assert booked("2026-04") == {"PAYABLE:SMALL_HYDRO": 165_000, "PURCHASE:SMALL_HYDRO": -165_000}


def test_only_an_accountant_records_and_nothing_impossible(accountant: Actor) -> None:
    with pytest.raises(NotAllowed):
        buy(Actor("reader", accountant.person_id, "QY/", frozenset({"METER_READER"})))
    for figures in ({"energy": -1}, {"energy": 0, "amount": 0}, {"document": " "}):
        with pytest.raises(InvalidInput):
            buy(accountant, **figures)
