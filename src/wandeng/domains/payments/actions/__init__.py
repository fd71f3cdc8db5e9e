"""What people and channels do with money: take it, decide about it, hold deposits, agree on parts."""

from wandeng.domains.payments.actions.decisions import (
    DecisionKeyUsed,
    SamePerson,
    decide,
    refund,
    reverse,
    reverse_part,
    transfer,
    waive,
    write_off,
)
from wandeng.domains.payments.actions.deposits import release_deposit, take_deposit
from wandeng.domains.payments.actions.effects import (
    AlreadyReversed,
    CreditSpent,
    CreditTooSmall,
    NotOpen,
    PartTooLarge,
    WaiverTooLarge,
)
from wandeng.domains.payments.actions.plans import PlanExists, cancel_plan, make_plan, review_plans
from wandeng.domains.payments.actions.receiving import PaymentKeyUsed, debit_account, receive, settle_account

__all__ = [
    "AlreadyReversed",
    "CreditSpent",
    "CreditTooSmall",
    "DecisionKeyUsed",
    "NotOpen",
    "PartTooLarge",
    "PaymentKeyUsed",
    "PlanExists",
    "SamePerson",
    "WaiverTooLarge",
    "cancel_plan",
    "debit_account",
    "decide",
    "make_plan",
    "receive",
    "refund",
    "release_deposit",
    "reverse",
    "reverse_part",
    "review_plans",
    "settle_account",
    "take_deposit",
    "transfer",
    "waive",
    "write_off",
]
