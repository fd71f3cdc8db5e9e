"""Cells of a bank file: what may stand in each, and the code of the complaint when something else does.

Money is read exactly or not at all. Digits of another width are read, so that the file's total can be checked, but the
row is not taken: a machine does not write them, a person who mended the file by hand does.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

_BLANKS = " \t\u00a0\u3000\ufeff\u200b"
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0080-\u009f\u2028\u2029]")
_FEN = re.compile(r"(-?)([0-9]+)")
_YUAN = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2}))?")
MOST_FEN = 10**12
"""Ten thousand million yuan: no row of ours comes near, and two million such rows still fit a 64-bit sum."""
MOST_TOTAL_FEN = 10**17
_MOST_DIGITS = 40
_DAYS = {
    "%Y%m%d": re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    "%Y-%m-%d": re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"),
}
_FIRST_YEAR = 1900
_LONGEST = {
    "kind": 16, "bank": 16, "batch": 32, "unit": 32, "serial": 32, "account_number": 20, "name": 128, "agreement": 32,
    "bank_account": 32, "pay_mode": 16, "result": 16, "reason": 128, "reference": 64,
}  # fmt: skip


def tidy(text: str) -> str:
    """Without the blanks around it, of whatever width."""
    return text.strip(_BLANKS)


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as their narrow selves."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def text_fault(name: str, text: str) -> str:
    """The complaint about a text cell, empty when there is none."""
    if len(text) > _LONGEST[name]:
        return "TOO_LONG"
    return "BAD_CHARACTERS" if _CONTROL.search(text) else ""


def amount(text: str, form: str, *, most: int = MOST_FEN) -> tuple[int | None, str]:
    """Fen and the complaint. The amount is ``None`` where it cannot be read, or lies beyond ``most``.

    >>> amount("12.50", "YUAN"), amount("1250", "FEN"), amount("-0.01", "YUAN")
    ((1250, ''), (1250, ''), (-1, ''))
    >>> amount("１２.５０", "YUAN"), amount("NaN", "YUAN"), amount("1" * 20, "FEN")
    ((1250, 'NOT_PLAIN'), (None, 'NOT_AN_AMOUNT'), (None, 'TOO_LARGE'))
    """
    thin = narrow(text)
    found = _exact(thin, form)
    if found is None:
        return None, "NOT_AN_AMOUNT"
    if abs(found) > most:
        return None, "TOO_LARGE"
    return found, "" if thin == text else "NOT_PLAIN"


def _exact(text: str, form: str) -> int | None:
    match = (_FEN if form == "FEN" else _YUAN).fullmatch(text) if len(text) <= _MOST_DIGITS else None
    if match is None:
        return None
    size = int(match[2]) if form == "FEN" else int(match[2]) * 100 + int((match[3] or "").ljust(2, "0"))
    return -size if match[1] else size


@lru_cache(maxsize=4096)
def day(text: str, form: str) -> date | None:
    """A day, ``None`` where the text is none. Kept: a file has few different days.

    >>> day("20261001", "%Y%m%d"), day("20261301", "%Y%m%d"), day("2026101", "%Y%m%d")
    (datetime.date(2026, 10, 1), None, None)
    """
    match = _DAYS[form].fullmatch(text)
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
    return found if found and found.year >= _FIRST_YEAR else None


def count(text: str) -> int | None:
    """A count of rows.

    >>> count("00012"), count("-1"), count("１")
    (12, None, None)
    """
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else None


def written_amount(fen: int, form: str) -> str:
    """An amount as a layout writes it.

    >>> written_amount(1205, "YUAN"), written_amount(1205, "FEN"), written_amount(-5, "YUAN")
    ('12.05', '1205', '-0.05')
    """
    if form == "FEN":
        return str(fen)
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
