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

CREW = StateTable(
    name="crew",
    start="OFF",
    moves={
        "come_on": ("OFF", "FREE"),
        "go_off": ("FREE", "OFF"),
        "send": ("FREE", "ON_THE_WAY"),
        "arrive": ("ON_THE_WAY", "WORKING"),
        "go_on": ("WORKING", "ON_THE_WAY"),
        "free": (("ON_THE_WAY", "WORKING"), "FREE"),
    },
)
"""抢修队. A crew that has more than one thing in hand goes on from one to the next and is free after the last."""

INCIDENT = StateTable(
    name="repair incident",
    start="OPEN",
    moves={
        "restore": ("OPEN", "RESTORED"),
        "absorb": ("OPEN", "ABSORBED"),
        "dissolve": ("OPEN", "DISSOLVED"),
    },
    final=("RESTORED", "ABSORBED", "DISSOLVED"),
)
"""故障归并. ABSORBED: a wider one took its cases; DISSOLVED: it was none, its cases go on alone."""

DESTRUCTION = StateTable(
    name="evidence destruction",
    start="PROPOSED",
    moves={
        "approve": ("PROPOSED", "DONE"),
        "refuse": ("PROPOSED", "REFUSED"),
        "withdraw": ("PROPOSED", "WITHDRAWN"),
    },
    final=("DONE", "REFUSED", "WITHDRAWN"),
)
"""证据销毁. WITHDRAWN: whoever proposed it took it back."""

PERMIT = StateTable(
    name="work permit",
    start="DRAFT",
    moves={
        "issue": ("DRAFT", "ISSUED"),
        "close": ("ISSUED", "CLOSED"),
        "withdraw": (("DRAFT", "ISSUED"), "WITHDRAWN"),
    },
    final=("CLOSED", "WITHDRAWN"),
)
"""工作票."""
