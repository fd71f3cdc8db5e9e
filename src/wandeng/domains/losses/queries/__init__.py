"""Reads of losses for people: rows of lists, one area, sums by unit, feeder and area (of days, or of a month by its registers), followed-up areas, leads."""

from wandeng.domains.losses.queries.areas import area, area_points
from wandeng.domains.losses.queries.leads import hit_rate, lead, lead_of_case, leads_rows, new_leads
from wandeng.domains.losses.queries.months import month_sums
from wandeng.domains.losses.queries.rows import losses_rows, work_one, work_rows
from wandeng.domains.losses.queries.summing import By, last_day, sums

__all__ = [
    "By",
    "area",
    "area_points",
    "hit_rate",
    "last_day",
    "lead",
    "lead_of_case",
    "leads_rows",
    "losses_rows",
    "month_sums",
    "new_leads",
    "sums",
    "work_one",
    "work_rows",
]
