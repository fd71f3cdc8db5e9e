"""What a utility may put on the pages: a logo that is only a picture, and colours that can be read.

Contrast follows WCAG 2.2: relative luminance of sRGB, (lighter + 0.05) / (darker + 0.05), at least 4.5 for text.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping

from wandeng.kernel.errors import InvalidInput

COLOURS = {
    "brand": "#00706b",
    "on-brand": "#ffffff",
    "brand-ink": "#00706b",
    "brand-ink-dark": "#5cc9c0",
    "brand-soft": "#e2f1ef",
}
"""The five colours, by the names of the style sheet, and what ships: fills, text on them, links and coloured text in the
light and in the dark theme, and the tinted ground of what is selected."""

READ_ON = (
    ("on-brand", "brand"),
    ("brand-ink", "#ffffff"),
    ("brand-ink", "#f3f5f5"),
    ("brand-ink", "brand-soft"),
    ("brand-ink-dark", "#171f1e"),
    ("brand-ink-dark", "#1d3432"),
    ("#17211f", "brand-soft"),
)
"""Which colour is read on which ground; grounds that are not ours are the style sheet's."""

LEAST_CONTRAST = 4.5
LARGEST_LOGO_BYTES = 200_000
LARGEST_LOGO_SIDE = 1_024

_HEX = re.compile(r"#[0-9a-f]{6}")
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


class Unreadable(InvalidInput):
    """Text in this colour could not be read by everybody."""

    code = "UNREADABLE_COLOUR"


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21.

    >>> round(contrast("#ffffff", "#000000"), 1), round(contrast("#777777", "#ffffff"), 2)
    (21.0, 4.48)
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def checked_colours(colours: Mapping[str, str]) -> dict[str, str]:
    """The five colours in lower case; what is not named is as shipped.

    Raises :class:`InvalidInput` for a colour that does not exist or is not written ``#rrggbb``, :class:`Unreadable` for
    text that has too little contrast on its ground.
    """
    unknown = set(colours) - set(COLOURS)
    if unknown:
        raise InvalidInput(f"there is no colour {', '.join(sorted(unknown))}")
    chosen = {name: (colours.get(name) or shipped).strip().lower() for name, shipped in COLOURS.items()}
    for value in chosen.values():
        if not _HEX.fullmatch(value):
            raise InvalidInput(f"a colour is written #rrggbb, not '{value}'")
    for name, ground in READ_ON:
        text, paper = chosen.get(name, name), chosen.get(ground, ground)
        found = contrast(text, paper)
        if found < LEAST_CONTRAST:
            raise Unreadable(
                f"{text} on {paper} has a contrast of {found:.2f}, text needs {LEAST_CONTRAST}", colour=name
            )
    return chosen


def clean_png(raw: bytes) -> bytes:
    """A PNG with nothing in it but the picture: texts, profiles and everything after its end are left out.

    Raises :class:`InvalidInput` for what is no sound PNG, is too large, or unpacks to something else than it says.
    """
    if not raw.startswith(_SIGNATURE):
        raise InvalidInput("a logo is a PNG picture")
    if len(raw) > LARGEST_LOGO_BYTES:
        raise InvalidInput(f"a logo has at most {LARGEST_LOGO_BYTES // 1000} kB")
    chunks = [(kind, body) for kind, body in _chunks(raw) if kind in _KEPT]
    kinds = [kind for kind, _ in chunks]
    if not chunks or kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or b"IDAT" not in kinds or len(chunks[0][1]) != 13:
        raise InvalidInput("the picture is damaged")
    _check_pixels(chunks[0][1], b"".join(body for kind, body in chunks if kind == b"IDAT"))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at + 12 <= len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        kind, body = raw[at + 4 : at + 8], raw[at + 8 : at + 8 + length]
        check = raw[at + 8 + length : at + 12 + length]
        if len(body) != length or check != struct.pack(">I", zlib.crc32(kind + body)):
            raise InvalidInput("the picture is damaged")
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length
    raise InvalidInput("the picture is damaged")


def _check_pixels(header: bytes, packed: bytes) -> None:
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if not (0 < width <= LARGEST_LOGO_SIDE and 0 < height <= LARGEST_LOGO_SIDE):
        raise InvalidInput(f"a logo is at most {LARGEST_LOGO_SIDE} × {LARGEST_LOGO_SIDE} pixels")
    if colour not in _CHANNELS or depth not in {1, 2, 4, 8, 16} or interlaced:
        raise InvalidInput("a logo is a plain PNG, not interlaced")
    expected = height * (1 + (width * depth * _CHANNELS[colour] + 7) // 8)
    unpacker = zlib.decompressobj()
    try:
        # One byte more than it may have: a picture that unpacks to gigabytes is noticed, not unpacked.
        pixels = unpacker.decompress(packed, expected + 1)
    except zlib.error:
        raise InvalidInput("the picture is damaged") from None
    if len(pixels) != expected:
        raise InvalidInput("the picture is damaged")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
