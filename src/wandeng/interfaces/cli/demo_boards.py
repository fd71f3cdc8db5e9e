"""What a demonstration shows of community boards: one for each public area of an office, bills due shown, and cards of its people."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.boards import actions, queries
from wandeng.domains.organization import queries as organization
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
TITLES = {"CELL_MANAGER": "台区经理", "COUNTY_MANAGER": "供电公司分管负责人"}


def leave_boards(now: datetime, library: RuleLibrary) -> int:
    """Boards of the first office that has a cell manager; returns how many stand. Done once."""
    on = now.astimezone(BILLING_ZONE).date()
    posts = organization.post_rows(EVERYWHERE, on=on).filter(role__in=TITLES).order_by("unit__path", "id")
    held = list(posts.values_list("person__code", "unit__code", "role"))
    cells = [(code, unit) for code, unit, role in held if role == "CELL_MANAGER"]
    if cells and not queries.boards_rows(EVERYWHERE).exists():
        managers = [code for code, _, role in held if role == "COUNTY_MANAGER"]
        manager = organization.actor_for(managers[0] if managers else cells[0][0], on)
        for place, (code, unit) in enumerate(cells):
            actions.put_up_all(unit_code=unit, actor=manager, at=now)
            if not place:
                actions.show_arrears(unit_code=unit, is_shown=True, actor=manager, at=now)
            _card(code, "CELL_MANAGER", f"0746-555{place:04d}", manager, now, library)
        for code in managers:
            _card(code, "COUNTY_MANAGER", "0746-5559000", manager, now, library)
    return queries.boards_rows(EVERYWHERE).count()


def _card(code: str, role: str, phone: str, manager: Actor, now: datetime, library: RuleLibrary) -> None:
    actions.set_card(person=code, title=TITLES[role], phone=phone, actor=manager, at=now, library=library)
