"""Addresses of pages, many at once: a list links hundreds of rows to one route."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, get_script_prefix, reverse

_PLAIN, _DIGITS = re.compile(r"[A-Za-z0-9_.~-]+", re.ASCII), re.compile(r"[0-9]{1,18}", re.ASCII)
"""What stands in an address as it is; anything else is left to Django, which quotes it or refuses."""
_MARKS = ("9070601", "9070602", "9070603")
Shape = tuple[re.Pattern[str], tuple[str, ...]]
"""What the arguments must look like, and what stands before, between and behind them."""


def plain(route: str) -> str:
    """The address of a route without arguments, worked out once."""
    return _plain(route, get_script_prefix())


def address_of(route: str, count: int) -> Callable[[Sequence[Any]], str]:
    """A function from the ``count`` arguments of a route to its address, the same that ``reverse`` gives."""
    shape = _shape(route, count, get_script_prefix())
    if shape is None:
        return lambda arguments: reverse(route, args=arguments)
    plain, parts = shape

    def address(arguments: Sequence[Any]) -> str:
        texts = [str(one) for one in arguments]
        if not all(plain.fullmatch(text) for text in texts):
            return reverse(route, args=arguments)
        return "".join(part for pair in zip(parts, (*texts, ""), strict=True) for part in pair)

    return address


@lru_cache(maxsize=512)
def _plain(route: str, _prefix: str) -> str:
    return reverse(route)


@lru_cache(maxsize=512)
def _shape(route: str, count: int, _prefix: str) -> Shape | None:
    """``None`` for a route that wants its arguments in a shape of its own."""
    marks = _MARKS[:count]
    try:
        parts = re.split("|".join(marks), reverse(route, args=marks))
    except NoReverseMatch:
        return None
    if not marks or len(parts) != count + 1:
        return None
    try:
        reverse(route, args=[f"A{mark}-b.c_~" for mark in marks])
    except NoReverseMatch:
        return _DIGITS, tuple(parts)
    return _PLAIN, tuple(parts)
