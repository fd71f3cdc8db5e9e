"""What people and payments do about arrears."""

from wandeng.domains.collections.actions.cases import assign, close_for_plan, close_if_paid, mark_cut
from wandeng.domains.collections.actions.promises import promise, withdraw_promise
from wandeng.domains.collections.actions.protected import (
    approve_protection,
    end_protection,
    protect,
    refuse_protection,
)
from wandeng.domains.collections.actions.reconnection import after_payment
from wandeng.domains.collections.actions.steps import (
    Result,
    call_now,
    give_second_notice,
    record_call,
    record_result,
    settle_call,
)

__all__ = [
    "Result",
    "after_payment",
    "approve_protection",
    "assign",
    "call_now",
    "close_for_plan",
    "close_if_paid",
    "end_protection",
    "give_second_notice",
    "mark_cut",
    "promise",
    "protect",
    "record_call",
    "record_result",
    "refuse_protection",
    "settle_call",
    "withdraw_promise",
]
