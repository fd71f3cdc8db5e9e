"""Cases by columns: the clocks of a calendar that was corrected."""

from wandeng.domains.cases.frames.clocks import Recomputed, recompute

__all__ = ["Recomputed", "recompute"]
