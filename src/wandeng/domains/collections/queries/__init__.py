"""What people ask about arrears: the board, one case, promises, protections, and whether an account may be cut."""

from wandeng.domains.collections.queries.board import (
    case_rows,
    figures,
    promise_rows,
    promised_fen,
    protected_rows,
    task_rows,
)
from wandeng.domains.collections.queries.cases import case, case_of_account, protection, step_task
from wandeng.domains.collections.queries.eligibility import chain_of, may_be_cut
from wandeng.domains.collections.queries.ladder import LadderShown, ladder
from wandeng.domains.collections.queries.orders import (
    field_tasks,
    halts,
    instruction_text,
    is_off,
    live_accounts,
    order,
    order_rows,
    receipt_rows,
    reconnection,
    reconnection_rows,
    waiting,
)
from wandeng.domains.collections.queries.quarter import quarter, quarter_of, quotas
from wandeng.domains.collections.rules import calendar_around, dunning_rule

__all__ = [
    "LadderShown",
    "calendar_around",
    "case",
    "case_of_account",
    "case_rows",
    "chain_of",
    "dunning_rule",
    "field_tasks",
    "figures",
    "halts",
    "instruction_text",
    "is_off",
    "ladder",
    "live_accounts",
    "may_be_cut",
    "order",
    "order_rows",
    "promise_rows",
    "promised_fen",
    "protected_rows",
    "protection",
    "quarter",
    "quarter_of",
    "quotas",
    "receipt_rows",
    "reconnection",
    "reconnection_rows",
    "step_task",
    "task_rows",
    "waiting",
]
