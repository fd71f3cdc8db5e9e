"""Changes of supply in the county of the connections' tests: an account as home or factory, its case from the counter on, its bill."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.kits import bill_world as world
from wandeng.calc.rating.frames import BasicMethod
from wandeng.domains.billing import queries as bills
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.tests.make import actor
from wandeng.domains.cases.types import Charter, Proof
from wandeng.domains.connections.tests import make
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.network.models import UsagePoint
from wandeng.domains.organization.models import Unit
from wandeng.domains.payments import actions as payments
from wandeng.domains.payments import queries as money
from wandeng.flows.connections import finishing
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import Month

NUMBER = "2000000001"
SEPTEMBER = Month(2026, 9)
AUG1, SEP1, SEP16, OCT1 = date(2026, 8, 1), date(2026, 9, 1), date(2026, 9, 16), date(2026, 10, 1)
EVERYWHERE = Scope.everywhere()
ON_16 = datetime.fromisoformat("2026-09-16T10:00:00+08:00")
SHOWN = (cases.PHOTO, cases.SIGNATURE)


def founded(settings: Any, home: Path) -> Charter:
    """The county, its people, and the definitions in force."""
    settings.HOME = home
    pii.create_key()
    make.county()
    cases.person("accountant", "ACCOUNTANT", Unit.objects.get(code=world.UNIT))
    return Charter.current()


def home(total: dict[date, int], number: str = NUMBER) -> world.Made:
    """A home with registers by day."""
    return world.add_account(number, total=total)


def factory() -> world.Made:
    """A factory at 400 kVA by a two-part price, read on the first of September and of October."""
    terms = {"running_capacity_ckva": 400_00, "basic_method": BasicMethod.CAPACITY}
    return world.add_account(
        NUMBER, code=world.TWO_PART, total={SEP1: 0, OCT1: 300}, capacity_kva=400, terms=terms,
        registers={"peak": {SEP1: 0, OCT1: 100}, "valley": {SEP1: 0, OCT1: 100}},
    )  # fmt: skip


def asked(charter: Charter, process: str, answers: dict[str, str], *documents: str, at: datetime = make.NOW) -> str:
    """A case of the account, taken at the counter on the first of September; its number."""
    papers = documents or (() if process == "capacity_resumption" else ("IDENTITY",))
    return make.opened(charter, answers, process=process, documents=papers, account_number=NUMBER, at=at)


def finish(
    charter: Charter, number: str, step: str, role: str, *, proofs: tuple[Proof, ...] = (), **answers: str
) -> str:
    """One step by the person of a role on the 16th; the state of the case."""
    done = finishing.finish(
        number=number, step=step, actor=actor(role), at=ON_16, charter=charter, answers=answers, proofs=proofs
    )
    return done.state


def final_bill(charter: Charter, number: str) -> None:
    """The final bill is drawn up by one person and brought out by another."""
    for step, person in (("FINAL_BILL", world.MAKER), ("BILL_OUT", world.CHECKER)):
        finishing.finish(number=number, step=step, actor=person, at=ON_16, charter=charter)


def two_points() -> world.Made:
    """A home with the stairway of its house: two usage points of one account, two prices."""
    made = home({SEP1: 100})
    stairs = world.add_account("2000000002", code="demo.residential.shared", total={SEP1: 500})
    UsagePoint.objects.filter(pk=stairs.usage_point_id).update(account_id=made.account_id)
    CustomerAccount.objects.filter(pk=stairs.account_id).update(closed_on=SEP1)
    return made


def pay(number: str, amount_fen: int) -> None:
    """The customer pays cash on the 16th."""
    payments.receive(
        key=f"till:{number}:{amount_fen}", account=account_id(number), amount_fen=amount_fen, tender="CASH", channel="TILL",
        received_on=SEP16, at=ON_16, actor=actor("HALL_CLERK"),
    )  # fmt: skip


def account_id(number: str) -> AccountId:
    """The id of an account."""
    return AccountId(CustomerAccount.objects.get(account_number=number).pk)


def owed(number: str = NUMBER) -> int:
    """What an account owes on the 16th, in fen."""
    return money.standing(EVERYWHERE, number, on=SEP16).owed_fen


def amounts(number: str = NUMBER, month: Month = SEPTEMBER) -> list[str]:
    """The lines of an account's bill as arithmetic."""
    return [line.arithmetic for line in bills.explain(EVERYWHERE, account_number=number, month=month).lines]


def basic(number: str = NUMBER) -> list[str]:
    """The lines of the basic charge."""
    return [one for one in amounts(number) if " kVA × " in one]
