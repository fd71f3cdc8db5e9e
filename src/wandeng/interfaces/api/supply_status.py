"""When supply is back: the same answer as on the page for everybody, of accounts and places that the caller may see."""

from __future__ import annotations

from wandeng.flows.supply_status import answers, planned
from wandeng.interfaces.api.operations import read

_LIKE = "console:repairs-known"

read(
    "/supply-status", answers.supply_status, name="supply-status", like=_LIKE, tag="reliability",
    about="何时来电 when supply is back at an account",
)  # fmt: skip
read(
    "/supply-status/places", answers.status_called, name="supply-status-places", like=_LIKE, tag="reliability",
    about="按地名查来电 when supply is back at a place",
)  # fmt: skip
read(
    "/supply-status/planned", planned.planned, name="planned-outages", like=_LIKE, tag="reliability",
    about="停电公告 planned outages as everybody reads them",
)  # fmt: skip
