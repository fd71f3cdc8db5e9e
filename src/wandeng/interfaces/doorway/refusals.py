"""A refusal as the reader's sentence. The product says English; whoever reads another language gets it from ``wording``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from wandeng.domains.organization.types import Role
from wandeng.flows.imports.kinds import KINDS
from wandeng.infra.imports.refusals import FileRefused
from wandeng.interfaces.doorway import process_names
from wandeng.interfaces.doorway.wording import catalogue
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE

ENGLISH = "en"
FOLDERS = {"zh-hans": "zh_hans", "zh-cn": "zh_hans", "zh": "zh_hans"}
UNTOLD = "该操作不能完成：{message}"
"""Around a sentence that nobody has put into Chinese yet; a test keeps the product free of such."""


def sentence(refused: Refused, language: str) -> str:
    """What a refusal says, in the reader's language (``zh-hans`` or ``en``), values carried over and codes as words."""
    folder = FOLDERS.get(language.lower())
    if folder is None:
        return refused.message
    if isinstance(refused, FileRefused):
        return told(refused.message, language, file=str(refused.facts["file"]), line=refused.line)
    return _told(refused.message, folder)


def told(message: str, language: str, *, file: str = "", line: int = 0) -> str:
    """The same for the message of a refusal that was kept; ``file`` and ``line`` where it was about a file."""
    folder = FOLDERS.get(language.lower())
    if folder is None:
        return message
    if not file:
        return _told(message, folder)
    where = f"{file}:{line}" if line else file
    place = f"{file} 第 {line} 行" if line else file
    return f"{place}：{_told(message.removeprefix(f'{where}: '), folder)}"


def _told(message: str, folder: str) -> str:
    found = catalogue.told(message, folder, _tables(), CONVERTERS)
    return UNTOLD.format(message=message) if found is None else found


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, catalogue.Words]:
    """Words that the product itself knows in Chinese."""
    return {
        "roles": {role.value: role.name_zh for role in Role},
        "import_kinds": {kind.name: kind.zh for kind in KINDS},
    }


def local_time(text: str) -> str:
    """A time of day of UTC as the local one.

    >>> local_time("06:30")
    '14:30'
    """
    moment = datetime.strptime(text, "%H:%M").replace(year=2026, tzinfo=UTC)
    return moment.astimezone(BILLING_ZONE).strftime("%H:%M")


def kind_of_case(process: str) -> str:
    """A kind of case as its definition calls it; the code itself where there is none by now."""
    return process_names.KINDS.get(process, process)


CONVERTERS: Mapping[str, catalogue.Converter] = {
    "hundredths": catalogue.hundredths, "local_time": local_time, "processes": kind_of_case,
}  # fmt: skip
"""What a place may name besides a table of words."""
