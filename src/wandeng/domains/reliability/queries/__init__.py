"""What people and other domains ask of the history of interruptions."""

from wandeng.domains.reliability.queries.repeating import repeats
from wandeng.domains.reliability.queries.shown import interruption, interruptions_rows, revisions

__all__ = ["interruption", "interruptions_rows", "repeats", "revisions"]
