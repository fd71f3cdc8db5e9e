"""Cases by columns and in bulk: the clocks of a calendar that was corrected, many events of many cases."""

from wandeng.domains.cases.frames.clocks import Recomputed, recompute
from wandeng.domains.cases.frames.events import EventRefused, Happened, Taken, take

__all__ = ["EventRefused", "Happened", "Recomputed", "Taken", "recompute", "take"]
