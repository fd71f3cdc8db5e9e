"""The board of connections under way, with its figures."""

from __future__ import annotations

from typing import Any

from wandeng.domains.connections.queries import board
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.asking import Request


class BoardPage(ListPage):
    """All connections under way and what they come to."""

    template = "console/connections/board.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        figures = board.board_counts(request.asking.scope, now=request.asking.now)
        return {**super().context(request, *arguments), "figures": figures}
