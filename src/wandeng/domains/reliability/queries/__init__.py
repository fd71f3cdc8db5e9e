"""What people and other domains ask of the history of interruptions."""

from wandeng.domains.reliability.queries.accounts import account_history
from wandeng.domains.reliability.queries.analysis import analysis, calendar_year, standards
from wandeng.domains.reliability.queries.faults import faults
from wandeng.domains.reliability.queries.repeating import repeats
from wandeng.domains.reliability.queries.shown import hit_by, interruption, interruptions_rows, revisions
from wandeng.domains.reliability.queries.standouts import standouts
from wandeng.domains.reliability.queries.written import moment, steps_written, still_off, written

__all__ = [
    "account_history",
    "analysis",
    "calendar_year",
    "faults",
    "hit_by",
    "interruption",
    "interruptions_rows",
    "moment",
    "repeats",
    "revisions",
    "standards",
    "standouts",
    "steps_written",
    "still_off",
    "written",
]
