"""Cases by columns and in bulk: the clocks of a calendar that was corrected, many events of many cases, what is known of areas
without supply."""

from wandeng.domains.cases.frames.clocks import Recomputed, recompute
from wandeng.domains.cases.frames.events import EventRefused, Happened, Taken, take
from wandeng.domains.cases.frames.standing import open_incidents, open_reports

__all__ = ["EventRefused", "Happened", "Recomputed", "Taken", "open_incidents", "open_reports", "recompute", "take"]
