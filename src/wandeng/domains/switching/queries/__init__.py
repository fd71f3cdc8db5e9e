"""What people ask of switching sheets."""

from wandeng.domains.switching.queries.sheets import (
    briefs_of,
    living_of,
    open_of,
    sheet,
    sheets_rows,
    taken_out,
)

__all__ = ["briefs_of", "living_of", "open_of", "sheet", "sheets_rows", "taken_out"]
