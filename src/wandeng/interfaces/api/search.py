"""Find anything."""

from __future__ import annotations

from typing import Any

from ninja import Query, Schema

from wandeng.flows import search
from wandeng.interfaces.api import operations, shapes
from wandeng.interfaces.api.app import api
from wandeng.interfaces.api.json import plain
from wandeng.interfaces.api.values import PageLimit, SafeStr
from wandeng.interfaces.doorway.asking import Request

operations.guard("search", "console:search", writes=False)


class Asked(Schema):
    """What is looked for: a number, a name, initials, the end of a phone, a piece of an address."""

    q: SafeStr
    limit: PageLimit = 8


@api.get(
    "/search", response=shapes.answered(search.Found), url_name="search", operation_id="search", tags=["search"],
    summary="查找 find anything",
)  # fmt: skip
def find(request: Request, asked: Query[Asked]) -> Any:
    """Everything that the words may mean, in groups, the surest first."""
    return plain(search.find(request.asking.actor, asked.q, limit=min(asked.limit, 50)))
