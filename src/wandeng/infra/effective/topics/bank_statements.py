"""Statements of a day (对账单) as payment providers and acquirers write them: their own form, not a layout agreed with a bank."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Group, Rows, Strict

Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,16}$")]
StatementCell = Literal["order", "trade", "what", "amount", "checked", "moment", "refund"]
"""``checked`` is what the closing lines add up where that is not ``amount``; ``refund`` is the number of a refund where it has
a column of its own, else a refund stands under ``order``."""
_NEEDED = {"order", "trade", "what", "amount"}
_DAY_PARTS = 3


class StatementColumn(Strict):
    """Where a cell stands: under a ``title`` of the line of titles, or ``width`` bytes from byte ``start`` on."""

    name: StatementCell
    title: str = ""
    start: Count = 0
    width: Count = 0


class ClosingLine(Strict):
    """What a closing line says of the payments or of the refunds: a pattern with two groups, how many and what they come to."""

    of: Literal["PAID", "REFUNDED"]
    pattern: str

    @model_validator(mode="after")
    def _can_be_sought(self) -> ClosingLine:
        if re.compile(self.pattern).groups != 2:
            raise ValueError("the pattern of a closing line has two groups: count and sum")
        return self


class Statement(Group):
    """A statement. TITLED: separated values below a line of titles, lines that begin with ``remark`` around them. FIXED: every
    line is a record. ``paid`` and ``refunded`` are the words or codes of ``what``; of which day it is stands in the file's NAME
    or in its TEXT, year, month and day in the three groups of ``day_pattern``. A provider whose day ends before midnight writes
    no moments here: its lines belong to the file's day."""

    code: Code
    name_zh: str
    form: Literal["TITLED", "FIXED"]
    amount: Literal["FEN", "YUAN"]
    delimiter: Annotated[str, Field(max_length=1)] = ""
    remark: Annotated[str, Field(max_length=4)] = ""
    columns: Rows[StatementColumn]
    paid: Rows[str]
    refunded: Rows[str]
    day_in: Literal["NAME", "TEXT"]
    day_pattern: str
    closing: Rows[ClosingLine]

    @model_validator(mode="after")
    def _can_be_read(self) -> Statement:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or _NEEDED - set(names):
            raise ValueError("a statement has order, trade, what and amount, each cell once")
        titled = self.form == "TITLED"
        if any((not column.title) if titled else (not column.width) for column in self.columns):
            raise ValueError("a column of a titled statement has its title, one of a fixed width its width")
        if titled != bool(self.delimiter) or (titled and not self.remark):
            raise ValueError("a titled statement, and only that, has a delimiter and marks its remarks")
        if re.compile(self.day_pattern).groups != _DAY_PARTS:
            raise ValueError("the pattern of the day has three groups: year, month, day")
        if set(self.paid) & set(self.refunded):
            raise ValueError("a word of 'what' is either of payments or of refunds")
        return self

    def column(self, name: StatementCell) -> StatementColumn | None:
        """Where a cell stands."""
        return next((one for one in self.columns if one.name == name), None)
