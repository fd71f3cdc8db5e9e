"""A map without any map service (示意图): lines and dots of our own in a drawing that fits what it holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 800
_EDGE = 44
_LEAST_SPAN = 2_000
"""Degrees 10⁻⁶ that a drawing shows at least, about 200 m: one place alone lies in its middle."""

Place = tuple[int, int]
"""Longitude and latitude, 10⁻⁶ degrees."""


@dataclass(frozen=True, slots=True)
class Dot:
    """Something at a place of the drawing; ``kind`` is its style, ``radius`` its size, ``title`` what it is."""

    x: int
    y: int
    kind: str
    radius: int
    title: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawing: its size, its lines as one path, its dots in the order they are drawn."""

    width: int
    height: int
    path: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A dot before it is placed."""

    at: Place
    kind: str
    radius: int
    title: str
    label: str = ""


def draw(
    lines: Iterable[tuple[int, int, int, int]], wishes: Sequence[Wish], *, most_height: int = 640
) -> Sketch | None:
    """The drawing of dots and of the lines between them; ``None`` without a dot. Lines beyond the dots are left out."""
    if not wishes:
        return None
    east = [one.at[0] for one in wishes]
    north = [one.at[1] for one in wishes]
    narrow = math.cos(math.radians((min(north) + max(north)) / 2e6))
    wide, high = max(_LEAST_SPAN, max(east) - min(east)) * narrow, max(_LEAST_SPAN, max(north) - min(north))
    scale = min((WIDTH - 2 * _EDGE) / wide, (most_height - 2 * _EDGE) / high)
    height = round(high * scale) + 2 * _EDGE
    middle_x, middle_y = (min(east) + max(east)) / 2, (min(north) + max(north)) / 2

    def put(longitude: int, latitude: int) -> tuple[int, int]:
        return (
            round(WIDTH / 2 + (longitude - middle_x) * narrow * scale), round(height / 2 - (latitude - middle_y) * scale)
        )  # fmt: skip

    strokes = []
    for a, b, c, d in lines:
        start, end = put(a, b), put(c, d)
        if all(0 <= x <= WIDTH and 0 <= y <= height for x, y in (start, end)):
            strokes.append(f"M{start[0]} {start[1]}L{end[0]} {end[1]}")
    dots = tuple(Dot(*put(*one.at), one.kind, one.radius, one.title, one.label) for one in wishes)
    return Sketch(WIDTH, height, "".join(strokes), dots)
