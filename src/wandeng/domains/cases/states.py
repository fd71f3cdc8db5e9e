"""The life of a case and of a call-back. Where an open case stands is its step, told from its entries, and no state."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

CASE = StateTable(
    name="case",
    start="OPEN",
    moves={
        "finish": ("OPEN", "FINISHED"),
        "close": ("FINISHED", "CLOSED"),
        "reopen": (("FINISHED", "CLOSED"), "OPEN"),
        "merge": ("OPEN", "MERGED"),
        "withdraw": ("OPEN", "WITHDRAWN"),
    },
    final=("MERGED", "WITHDRAWN"),
)
"""工单. FINISHED: all steps are done and the customer is still to be asked. A closed case can be opened again."""

CALL_BACK = StateTable(
    name="call-back",
    start="WANTED",
    moves={
        "satisfied": ("WANTED", "SATISFIED"),
        "dissatisfied": ("WANTED", "DISSATISFIED"),
        "give_up": ("WANTED", "UNREACHED"),
    },
    final=("SATISFIED", "DISSATISFIED", "UNREACHED"),
)
"""回访."""
