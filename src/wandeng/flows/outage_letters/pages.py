"""The gap of an outage as paper: a list for whoever delivers, and a notice for each door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from importlib.resources import files

from wandeng.domains.outages.actions.telling import REASONS
from wandeng.domains.outages.queries.letters import DoorLetters, door_letters
from wandeng.domains.outages.types.telling import TellingKind
from wandeng.infra.scope import Scope
from wandeng.infra.typesetting import Typesetter
from wandeng.kernel.errors import Conflict
from wandeng.kernel.periods import BILLING_ZONE

_KINDS = {
    TellingKind.ANNOUNCEMENT: ("停电通知", "因{reason}，", "将于{begin}至{end}停电，请提前做好准备。"),
    TellingKind.CORRECTION: (
        "停电变更通知", "停电时间有变：因{reason}，", "改为{begin}至{end}停电，请以本次通知为准。",
    ),
    TellingKind.CANCELLATION: ("停电取消通知", "原通知的停电（编号{number}）取消，", "照常供电，给您带来不便敬请谅解。"),
    TellingKind.RESTORATION: ("复电告知", "", "停电工作已结束，恢复供电。"),
}  # fmt: skip


def document(scope: Scope, number: str, area: str = "", *, hotline: str = "", now: datetime) -> bytes:
    """Those whom nobody has reached yet, of an area by its code or of all, as one PDF: for each area a list for the deliverer, then
    two notices a page.

    Raises :class:`NotFound` for an outage or area outside, :class:`Conflict` when everybody is reached, ``FontMissing``.
    """
    found = door_letters(scope, number, area)
    if not found.areas:
        raise Conflict(f"everybody of {number} has been reached", outage=number)
    day = now.astimezone(BILLING_ZONE)
    return _typesetter().pdf(_data(found, hotline, f"{day.year}年{day.month}月{day.day}日"), made_on=day.date())


def _data(found: DoorLetters, hotline: str, printed_on: str) -> Mapping[str, object]:
    title, before, after = _KINDS[found.kind]
    said = {
        "reason": REASONS.get(found.reason, found.title), "begin": _said(found.starts_at),
        "end": _end(found.starts_at, found.ends_at), "number": found.number,
    }  # fmt: skip
    return {
        "number": found.number, "kind": title, "title": title, "sender": found.unit_name, "hotline": hotline,
        "printed_on": printed_on, "due_by": _said(found.due_by), "window": f"{said['begin']} 至 {said['end']}",
        "text_before": before.format(**said), "text_after": after.format(**said),
        "areas": [{"code": one.code, "name": one.name, "rows": _rows(one.doors, one.place or one.name)} for one in found.areas],
    }  # fmt: skip


def _rows(doors: Sequence[tuple[str, str, str]], area: str) -> list[dict[str, str]]:
    return [
        {"account_number": number, "name": name, "address": address, "area": area} for number, name, address in doors
    ]


def _said(at: datetime) -> str:
    local = at.astimezone(BILLING_ZONE)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _end(begin: datetime, end: datetime) -> str:
    begins, ends = begin.astimezone(BILLING_ZONE), end.astimezone(BILLING_ZONE)
    return f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends.month}月{ends.day}日{ends:%H:%M}"


@lru_cache(maxsize=1)
def _typesetter() -> Typesetter:
    return Typesetter(files("wandeng.flows.outage_letters").joinpath("letters.typ").read_text("utf-8"))
