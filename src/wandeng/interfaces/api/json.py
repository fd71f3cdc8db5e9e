"""How values become JSON: exact. Integers stay integers, decimals are text, times are RFC 3339 in UTC."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.http import HttpRequest
from ninja.renderers import BaseRenderer

from wandeng.kernel.periods import Month


class Renderer(BaseRenderer):
    """Frozen types as objects, without floats but for places on earth."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return json.dumps(plain(data), ensure_ascii=False)


def plain(value: Any) -> Any:
    """A value as JSON has it.

    >>> plain({"on": date(2026, 1, 2), "rate": Decimal("0.10")})
    {'on': '2026-01-02', 'rate': '0.10'}
    """
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return plain(value.value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case float():
            return value  # degrees of GeoJSON, which knows no other way (RFC 7946, 3.1.1); no other type has one
        case Decimal() | Month():
            return str(value)
        case dict():
            return {str(key): plain(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(inner) for inner in value]
        case _ if is_dataclass(value):
            return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
        case _:
            return str(value)
