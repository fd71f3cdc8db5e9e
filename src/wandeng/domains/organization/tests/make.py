"""A small county 白水: two offices, and one person for each of a few posts. Built through actions."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, date, datetime

from wandeng.domains.organization import actions
from wandeng.domains.organization.types import Role
from wandeng.kernel.actors import SYSTEM

AT = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
OFFICES = (("BS-W", "城西供电所"), ("BS-E", "城东供电所"))
STAFF = (
    ("reader-w", "陈抄表", "BS-W", Role.METER_READER),
    ("clerk-e", "林核算", "BS-E", Role.BILLING_CLERK),
    ("head", "周经理", "BS", Role.COUNTY_MANAGER),
)


def county() -> dict[str, int]:
    """The units; code → id."""
    units = {
        "BS": actions.create_unit(
            code="BS", name="白水县供电公司", kind="COUNTY", territory="hunan", actor=SYSTEM, at=AT
        )
    }
    for code, name in OFFICES:
        units[code] = actions.create_unit(code=code, name=name, kind="OFFICE", parent_code="BS", actor=SYSTEM, at=AT)
    return dict(units)


def staff() -> None:
    """The people and their posts, from :data:`SINCE`."""
    for code, name, unit, role in STAFF:
        actions.add_person(code=code, name=name, unit_code=unit, actor=SYSTEM, at=AT)
        actions.appoint(person_code=code, unit_code=unit, role=role, from_on=SINCE, actor=SYSTEM, at=AT)


def png(width: int = 2, height: int = 2, extra: bytes = b"", pixels: bytes | None = None) -> bytes:
    """A small grey picture; ``extra`` stands between its head and its pixels, and something foul behind its end."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = zlib.compress((b"\x00" + b"\x7f" * 3 * width) * height if pixels is None else pixels)
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"") + b"<script>"
