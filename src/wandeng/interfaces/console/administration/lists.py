"""Lists of administration with a button for a new row, for those who may make one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists import asked
from wandeng.interfaces.doorway.lists.definition import Column


class GrowingList(ListPage):
    """``new_route`` is the page that makes a row, ``new_title`` its button; ``note`` stands above the list."""

    template = "console/administration/list_new.html"
    new_route = ""
    new_title: Any = ""
    note: Any = ""

    def context(
        self, request: Request, question: asked.Asked, columns: tuple[Column, ...], page: asked.Page
    ) -> dict[str, Any]:
        may = self.new_route and request.asking.may(self.new_route, write=True)
        more = {"new_url": reverse(self.new_route) if may else "", "new_title": self.new_title, "note": self.note}
        return super().context(request, question, columns, page) | more
