"""When a login is refused before its password is looked at: three counters over the login log, nothing else.

Sources: GB/T 22239-2019 8.1.4.1 b (lock-out after failed logins); the figures are goal S8 of the reliability goals.
A pair of person and address is locked for a quarter of an hour after five failures. Beside it stand two slow counters,
so that a thousand addresses cannot guess one password, nor one address a thousand names. A browser that the person has
logged in with before is not held by the counter of the person: its owner cannot be locked out by strangers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from wandeng.domains.organization.models import LoginRecord
from wandeng.domains.organization.types import Attempt


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures within so long close the door."""

    failures: int
    within: timedelta


PAIR = Limit(5, timedelta(minutes=15))
PERSON = Limit(20, timedelta(hours=1))
ADDRESS = Limit(100, timedelta(hours=1))


def locked_until(attempt: Attempt, now: datetime) -> datetime | None:
    """The end of the lock that holds for this attempt; ``None`` when it may be tried."""
    ends = [_end(PAIR, now, person_code=attempt.person_code, address=attempt.address)]
    ends.append(_end(ADDRESS, now, address=attempt.address))
    if not _is_known_device(attempt):
        ends.append(_end(PERSON, now, person_code=attempt.person_code))
    return max((end for end in ends if end), default=None)


def standing(person_code: str, now: datetime) -> tuple[int, datetime | None]:
    """Wrong passwords for a person within a day, and the end of the lock on them, from wherever it holds; ``None`` when
    they may try from everywhere."""
    recent = LoginRecord.objects.filter(person_code=person_code, outcome="WRONG", at__gt=now - timedelta(days=1))
    failed = list(recent.values_list("address", "at"))
    counted = Counter(address for address, at in failed if address and at > now - PAIR.within)
    ends = [
        _end(PAIR, now, person_code=person_code, address=address)
        for address, count in counted.items()
        if count >= PAIR.failures
    ]
    if len(failed) >= PERSON.failures:
        ends.append(_end(PERSON, now, person_code=person_code))
    return len(failed), max((end for end in ends if end), default=None)


def _end(limit: Limit, now: datetime, **by: str) -> datetime | None:
    """When the failure that reached the limit leaves the window. A login that succeeded clears the pair's count, an
    administrator's unlocking every count of the person."""
    rows = LoginRecord.objects.filter(at__gt=now - limit.within, **by).order_by("-at", "-id")
    cleared = [rows.filter(outcome="IN").first()] if limit is PAIR else []
    if person_code := by.get("person_code"):
        freed = LoginRecord.objects.filter(person_code=person_code, outcome="UNLOCKED", at__gt=now - limit.within)
        cleared.append(freed.order_by("-id").first())
    after = max((row.pk for row in cleared if row), default=0)
    failed = list(rows.filter(outcome="WRONG", id__gt=after).values_list("at", flat=True)[: limit.failures])
    return failed[-1] + limit.within if len(failed) == limit.failures else None


def _is_known_device(attempt: Attempt) -> bool:
    if not attempt.device:
        return False
    return LoginRecord.objects.filter(person_code=attempt.person_code, device=attempt.device, outcome="IN").exists()
