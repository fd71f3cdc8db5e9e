"""The console with one list more: for the tests of what all list pages do."""

from __future__ import annotations

from dataclasses import replace

from django.urls import include, path

from wandeng.interfaces.console import urls as console
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction
from wandeng.interfaces.doorway.tests.lists_world import UNITS

TOUCHED: list[tuple[list[str], str]] = []


def touch(_asking: Asking, keys: list[str], reason: str) -> int:
    TOUCHED.append((keys, reason))
    return len(keys)


ACTIONS = (
    BulkAction("touch", "标记", touch),
    BulkAction("explain", "说明", touch, consequence="会记入日志", danger=True, wants_reason=True),
)
LIST = replace(UNITS, route="console:test-units", bulk=ACTIONS)
_page = path("test-units/", ListPage.as_view(definition=LIST), name="test-units")
urlpatterns = [path("console/", include(([*console.urlpatterns, _page], "console")))]
