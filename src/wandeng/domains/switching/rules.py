"""Readers of the dated rules of switching sheets."""

from __future__ import annotations

from datetime import date

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.outage_running import OutageRunning, SheetCheck

TERRITORY = "national"


def sheets(on: date, *, library: RuleLibrary | None = None) -> SheetCheck:
    """What forbids a sheet on a day (``outage_running``). Raises ``NoRuleInForce``."""
    return (library or current.library()).version(OutageRunning, on=on, territory=TERRITORY).body.sheets
