"""Readers of the dated rules that the ledger follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from wandeng.domains.ledger.types import Heading
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.books import ChartOfAccounts
from wandeng.kernel.errors import InvalidInput

TERRITORY = "national"


def headings(library: RuleLibrary, *, on: date) -> Callable[[str], Heading]:
    """What finds the heading (会计科目) of a ledger account on a day: the account's own, or its family's.

    Raises ``NoRuleInForce``; what it returns raises :class:`InvalidInput` for an account that stands under none.
    """
    version = library.version(ChartOfAccounts, on=on, territory=TERRITORY)
    known = {one.family: Heading(one.code, one.name_zh, one.name_en, one.root) for one in version.body.headings}

    def heading_of(ledger_account: str) -> Heading:
        found = known.get(ledger_account) or known.get(ledger_account.partition(":")[0])
        if found is None:
            raise InvalidInput(f"ledger account {ledger_account} stands under no heading in {version.path}")
        return found

    return heading_of
