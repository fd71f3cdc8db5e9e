"""The types that operations take: bounded, so that no text and no number of a caller reaches a database that cannot
hold it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field

LARGEST = 10**15


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("text without the NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("text that is valid Unicode") from None
    return text


def _of_our_time(moment: datetime) -> datetime:
    if not 1950 <= moment.year < 9000:
        raise ValueError("a moment from 1950 to 9000")
    return moment


class Base64(str):
    """The bytes of a file as text; larger files come as forms."""


LongestBase64 = Annotated[str, Field(max_length=2_400_000, pattern=r"^[A-Za-z0-9+/=\s]*$")]
SafeStr = Annotated[str, Field(max_length=2_000), AfterValidator(_storable)]
"""Text of at most 2,000 characters, without NUL and without halves of characters."""
Code = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_storable)]
"""A code: 户号, run number, unit code."""
Reason = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_storable)]
BigInt = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
"""A number that fits a column, and whose products do."""
Fen = BigInt
PageLimit = Annotated[int, Field(ge=1, le=500, description="how many rows at most")]
PageStart = Annotated[int, Field(ge=0, le=10_000_000, description="how many rows are passed over")]
Cursor = Annotated[str, Field(max_length=512, description="`next` of the answer before"), AfterValidator(_storable)]
Day = Annotated[date, Field(ge=date(1949, 10, 1), le=date(9000, 1, 1))]
Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
"""An instant with its offset from UTC."""
MonthText = Annotated[str, Field(pattern=r"^(19[5-9]\d|2\d{3})-(0[1-9]|1[0-2])$", examples=["2026-10"])]

Body = dict[str, Any]
