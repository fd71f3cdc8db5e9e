"""Why a whole file is not taken: the sentence for the person, the reason and the line for programs."""

from __future__ import annotations

from wandeng.kernel.errors import Refused


class FileRefused(Refused):
    """The file cannot be read safely, or is not a file of this kind; nothing of it was taken.

    ``reason`` is one of NOT_FOUND, EMPTY, NUL_BYTE, LINE_TOO_LONG, NOT_TEXT, NOT_XLSX, BOMB, NO_HEADER,
    COLUMN_TWICE, COLUMN_MISSING, NO_SHEET, BROKEN_QUOTES, CHANGED_UNDERWAY.
    """

    code = "IMPORT_FILE_REFUSED"

    def __init__(self, file: str, reason: str, message: str, line: int = 0) -> None:
        where = f"{file}:{line}" if line else file
        super().__init__(f"{where}: {message}", file=file, reason=reason, line=line)
        self.reason = reason
        self.line = line
