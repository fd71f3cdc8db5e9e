"""What tests of residents need: the code that a telephone would show."""

from __future__ import annotations

from wandeng.domains.residents import codes

DIGITS = 6


def code_of(handle: str) -> str:
    """The code of a handle."""
    return codes.text_of(handle, DIGITS)
