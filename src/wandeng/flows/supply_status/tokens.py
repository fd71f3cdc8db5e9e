"""Names of feeders and areas in what anybody may read: keyed codes that tell nothing.

An area has two: one for whoever came by an account or a telephone, one for whoever came by a place. The list of places names
the second kind only, so that nobody reads from the first where somebody lives.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wandeng.infra import pii

LENGTH = 16
_SHAPE = re.compile(f"[0-9a-f]{{{LENGTH}}}")


def feeders(ids: Iterable[int]) -> list[str]:
    """Tokens of feeders: names of the published files."""
    return _tokens(map(str, ids), "feeder")


def areas_by_account(ids: Iterable[int]) -> list[str]:
    """Tokens of areas for those who asked by account or telephone."""
    return _tokens(map(str, ids), "account")


def areas_by_place(ids: Iterable[int]) -> list[str]:
    """Tokens of areas for those who chose a place."""
    return _tokens(map(str, ids), "place")


def units(codes: Iterable[str]) -> list[str]:
    """Tokens of units: names of the published lists of places."""
    return _tokens(codes, "unit")


def of_nobody(asked: str) -> str:
    """The token of an area that is none: what an unknown account is answered with, always the same."""
    return _tokens([asked], "nobody")[0]


def is_token(text: str) -> bool:
    """Whether a text of an address has the shape of a token: it becomes the name of a file."""
    return _SHAPE.fullmatch(text) is not None


def _tokens(values: Iterable[str], kind: str) -> list[str]:
    return [one[:LENGTH] for one in pii.index_many(values, column=f"supply_status.{kind}")]
