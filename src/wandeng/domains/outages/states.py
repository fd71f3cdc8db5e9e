"""The life of an outage plan and of its versions, as a dispatcher could read them."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

PLAN = StateTable(
    name="planned outage",
    start="DRAFT",
    moves={
        "submit": ("DRAFT", "SUBMITTED"),
        "approve": ("SUBMITTED", "APPROVED"),
        "send_back": ("SUBMITTED", "REFUSED"),
        "edit": (("DRAFT", "SUBMITTED", "APPROVED", "REFUSED"), "DRAFT"),
        "publish": ("APPROVED", "PUBLISHED"),
        "start": ("PUBLISHED", "RUNNING"),
        "end": ("RUNNING", "DONE"),
        "cancel": (("DRAFT", "SUBMITTED", "APPROVED", "REFUSED", "PUBLISHED"), "CANCELED"),
    },
    final=("DONE", "CANCELED"),
)
"""停电计划. A change of a published plan moves nothing here: it is a proposed version until it is approved."""

VERSION = StateTable(
    name="version of a planned outage",
    start="PROPOSED",
    moves={
        "stand": ("PROPOSED", "STANDS"),
        "refuse": ("PROPOSED", "REFUSED"),
        "withdraw": ("PROPOSED", "WITHDRAWN"),
        "replace": ("STANDS", "REPLACED"),
    },
    final=("REFUSED", "WITHDRAWN", "REPLACED"),
)
"""停电计划版本. At most one is proposed and exactly one stands."""

MONTH = StateTable(
    name="month plan",
    start="OPEN",
    moves={"adopt": ("OPEN", "ADOPTED"), "reopen": ("ADOPTED", "OPEN")},
)
"""月度停电计划."""

SOLUTION = StateTable(
    name="solution of a month plan",
    start="QUEUED",
    moves={
        "begin": (("QUEUED", "SOLVING"), "SOLVING"),
        "solve": ("SOLVING", "SOLVED"),
        "fail": (("QUEUED", "SOLVING"), "FAILED"),
    },
    final=("SOLVED", "FAILED"),
)
"""月度计划方案. A search that was killed begins again."""

CALL = StateTable(
    name="call to an important user",
    start="TO_CALL",
    moves={"confirm": ("TO_CALL", "CONFIRMED"), "drop": ("TO_CALL", "DROPPED")},
    final=("CONFIRMED", "DROPPED"),
)
"""重要用户告知. A call that nobody answered stays to be made; one that a newer telling replaces is dropped."""
