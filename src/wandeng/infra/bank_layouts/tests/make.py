"""Bank files written as a bank would, and spoilt as they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from wandeng.infra.bank_layouts import writing
from wandeng.infra.bank_layouts.reading import Heading
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics.bank_files import BankFiles, BankLayout

DAY = date(2026, 10, 1)


@cache
def rules() -> BankFiles:
    """The bank files of the demonstration county."""
    return RuleLibrary.load(default_root()).version(BankFiles, on=DAY, territory="demo").body


def layout(code: str) -> BankLayout:
    """One layout that ships."""
    return next(one for one in rules().layouts if one.code == code)


def rows(count: int, *, first: int = 1) -> list[dict[str, Any]]:
    """Row ``i`` is worth ``i`` yuan."""
    return [
        {"serial": f"{i:08d}", "account_number": f"{4300000000000 + i}", "name": f"张三{i}", "amount": i * 100, "day": DAY,
         "result": "00", "pay_mode": "110", "reference": f"R{i}"}
        for i in range(first, first + count)
    ]  # fmt: skip


def file(
    code: str,
    given: Iterable[Mapping[str, Any]],
    *,
    kind: str = "21",
    bank: str = "102",
    batch: str = "B1",
    count: int | None = None,
    total: int | None = None,
) -> bytes:
    """A file; ``count`` and ``total`` where it shall lie about them."""
    listed = list(given)
    right = sum(row["amount"] for row in listed)
    heading = Heading(
        kind, bank, batch, "", DAY, len(listed) if count is None else count, right if total is None else total
    )
    return writing.write(layout(code), heading, listed)
