"""The rules as they stand on disk, for the doors."""

from __future__ import annotations

import time
from datetime import date
from functools import lru_cache

from django.conf import settings

from wandeng.domains.cases.types import Charter
from wandeng.flows.bill_run import Workshop
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root

NATION = "national"


def library() -> RuleLibrary:
    """The rules in force on this machine. Raises ``RuleFilesInvalid`` when a file was edited into something unreadable."""
    return current.library()


def charter() -> Charter:
    """The kinds of cases and the rules on this machine, looked at once a second at most: a look asks for the time of every
    file. Raises ``RuleFilesInvalid`` as :func:`library`."""
    return _charter(str(settings.HOME), int(time.monotonic()))


@lru_cache(maxsize=1)
def _charter(_home: str, _second: int) -> Charter:
    return Charter.current()


def hotline(*, on: date) -> str:
    """Whom to call, for somebody of whom nothing is known. Raises as :func:`charter`, ``NoRuleInForce``."""
    return charter().hotline(NATION, on=on)


def workshop() -> Workshop:
    """With what bills are corrected at the door: the rules, and no processes."""
    return Workshop(current.library(), default_root())
