"""Payments, what accounts owe, and decisions about money."""

from __future__ import annotations

from datetime import date, datetime

from wandeng.domains.payments import queries
from wandeng.domains.payments.types import Receipt
from wandeng.flows import account_money
from wandeng.flows import payments as flow
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor

_TAG = "payments"
_ACCOUNT = "/accounts/{account_number}"


def take(
    *, key: str, account_number: str, amount_fen: int, tender: str, channel: str, received_on: date, payer: str = "",
    actor: Actor, at: datetime,
) -> Receipt:  # fmt: skip
    """Take a payment, once by ``key``: bills and late fees by the dated rule, the rest is credit."""
    return flow.take(
        key=key, account_number=account_number, amount_fen=amount_fen, tender=tender, channel=channel,
        received_on=received_on, payer=payer, actor=actor, at=at,
    )  # fmt: skip


read(f"{_ACCOUNT}/standing", queries.standing, name="account-standing", like="console:payments-account", tag=_TAG,
     about="账款 what an account owes and has in advance, with late fees to a day")  # fmt: skip
write(f"{_ACCOUNT}/payments/take", take, name="payment-take", like="console:payments-account", tag=_TAG,
      about="收费 take a payment, once by key")  # fmt: skip
read("/payments/{payment_id}", queries.shown, name="payment", like="console:payments-payment", tag=_TAG,
     about="收费记录 a payment and what it settled")  # fmt: skip
write("/payments/{payment_id}/reverse", account_money.reverse, name="payment-reverse",
      like="console:payments-payment-reverse", tag=_TAG, about="冲正 reverse, or ask a second person to")  # fmt: skip
write(f"{_ACCOUNT}/refund", account_money.refund, name="account-refund", like="console:payments-account-refund",
      tag=_TAG, about="退费 pay credit back")  # fmt: skip
write(f"{_ACCOUNT}/waive", account_money.waive, name="account-waive", like="console:payments-account-waive", tag=_TAG,
      about="违约金减免 waive late fee of a bill")  # fmt: skip
write(f"{_ACCOUNT}/write-off", account_money.write_off, name="account-write-off",
      like="console:payments-account-write-off", tag=_TAG, about="坏账核销 give up what is open of a bill")  # fmt: skip
write(f"{_ACCOUNT}/transfer", account_money.transfer, name="account-transfer", like="console:payments-account-transfer",
      tag=_TAG, about="预收转账 move credit to another account of the customer")  # fmt: skip
write(f"{_ACCOUNT}/deposit", account_money.take_deposit, name="account-deposit",
      like="console:payments-account-deposit", tag=_TAG, about="收电费保证金 take a deposit")  # fmt: skip
write(f"{_ACCOUNT}/release-deposit", account_money.release_deposit, name="account-release-deposit",
      like="console:payments-account-release", tag=_TAG, about="退还保证金 give a deposit to the credit")  # fmt: skip
write(f"{_ACCOUNT}/plan", account_money.make_plan, name="account-plan", like="console:payments-account-plan", tag=_TAG,
      about="分期付款 agree on instalments")  # fmt: skip
read(f"{_ACCOUNT}/plans", queries.plans_of, name="account-plans", like="console:payments-account", tag=_TAG,
     about="分期付款协议 the plans of an account")  # fmt: skip
write("/plans/{plan_id}/cancel", account_money.cancel_plan, name="plan-cancel", like="console:payments-plan-cancel",
      tag=_TAG, about="终止分期 end a plan")  # fmt: skip
read("/payment-decisions/{decision_id}", queries.decision, name="payment-decision", like="console:payments-decision",
     tag=_TAG, about="账务处理 a decision about money")  # fmt: skip
write("/payment-decisions/{decision_id}/decide", account_money.decide, name="payment-decision-decide",
      like="console:payments-decision-decide", tag=_TAG, about="复核 agree as the second person, or reject")  # fmt: skip
