"""What people ask about arrears: the board, one case, promises, protections, and whether an account may be cut."""

from wandeng.domains.collections.queries.board import case_rows, figures, promise_rows, protected_rows, task_rows
from wandeng.domains.collections.queries.cases import case, case_of_account, protection, step_task
from wandeng.domains.collections.queries.eligibility import may_be_cut
from wandeng.domains.collections.queries.ladder import LadderShown, ladder
from wandeng.domains.collections.rules import calendar_around, dunning_rule

__all__ = [
    "LadderShown",
    "calendar_around",
    "case",
    "case_of_account",
    "case_rows",
    "dunning_rule",
    "figures",
    "ladder",
    "may_be_cut",
    "promise_rows",
    "protected_rows",
    "protection",
    "step_task",
    "task_rows",
]
