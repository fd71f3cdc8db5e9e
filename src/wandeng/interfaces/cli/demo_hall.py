"""What a demonstration shows of halls: a morning of yesterday at one hall, and the half hour until now with some who still wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from wandeng.domains.halls import actions, queries
from wandeng.domains.halls.actions import TicketWanted
from wandeng.domains.halls.types import NobodyWaits, TicketPriority, TicketPurpose
from wandeng.domains.organization import queries as organization
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
PURPOSES = [str(one) for one in (*[TicketPurpose.PAY] * 5, *[TicketPurpose.BUSINESS] * 3, *TicketPurpose)]
PRIORITIES = ["", *[""] * 8, *(str(one) for one in TicketPriority), TicketPriority.ELDERLY.value]


def leave_queue(now: datetime, library: RuleLibrary, *, seed: int) -> int:
    """Tickets of yesterday's morning, and of the last half hour; returns how many. Done once."""
    local = now.astimezone(BILLING_ZONE)
    hall = queries.halls_rows(EVERYWHERE, on=local.date()).order_by("code").first()
    if hall is not None and not queries.tickets_rows(EVERYWHERE).exists():
        midnight = datetime.combine(local.date(), time(), tzinfo=BILLING_ZONE)
        posts = organization.post_rows(EVERYWHERE, on=local.date()).filter(
            unit__id=hall["unit_id"], role__in=actions.SERVERS
        )
        people = list(dict.fromkeys(posts.order_by("-role", "id").values_list("person__code", flat=True)))[:2]
        clerks = [organization.actor_for(one, local.date()) for one in people]
        if clerks:
            hour = HallHours(hall["code"], clerks, library, Random(seed))
            begin = midnight - timedelta(hours=15, minutes=30)
            hour.pass_by(begin, begin + timedelta(hours=3), until_empty=True)
            hour.pass_by(max(midnight, local - timedelta(minutes=30)), local, until_empty=False)
    return queries.tickets_rows(EVERYWHERE).count()


@dataclass(slots=True)
class HallHours:
    """Some hours of a hall whose clerks take whoever is next; the first sits at the accessible counter."""

    hall: str
    clerks: list[Actor]
    library: RuleLibrary
    chance: Random

    def pass_by(self, begin: datetime, end: datetime, *, until_empty: bool) -> None:
        """Minute by minute from the opening to the end, or until nobody waits any more."""
        for place, clerk in enumerate(self.clerks, start=1):
            actions.open_counter(
                outlet_code=self.hall, counter=str(place), is_accessible=place == 1, actor=clerk, at=begin
            )  # fmt: skip
        busy: dict[int, tuple[int, datetime]] = {}
        minute, comes = begin, begin
        while minute < end or (until_empty and (busy or self._waits(minute))):
            if minute >= comes and minute < end:
                self._take(minute)
                comes = minute + timedelta(minutes=self.chance.choice((1, 2, 3, 3, 4, 6)))
            for place in range(len(self.clerks)):
                self._serve(place, minute, busy)
            minute += timedelta(minutes=1)

    def _take(self, at: datetime) -> None:
        wanted = TicketWanted(self.chance.choice(PURPOSES), self.chance.choice(PRIORITIES))
        actions.take(outlet_code=self.hall, wanted=wanted, actor=self.clerks[0], at=at, library=self.library)

    def _serve(self, place: int, at: datetime, busy: dict[int, tuple[int, datetime]]) -> None:
        clerk = self.clerks[place]
        if place in busy and at >= busy[place][1]:
            ticket, _until = busy.pop(place)
            (actions.no_show if self.chance.random() < 0.06 else actions.done)(ticket=ticket, actor=clerk, at=at)
        if place not in busy:
            try:
                found = actions.call_next(
                    outlet_code=self.hall, counter=str(place + 1), actor=clerk, at=at, library=self.library
                )  # fmt: skip
            except NobodyWaits:
                return
            busy[place] = (found.ticket.id, at + timedelta(minutes=self.chance.choice((3, 4, 5, 6, 8, 12))))

    def _waits(self, at: datetime) -> bool:
        return bool(queries.hall(EVERYWHERE, self.hall, now=at, library=self.library).queue)
