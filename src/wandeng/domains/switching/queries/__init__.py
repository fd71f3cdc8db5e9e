"""What people ask of switching sheets."""

from wandeng.domains.switching.queries.sheets import (
    briefs_of,
    living_of,
    open_of,
    sheet,
    sheets_rows,
    taken_out,
)
from wandeng.domains.switching.queries.written import said, steps_written

__all__ = ["briefs_of", "living_of", "open_of", "said", "sheet", "sheets_rows", "steps_written", "taken_out"]
