"""A feeder's diagram as shapes for one SVG: places of the pure layout become points, positions and supply become words.

The SVG is the gutter of lines and symbols; beside it the page has one line of text and a link for each row, at the same
height. So words wrap and shrink with the screen, and keyboard and screen reader walk an ordinary list. Every colour has a
word or a shape beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wandeng.calc.single_line import Link, Row, Thing
from wandeng.domains.network.types import DrawnSwitch, FeederDiagram
from wandeng.interfaces.doorway.templatetags.wandeng import phrases
from wandeng.interfaces.doorway.words import network as words

ROW = 40
"""Height of a line of text, as the style sheet has it."""
LANE = 24
LEFT = 16
TOP = ROW + ROW // 2
TAP = 18
"""How far right of its lane a thing stands that hangs on the line."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A stretch of line with the state that its look tells."""

    path: str
    state: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One row: a symbol at (x, y) and its words. ``symbol``: breaker, switch, disconnector, fuse, transformer;
    ``state``: live, dead or other; ``note`` says what colour and shape say."""

    x: int
    y: int
    tap_x: int
    symbol: str
    state: str
    is_open: bool
    is_off: bool
    code: str
    name: str
    note: str
    figure: str
    url: str
    page: str
    title: str

    @property
    def back(self) -> int:
        """From the symbol back to the line it hangs on."""
        return self.x - self.tap_x


@dataclass(frozen=True, slots=True)
class Drawing:
    """All shapes, and how large the gutter is."""

    width: int
    height: int
    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...]

    @property
    def busbar_end(self) -> int:
        """Where the busbar's stroke ends."""
        return min(self.width - 4, LEFT + 14)


def drawing(shown: FeederDiagram) -> Drawing:
    """The shapes of a feeder's diagram."""
    rows = shown.diagram.rows
    strokes = tuple(_stroke(link, shown) for link in shown.diagram.links)
    marks = tuple(_mark(row, shown) for row in rows)
    return Drawing(
        width=LEFT + (shown.diagram.lanes - 1) * LANE + TAP + 18,
        height=(len(rows) + 1) * ROW,
        strokes=strokes,
        marks=marks,
    )


def _x(lane: int) -> int:
    return LEFT + lane * LANE


def _y(half: int) -> int:
    """Height of half rows: row r lies at 2 r, the head above the first."""
    return TOP + half * ROW // 2


def _state(shown: FeederDiagram, node: int) -> str:
    fed = shown.fed_by.get(node, "")
    if not fed:
        return "dead"
    return "live" if fed == shown.code else "other"


def _stroke(link: Link, shown: FeederDiagram) -> Stroke:
    x = _x(link.lane)
    if link.from_lane is not None:
        start, half = _x(link.from_lane), _y(link.from_half)
        return Stroke(f"M{start} {half}H{x - 6}Q{x} {half} {x} {half + 6}", _state(shown, link.node))
    # The head of the feeder is the busbar at the middle of the first line of text.
    top = _y(link.from_half) if link.from_half >= 0 or link.lane else ROW // 2
    return Stroke(f"M{x} {top}V{_y(link.to_half)}", _state(shown, link.node))


def _mark(row: Row, shown: FeederDiagram) -> Mark:
    return _transformer_mark(row, shown) if row.thing is Thing.TRANSFORMER else _switch_mark(row, shown)


def _switch_mark(row: Row, shown: FeederDiagram) -> Mark:
    switch = shown.switches[row.id]
    hangs = row.thing is not Thing.SWITCH
    x = _x(row.lane)
    notes = _notes(row, switch, shown)
    off = switch.is_open != switch.normal_open
    position = words.POSITIONS[str(switch.is_open)]
    title = f"{words.SWITCH_KINDS[switch.kind]} {switch.name}"
    placed = _("%(position)s位") % {"position": position}
    return Mark(
        x=x,
        y=_y(2 * row.place),
        tap_x=x + TAP if hangs else x,
        symbol={"BREAKER": "breaker", "FUSE": "fuse", "DISCONNECTOR": "disconnector"}.get(switch.kind, "switch"),
        state=_state(shown, row.node),
        is_open=switch.is_open,
        is_off=off,
        code=switch.code,
        name=switch.name,
        note=phrases(notes),
        figure="",
        url=reverse("console:network-switch-panel", args=[switch.code]) if switch.is_within else "",
        page=reverse("console:network-switch", args=[switch.code]) if switch.is_within else "",
        title=phrases([title, placed, *notes]),
    )


def _notes(row: Row, switch: DrawnSwitch, shown: FeederDiagram) -> list[str]:
    notes = []
    if switch.is_open != switch.normal_open:
        notes.append(_("正常应合") if switch.is_open else _("正常应分"))
    if switch.beyond_code:
        notes.append(_("联络 %(name)s") % {"name": switch.beyond_name})
    if row.thing is Thing.RING:
        notes.append(_("在此成环"))
    if row.thing is Thing.SWITCH and row.beyond is not None and not shown.fed_by.get(row.beyond, ""):
        notes.append(_("其后停电"))
    return notes


def _transformer_mark(row: Row, shown: FeederDiagram) -> Mark:
    transformer = shown.transformers[row.id]
    x = _x(row.lane)
    fed = shown.fed_by.get(row.node, "")
    notes = [str(words.OWNERSHIPS[transformer.ownership]), f"{transformer.capacity_ckva / 100:g} kVA"]
    if not fed:
        notes.append(_("停电"))
    elif fed != shown.code:
        notes.append(_("由 %(code)s 转供") % {"code": fed})
    figure = ngettext("%(n)d 户", "%(n)d 户", transformer.customers) % {"n": transformer.customers}
    return Mark(
        x=x,
        y=_y(2 * row.place),
        tap_x=x + TAP,
        symbol="transformer",
        state=_state(shown, row.node),
        is_open=False,
        is_off=False,
        code=transformer.code,
        name=transformer.name,
        note=" · ".join(notes),
        figure=figure,
        url=reverse("console:network-transformer-panel", args=[transformer.code]),
        page=reverse("console:network-transformer", args=[transformer.code]),
        title=phrases([_("配变") + f" {transformer.name}", *notes, figure]),
    )


def legend() -> tuple[tuple[str, Any], ...]:
    """Looks of lines and what they mean."""
    return (("live", _("本线供电")), ("other", _("他线转供")), ("dead", _("停电")))
