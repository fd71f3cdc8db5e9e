"""Who the token stands for."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from wandeng.interfaces.api.app import api
from wandeng.interfaces.doorway.asking import Request


class Me(Schema):
    """The person, where they act, and with which roles."""

    code: str
    name: str
    unit_code: str
    unit_path: str
    roles: list[str]
    may_write: bool


@api.get("/me", response=Me, url_name="me", operation_id="me", tags=["me"], summary="我是谁 who the token stands for")
def me(request: Request) -> dict[str, Any]:
    """The person behind the token."""
    asking = request.asking
    return {
        "code": asking.actor.code,
        "name": asking.person.name,
        "unit_code": asking.unit.code,
        "unit_path": asking.actor.unit_path,
        "roles": sorted(str(role) for role in asking.actor.roles),
        "may_write": asking.may_write,
    }
