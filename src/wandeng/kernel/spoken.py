"""What is said on the telephone, put together from recorded fragments (录音片段): fixed parts of prompts, and numbers as people read them.

A prompt is cut at its slots. ``month``, ``amount``, ``owed``, ``case`` and ``tail`` are numbers and read out; a slot with free text (an announcement,
places) cannot be recorded, and a prompt that has one is spoken from its text by the telephone exchange.
"""

from __future__ import annotations

import io
import re
import wave
from collections.abc import Mapping, Sequence

from wandeng.kernel.errors import InvalidInput

DIGITS = "零一二三四五六七八九"
UNITS = ((10**8, "亿"), (10**4, "万"), (1_000, "千"), (100, "百"), (10, "十"))
WORDS = {
    **{str(place): word for place, word in enumerate(DIGITS)},
    "ten": "十", "hundred": "百", "thousand": "千", "wan": "万", "yi": "亿", "point": "点", "minus": "负", "year": "年", "month": "月",
}  # fmt: skip
"""Fragment of a number → what is said in it; ``num-`` goes before its name."""
_BY_WORD = {word: f"num-{name}" for name, word in WORDS.items()}
_SLOT = re.compile(r"\{([a-z_]+)\}")
NUMBERS = ("amount", "owed")
MONTHS = ("month",)
CODES = ("case", "tail")
_DIGITS_OF_CODES = re.compile(r"[0-9]")


def fixed(code: str, text: str) -> dict[str, str]:
    """The recorded parts of a prompt: fragment → what is said in it. Parts without anything to say are left out."""
    parts = _SLOT.split(text)[::2]
    return {f"{code}-{place}": part for place, part in enumerate(parts) if re.search(r"\w", part)}


def needed(texts: Mapping[str, str]) -> dict[str, str]:
    """All fragments that a menu needs: fragment → what is said in it. ``texts``: prompt → its text. Numbers are among them when a
    prompt reads one; prompts with free text are not."""
    found: dict[str, str] = {}
    has_numbers = False
    for code, text in texts.items():
        slots = _SLOT.findall(text)
        if is_recordable(text):
            found |= fixed(code, text)
            has_numbers = has_numbers or bool(slots)
    return found | ({f"num-{name}": word for name, word in WORDS.items()} if has_numbers else {})


def is_recordable(text: str) -> bool:
    """Whether fragments can say a prompt: whether none of its slots is free text."""
    return set(_SLOT.findall(text)) <= {*NUMBERS, *MONTHS, *CODES}


def fragments(code: str, text: str, slots: Mapping[str, str]) -> tuple[str, ...]:
    """The fragments that say a prompt, in order; none for one with free text. Raises :class:`InvalidInput` for a number that is none."""
    if not is_recordable(text):
        return ()
    parts, recorded = _SLOT.split(text), fixed(code, text)
    said: list[str] = []
    for place, part in enumerate(parts):
        if place % 2:
            said += [_BY_WORD[word] for word in _read(part, slots[part])]
        elif f"{code}-{place // 2}" in recorded:
            said.append(f"{code}-{place // 2}")
    return tuple(said)


def _read(slot: str, value: str) -> str:
    if slot in CODES:
        return "".join(DIGITS[int(one)] for one in _DIGITS_OF_CODES.findall(value))
    if slot in MONTHS:
        found = re.fullmatch(r"(\d{4})年(\d{1,2})月", value)
        if found is None:
            raise InvalidInput(f"'{value}' is no month to be read out")
        return "".join(DIGITS[int(one)] for one in found[1]) + "年" + number(found[2]) + "月"
    return number(value)


def number(text: str) -> str:
    """A decimal number as people say it.

    >>> number("10086.50"), number("-12"), number("205"), number("100000001")
    ('一万零八十六点五', '负十二', '二百零五', '一亿零一')

    Raises :class:`InvalidInput` for what is no number below 10¹².
    """
    found = re.fullmatch(r"(-?)([0-9]{1,12})(?:\.([0-9]+))?", text)
    if found is None:
        raise InvalidInput(f"'{text}' is no number to be read out")
    sign, whole, rest = found[1], int(found[2]), (found[3] or "").rstrip("0")
    said = _whole(whole)
    if said.startswith("一十"):
        said = said[1:]
    return ("负" if sign else "") + said + ("点" + "".join(DIGITS[int(one)] for one in rest) if rest else "")


def _whole(value: int) -> str:
    """A whole number; a gap of places is one 零."""
    if value < 10:
        return DIGITS[value]
    size, word = next(one for one in UNITS if value >= one[0])
    head, tail = divmod(value, size)
    if not tail:
        return _whole(head) + word
    return _whole(head) + word + ("零" if tail < size // 10 else "") + _whole(tail)


def joined(recordings: Sequence[tuple[str, bytes]]) -> bytes:
    """Recordings one after another as one WAV. ``recordings``: name and bytes.

    Raises :class:`InvalidInput` naming the recording that is no WAV, or whose channels, width or rate are not those of the first.
    """
    if not recordings:
        raise InvalidInput("nothing was recorded")
    made = io.BytesIO()
    read = [(name, *_frames(name, content)) for name, content in recordings]
    first = read[0][1]
    with wave.open(made, "wb") as out:
        out.setnchannels(first[0])
        out.setsampwidth(first[1])
        out.setframerate(first[2])
        for name, shape, frames in read:
            if shape != first:
                raise InvalidInput(f"the recording {name} has {shape}, not {first}: channels, bytes, rate")
            out.writeframes(frames)
    return made.getvalue()


def lasts_ms(name: str, content: bytes) -> int:
    """How long a recording is, milliseconds. Raises :class:`InvalidInput` for what is no WAV."""
    (channels, width, rate), frames = _frames(name, content)
    return 1_000 * len(frames) // (channels * width * rate)


def _frames(name: str, content: bytes) -> tuple[tuple[int, int, int], bytes]:
    try:
        with wave.open(io.BytesIO(content), "rb") as one:
            return (one.getnchannels(), one.getsampwidth(), one.getframerate()), one.readframes(one.getnframes())
    except (wave.Error, EOFError):
        raise InvalidInput(f"the recording {name} is no WAV") from None
