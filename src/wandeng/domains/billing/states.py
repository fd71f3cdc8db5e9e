"""The life of a bill run, and of an exception, as tables."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

RUN = StateTable(
    name="bill run",
    start="OPEN",
    moves={
        "freeze": ("OPEN", "FROZEN"),
        "price": ("FROZEN", "PRICED"),
        "pass": ("PRICED", "CHECKED"),
        "halt": ("PRICED", "HALTED"),
        "override": ("HALTED", "CHECKED"),
        "retake": (("PRICED", "HALTED", "CHECKED", "APPROVED"), "OPEN"),
        "approve": ("CHECKED", "APPROVED"),
        "post": ("APPROVED", "POSTED"),
        "publish": ("POSTED", "PUBLISHED"),
        "discard": (("OPEN", "FROZEN", "PRICED", "HALTED", "CHECKED", "APPROVED"), "DISCARDED"),
    },
    final=("PUBLISHED", "DISCARDED"),
)
"""核算批次. ``retake`` sends a run back for accepted and mended accounts and takes an approval with it. A run whose posting
has begun cannot be discarded or retaken: the actions look at its shards."""

EXCEPTION = StateTable(
    name="bill exception",
    start="PARKED",
    moves={"accept": ("PARKED", "ACCEPTED"), "mend": ("PARKED", "MENDED")},
    final=("ACCEPTED", "MENDED"),
)
"""核算异常. ``accept``: the figure is right as it is; ``mend``: its cause has been put right and it may be priced again."""
