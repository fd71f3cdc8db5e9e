"""The menu folds: what is open, and which item is marked."""

from __future__ import annotations

import re

from wandeng.interfaces.console.menu import DAILY, MENU, menu_for
from wandeng.kernel.actors import Actor

MANAGER = Actor("m", roles=frozenset({"COUNTY_MANAGER"}))
READER = Actor("r", roles=frozenset({"METER_READER"}))


def opened(page: str) -> list[str]:
    return re.findall('data-group="([^"]+)" open', page)


def marked(page: str) -> list[str]:
    return re.findall('href="([^"]+)" aria-current="page"', page)


def test_a_long_menu_shows_the_first_group_and_that_of_the_page() -> None:
    page = menu_for(MANAGER, "/console/bills/runs/")
    assert marked(page) == ["/console/bills/runs/"]
    assert opened(page) == ["home", "bills-runs"]
    assert len(re.findall("<details", page)) > 10


def test_at_first_a_role_finds_its_daily_groups_open() -> None:
    assert opened(menu_for(READER, "/console/")) == ["home", "metering-routes"]
    keys = {items[0][1].removeprefix("console:") for _title, items in MENU}
    for role, daily in DAILY.items():
        assert set(daily) <= keys
        assert set(daily) <= set(opened(menu_for(Actor("x", roles=frozenset({role})), "/console/")))


def test_what_the_person_opened_stays_open_and_the_rest_folded() -> None:
    assert opened(menu_for(MANAGER, "/console/", "ledger-balance,never-heard-of")) == ["home", "ledger-balance"]
    assert opened(menu_for(MANAGER, "/console/cases/queue/", "")) == ["cases-intake"]


def test_a_page_below_no_item_opens_its_area_and_marks_nothing() -> None:
    page = menu_for(MANAGER, "/console/cases/case/26112200000357/", "")
    assert (marked(page), opened(page)) == ([], ["cases-intake"])
    assert marked(menu_for(MANAGER, "/console/")) == ["/console/"]
