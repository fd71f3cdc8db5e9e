"""A hall with its clerks, and minutes of a morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wandeng.domains.halls import actions
from wandeng.domains.halls.actions import TicketWanted
from wandeng.kernel.actors import Actor

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Nine o'clock of a Monday in Shanghai."""
HALL = "P0"
CLERK = Actor("hall", unit_path="BS/BS-W/", roles=frozenset({"HALL_CLERK"}))
SECOND = Actor("hall-2", unit_path="BS/BS-W/", roles=frozenset({"HALL_CLERK"}))
EAST = Actor("east", unit_path="BS/BS-E/", roles=frozenset({"HALL_CLERK"}))
CALLS = Actor("calls", unit_path="BS/", roles=frozenset({"CALL_CLERK"}))


def minute(after: int) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=after)


def taken(after: int, priority: str = "", purpose: str = "PAY", *, due: int | None = None, account: str = "") -> int:
    """A number taken so many minutes after nine; ``due``: for an appointment at that minute."""
    wanted = TicketWanted(
        purpose, priority, account_number=account, appointment="YY1" if due is not None else "",
        due_at=minute(due) if due is not None else None,
    )  # fmt: skip
    return actions.take(outlet_code=HALL, wanted=wanted, actor=CLERK, at=minute(after))


def opened(counter: str = "3", clerk: Actor = CLERK, *, accessible: bool = False) -> None:
    """A counter that is open since nine."""
    actions.open_counter(outlet_code=HALL, counter=counter, is_accessible=accessible, actor=clerk, at=NINE)


def called(after: int, counter: str = "3", clerk: Actor = CLERK) -> tuple[str, str]:
    """The next called so many minutes after nine, and served at once: its label, and why."""
    found = actions.call_next(outlet_code=HALL, counter=counter, actor=clerk, at=minute(after))
    actions.done(ticket=found.ticket.id, actor=clerk, at=minute(after))
    return found.ticket.label, found.why.value
