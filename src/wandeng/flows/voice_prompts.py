"""Recordings of the telephone menu (语音提示录音): which fragments the menu in force needs, which are in the folder, and a prompt put
together from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wandeng.flows.voice import TERRITORY
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.outbound_calls import OutboundCalls
from wandeng.infra.effective.topics.voice_menu import VoiceMenu
from wandeng.kernel import spoken
from wandeng.kernel.errors import InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class FragmentShown:
    """A fragment, what is said in it, and what the folder has: PRESENT with its hundredths of a second, MISSING, or BROKEN when it is
    no WAV."""

    name: str
    text: str
    standing: str
    length_cs: int | None


def prompts(folder: Path, *, on: date, library: RuleLibrary) -> tuple[FragmentShown, ...]:
    """The fragments of the menu in force on a day, those of prompts first, then of numbers. Raises ``NoRuleInForce``."""
    return tuple(_shown(folder, name, text) for name, text in spoken.needed(_texts(on, library)).items())


def spoken_only(*, on: date, library: RuleLibrary) -> tuple[str, ...]:
    """Prompts with free text, which the telephone exchange speaks itself."""
    return tuple(code for code, text in _texts(on, library).items() if not spoken.is_recordable(text))


def said(folder: Path, code: str, slots: Mapping[str, str], *, on: date, library: RuleLibrary) -> bytes:
    """A prompt as one WAV. Raises :class:`NotFound` for the prompt, :class:`InvalidInput` naming a slot that was not given, free text, and
    each recording that is missing or does not fit."""
    text = _texts(on, library).get(code)
    if text is None:
        raise NotFound(f"there is no voice prompt {code}")
    if not spoken.is_recordable(text):
        raise InvalidInput(f"the prompt {code} has free text: the telephone exchange speaks it")
    try:
        names = spoken.fragments(code, text, slots)
    except KeyError as lacking:
        raise InvalidInput(f"the prompt {code} needs {lacking.args[0]}") from None
    return played(folder, names)


def played(folder: Path, names: Sequence[str]) -> bytes:
    """Fragments one after another as one WAV. Raises :class:`InvalidInput` naming those that are missing."""
    lacking = sorted({name for name in names if not _file(folder, name).is_file()})
    if lacking:
        raise InvalidInput(f"recordings are missing: {', '.join(lacking)}")
    return spoken.joined([(name, _file(folder, name).read_bytes()) for name in names])


def _texts(on: date, library: RuleLibrary) -> dict[str, str]:
    """Prompt → its text, of the menu that callers hear and of those that are called, whose prompts bear the purpose before their name."""
    texts = library.version(VoiceMenu, on=on, territory=TERRITORY).body.texts()
    for menu in library.version(OutboundCalls, on=on, territory=TERRITORY).body.menus:
        texts |= {f"{menu.purpose.lower()}_{code}": text for code, text in menu.texts().items()}
    return texts


def _file(folder: Path, name: str) -> Path:
    return folder / f"{name}.wav"


def _shown(folder: Path, name: str, text: str) -> FragmentShown:
    file = _file(folder, name)
    if not file.is_file():
        return FragmentShown(name, text, "MISSING", None)
    try:
        length = spoken.lasts_ms(name, file.read_bytes()) // 10
    except InvalidInput:
        return FragmentShown(name, text, "BROKEN", None)
    return FragmentShown(name, text, "PRESENT", length)
