"""What a resident's own program reads by a personal token: the accounts that are held, and what is known of each."""

from __future__ import annotations

from wandeng.domains.cases.types import Charter
from wandeng.domains.residents.types import HeldAccount
from wandeng.flows import my_data
from wandeng.flows.my_data import OwnBill, OwnBillTold, OwnCase, OwnDay, OwnMonth, OwnPayment, OwnStanding, OwnSupply
from wandeng.infra.effective.library import RuleLibrary
from wandeng.interfaces.api.operations import read
from wandeng.interfaces.doorway.holding import Holding

TAG = "my"


def own_accounts(held: Holding) -> tuple[HeldAccount, ...]:
    """The accounts that the token's owner holds now."""
    return held.accounts


def own_standing(held: Holding, account_number: str, library: RuleLibrary) -> OwnStanding:
    """What the account owes or has to its credit, and its last bill."""
    return my_data.standing(held.account(account_number).account_number, at=held.now, library=library)


def own_bills(held: Holding, account_number: str) -> tuple[OwnBill, ...]:
    """Bills of three years, the newest first."""
    return my_data.bills(held.account(account_number).account_number, at=held.now)


def own_bill(held: Holding, account_number: str, bill: int) -> OwnBillTold:
    """A bill in plain words, with its lines."""
    return my_data.bill(held.account(account_number).account_number, bill, at=held.now)


def own_payments(held: Holding, account_number: str) -> tuple[OwnPayment, ...]:
    """What was paid, the newest first."""
    return my_data.payments(held.account(account_number).account_number)


def own_months(held: Holding, account_number: str) -> tuple[OwnMonth, ...]:
    """What was billed, month by month, the newest first."""
    return my_data.months(held.account(account_number).account_number, at=held.now)


def own_days(held: Holding, account_number: str) -> tuple[OwnDay, ...]:
    """Energy by day where the meter tells, the newest first."""
    return my_data.days(held.account(account_number).account_number, at=held.now)


def own_cases(held: Holding, account_number: str, charter: Charter) -> tuple[OwnCase, ...]:
    """What was asked about the account and where it stands, open ones first."""
    return my_data.cases(held.account(account_number).account_number, charter=charter)


def own_supply(held: Holding, account_number: str, library: RuleLibrary) -> tuple[OwnSupply, ...]:
    """Supply now and planned at each place that feeds the account."""
    return my_data.supply(held.account(account_number).account_number, at=held.now, library=library)


_ONE = "/my/accounts/{account_number}"
read("/my/accounts", own_accounts, name="my-accounts", like="my:accounts", tag=TAG, about="我的户号 accounts you hold")
read(_ONE, own_standing, name="my-standing", like="my:account", tag=TAG, about="我的余额 what your account owes")
read(f"{_ONE}/bills", own_bills, name="my-bills", like="my:bills", tag=TAG, about="我的电费 your bills")
read(f"{_ONE}/bills/{{int:bill}}", own_bill, name="my-bill", like="my:bill", tag=TAG, about="我的一张电费单 one bill")
read(f"{_ONE}/payments", own_payments, name="my-payments", like="my:payments", tag=TAG, about="我的缴费 your payments")
read(f"{_ONE}/usage/months", own_months, name="my-months", like="my:usage", tag=TAG, about="我的月电量 usage by month")
read(f"{_ONE}/usage/days", own_days, name="my-days", like="my:usage", tag=TAG, about="我的日电量 usage by day")
read(f"{_ONE}/cases", own_cases, name="my-cases", like="my:cases", tag=TAG, about="我的办理进度 your requests")
read(
    f"{_ONE}/supply", own_supply, name="my-supply", like="my:account", tag=TAG, about="我的供电 supply now and planned"
)
