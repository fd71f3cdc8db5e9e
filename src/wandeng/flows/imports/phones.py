"""Phone numbers as utilities have them: in many spellings, many of them wrong. One normal form, or a finding."""

from __future__ import annotations

import polars as pl

from wandeng.infra.imports import cells

EXPECTED = "手机号码，或带区号的固定电话 (a mobile number, or area code and number)"
_MOBILE = r"^1[3-9]\d{9}$"
_LANDLINE = r"^0[1-9]\d{1,2}[2-9]\d{6,7}$"
_SERVICE = r"^[48]00\d{7}$"
_MADE_UP = "|".join(f"{d}{{8}}" for d in range(10))
"""Eight equal digits: what people type when a form insists."""


def normal(phone: pl.Expr) -> pl.Expr:
    """Digits only, without the country code: ``+86 139-1234-5678`` → ``13912345678``; null where it is no number that
    can be called."""
    digits = (
        cells.narrow(phone)
        .str.replace_all(r"[\s\-()]", "")
        .str.replace(r"^(?:\+|00)?86(1[3-9]\d{9}|0?[1-9]\d+)$", "${1}")
    )
    callable_ = digits.str.contains(f"{_MOBILE}|{_LANDLINE}|{_SERVICE}") & ~digits.str.contains(_MADE_UP)
    return pl.when(callable_).then(digits)
