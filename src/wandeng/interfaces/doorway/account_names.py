"""What a ledger account is called: by its own name, by the item of the bill it earns, or by its family and its part."""

from __future__ import annotations

from functools import cache

from django.utils.translation import get_language

from wandeng.domains.tariffs.frames import charges
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.words import ledger as words


@cache
def _items() -> dict[str, tuple[str, str]]:
    return {item.code: (item.name_zh, item.name_en) for item in charges.bill_items(rulebook.library())}


def account_name(ledger_account: str) -> str:
    """``FUND:rural_grid_loan`` → 农网还贷资金; a name that nobody knows stays as it is."""
    if ledger_account in words.ACCOUNTS:
        return str(words.ACCOUNTS[ledger_account])
    family, _colon, part = ledger_account.partition(":")
    if part in _items():
        return _items()[part][(get_language() or "").startswith("en")]
    if family in words.FAMILIES:
        return f"{words.FAMILIES[family]} {words.SOURCES.get(part, part)}"
    return ledger_account
