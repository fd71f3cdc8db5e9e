"""The lives of what passes between us and the banks, as tables."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

BANK_AGREEMENT = StateTable(name="bank agreement", start="ACTIVE", moves={"end": ("ACTIVE", "ENDED")}, final=("ENDED",))
"""代扣协议."""

BANK_FILE = StateTable(
    name="bank file",
    start="WAITING",
    moves={
        "check": ("WAITING", "CHECKED"),
        "post": ("CHECKED", "POSTING"),
        "finish": (("POSTING", "CHECKED"), "POSTED"),
        "refuse": (("WAITING", "CHECKED"), "REFUSED"),
        "discard": (("WAITING", "CHECKED"), "DISCARDED"),
        "answer": ("MADE", "ANSWERED"),
    },
    final=("POSTED", "REFUSED", "DISCARDED", "ANSWERED"),
)
"""银行文件. A file of ours is MADE, and ANSWERED when the bank has told the fate of every row; a bank's is looked through,
then posted by a person. One that moves no money is finished as soon as it is checked."""

SUSPENSE_ITEM = StateTable(
    name="suspense item",
    start="OPEN",
    moves={
        "match": ("OPEN", "MATCHED"),
        "ask_return": ("OPEN", "RETURNING"),
        "keep": ("RETURNING", "OPEN"),
        "give_back": (("OPEN", "RETURNING"), "RETURNED"),
    },
    final=("MATCHED", "RETURNED"),
)
"""待查款. Giving back above the limit waits for a second person, who may also leave it where it is. To leave one as it is moves nothing: it stays OPEN with the day and the note of whoever looked."""

RECONCILIATION_DAY = StateTable(
    name="reconciliation day", start="OPEN", moves={"close": ("OPEN", "CLOSED")}, final=("CLOSED",)
)
"""对账日. It closes by itself when its last difference is decided."""

RECONCILIATION_ITEM = StateTable(
    name="reconciliation item",
    start="OPEN",
    moves={
        "to_suspense": ("OPEN", "TO_SUSPENSE"),
        "book": ("OPEN", "BOOKED"),
        "reverse": ("OPEN", "REVERSED"),
        "arrive": ("OPEN", "ARRIVED"),
    },
    final=("TO_SUSPENSE", "BOOKED", "REVERSED", "ARRIVED"),
)
"""对账差异. 长款 goes to suspense or to the difference account; 短款 arrives late, is booked, or its payment is reversed."""
