"""Residents of a demonstration: some accounts held at the portal, one that owes, one that reported a fault."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wandeng.domains.cases.types import Charter
from wandeng.domains.customers.actions import contacts
from wandeng.domains.customers.types import Verdict
from wandeng.domains.payments import queries as payments
from wandeng.domains.residents import actions, queries
from wandeng.flows import fault_reports
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway.demo_residents import BEHIND, DARK, ELDER, FAMILY, DemoResident
from wandeng.kernel.actors import SYSTEM, Actor

EVERYWHERE = Scope.everywhere()
PORTAL = Actor("portal", roles=frozenset({"ADMINISTRATOR"}))
NO_POWER = "家里全部没电，邻居有电"


def leave_residents(samples: Mapping[str, str], now: datetime, library: RuleLibrary) -> int:
    """Each of the demonstration's residents with an account of their own, by the ordinary ways; returns how many bindings
    there are. ``samples``: kind of contract → account number. Done once."""
    if not queries.binding_rows(EVERYWHERE).exists():
        for who, accounts in (
            (FAMILY, [samples["home"], samples["home_tou"]]),
            (BEHIND, [_behind(set(samples.values()))]),
            (DARK, [samples["home_large"]]),
            (ELDER, [samples["home_granted"]]),
        ):
            _join(who, [one for one in accounts if one], now, library)
        fault_reports.report(
            account=samples["home_large"], phone=DARK.phone, channel="PORTAL", situation=NO_POWER, actor=PORTAL, at=now,
            charter=Charter.current(),
        )  # fmt: skip
    return queries.binding_rows(EVERYWHERE).count()


def _behind(others: set[str]) -> str:
    """A home that owes most; empty for none."""
    rows = payments.receivable_rows(EVERYWHERE).filter(customer_class="RESIDENTIAL").order_by("-open_fen")
    return next((one["account_number"] for one in rows[:50] if one["account_number"] not in others), "")


def _join(who: DemoResident, accounts: list[str], now: datetime, library: RuleLibrary) -> None:
    """Log in by the code that the page of a demonstration shows, and bind the accounts."""
    asked = actions.ask_login_code(phone=who.phone, address="", at=now, library=library)
    code = queries.demo_code(asked.handle, now=now, library=library)
    held = actions.log_in(handle=asked.handle, code=code, at=now, library=library)
    actions.end_sessions(resident_id=held.resident_id, actor=SYSTEM, at=now, reason="演示数据")
    for number in accounts:
        contact = contacts.add_contact(
            account_number=number, phone=who.phone, name="家人", is_primary=False, actor=SYSTEM, at=now
        )
        contacts.verify_contact(contact_id=contact, verdict=Verdict.RIGHT, actor=SYSTEM, at=now, reason="演示数据")
        actions.bind_own(resident_id=held.resident_id, account_number=number, at=now, library=library)
