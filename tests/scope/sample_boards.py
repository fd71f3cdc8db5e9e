"""What the tests of scope give to the routes of community boards."""

from __future__ import annotations

from typing import Any

NAMES: dict[str, dict[str, str]] = {
    "board-put-up": {"area": "T-{unit}"},
    **{f"board-{verb}": {"board": "{board}"} for verb in ("keeper", "withdraw")},
    **{f"console:board{page}": {"board": "{board}"} for page in ("", "-act")},
    "console:service-card": {"code": "hall-w"},
}
BODIES: dict[str, dict[str, Any]] = {
    "board-put-up": {"is_public": False},
    "board-put-up-community": {"community": "x", "is_public": False},
    "board-put-up-all": {"is_public": False},
    "board-arrears": {"is_shown": True},
    "board-keeper": {"person": ""},
}
SAME: dict[str, dict[str, Any]] = {
    "console:board-act": {"verb": "withdraw"},
    "console:boards-do": {"verb": "area"},
    "console:appointments-act": {"verb": "keep"},
    **{
        f"console:{area}-act": {"verb": verb}
        for area, verb in (("switching", "void"), ("voltage", "drop"), ("hall", "take"), ("outlet", "close"))
    },
}
