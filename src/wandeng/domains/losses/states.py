"""The lives of a followed-up area and of a lead."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

WORK = StateTable(
    name="loss work",
    start="OPEN",
    moves={
        "take": (("OPEN", "TAKEN"), "TAKEN"),
        "find": (("OPEN", "TAKEN"), "FOUND"),
        "finish": ("FOUND", "DONE"),
        "look_again": ("FOUND", "TAKEN"),
    },
    final=("DONE",),
)
"""线损治理: OPEN 待分析, TAKEN 分析中, FOUND 已查明, DONE 已治理."""

LEAD = StateTable(
    name="loss lead",
    start="NEW",
    moves={
        "open_case": ("NEW", "IN_CASE"),
        "confirm": ("IN_CASE", "CONFIRMED"),
        "wiring": ("IN_CASE", "WIRING"),
        "relation": ("IN_CASE", "RELATION"),
        "nothing": ("IN_CASE", "NOTHING_FOUND"),
    },
    final=("CONFIRMED", "WIRING", "RELATION", "NOTHING_FOUND"),
)
"""线索: NEW 待核查, IN_CASE 核查中; then what was found on site: 属实, 接线错误, 户变关系错误, 未发现问题."""
