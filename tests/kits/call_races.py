"""Calls about one fault that come in at the same moment, each in a thread of its own, and what must hold afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connections

from tests.kits import storm_world as storm
from wandeng.domains.cases import grouping
from wandeng.domains.cases.models import Case, CaseEntry, IncidentCase, RepairIncident
from wandeng.domains.cases.types import Charter
from wandeng.domains.customers.models import CustomerAccount


def together(deeds: Sequence[Callable[[], str]]) -> list[str]:
    """All at the same moment; what each came to."""
    begin = threading.Barrier(len(deeds))

    def one(deed: Callable[[], str]) -> str:
        begin.wait(timeout=60)
        try:
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def ring(
    charter: Charter, accounts: Sequence[str], at: datetime, before: Callable[[str], None] | None = None
) -> list[str]:
    """Each account rings at the same moment; the numbers of the cases. ``before`` is done by each before its call."""

    def call(account: str) -> str:
        if before:
            before(account)
        return storm.call(charter, account, at=at).number

    return together([lambda account=account: call(account) for account in accounts])


def wrongs(numbers: Sequence[str]) -> list[str]:
    """What is wrong when all these cases are to be one open incident and nothing else is."""
    found = []
    members = IncidentCase.objects.filter(case__number__in=numbers)
    incidents = set(members.values_list("incident__number", "incident__state"))
    alone = sorted(set(numbers) - set(members.values_list("case__number", flat=True)))
    if alone:
        found.append(f"alone: {alone}")
    if len(incidents) != 1 or {state for _, state in incidents} != {"OPEN"}:
        found.append(f"incidents: {sorted(incidents)}")
    for number in numbers:
        joined = CaseEntry.objects.filter(case__number=number, kind="JOINED").count()
        if joined < 1:
            found.append(f"{number} was told of no incident")
    stands = set(Case.objects.filter(number__in=numbers).values_list("step", "handler"))
    if len(stands) > 1:
        found.append(f"one fault, and its cases stand at {sorted(stands)}")
    return found


def open_levels() -> list[str]:
    return sorted(RepairIncident.objects.filter(state="OPEN").values_list("level", flat=True))


@contextmanager
def looking_early() -> Iterator[Callable[[str], None]]:
    """The planted fault: whoever groups goes by the calls that stood there when the telephone rang, and by its own. Yields
    what two callers do before they call."""
    loose, both_have_looked, seen = grouping._loose, threading.Barrier(2), threading.local()

    def look(account: str) -> None:
        row = CustomerAccount.objects.get(account_number=account)
        seen.account, seen.cases = row.pk, set(Case.objects.values_list("pk", flat=True))
        both_have_looked.wait(timeout=60)

    def stale(*given: object) -> list[Case]:
        return [one for one in loose(*given) if one.account_id == seen.account or one.pk in seen.cases]

    patch = pytest.MonkeyPatch()
    patch.setattr(grouping, "_loose", stale)
    try:
        yield look
    finally:
        patch.undo()
