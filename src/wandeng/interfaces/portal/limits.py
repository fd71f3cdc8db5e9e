"""How often one address may ask, so that nobody tries links out.

Looks are counted in the memory of each process, for minutes. Links that open nothing are counted in the database too, so
that who has used them up with several processes has one more with each of them at most; a good link asks no counter there.

A door that looks up what was typed counts its looks across processes as well, ten at once: who looks now and then costs no write,
and who looks all the time with several processes has nine more with each of them at most. While the database is down each process
goes by its own memory, since an answer matters more then than a count.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from django.db import DatabaseError

from wandeng.infra import quotas

WINDOW = timedelta(minutes=10)
MISSES, LOOKS = 20, 600
MISSED = "portal.missed_link"
"""Within a window from one address: links that open nothing, and looks altogether; an office shares one address."""
AT_ONCE = 10
"""So many looks are counted for all processes by one write."""
MOST_ADDRESSES = 10_000


class Gate:
    """Counts what an address asked within the window; the address that came first is forgotten when there are too many.

    ``looked`` names the looks that all processes count together; without it each process counts its own.
    """

    def __init__(self, looked: str = "") -> None:
        self._looked = looked
        self._seen: OrderedDict[str, tuple[datetime, int, int]] = OrderedDict()
        self._lock = Lock()

    def lets(self, address: str, *, at: datetime) -> bool:
        """Count a look, and say whether it may be had."""
        with self._lock:
            since, looks, misses = self._standing(address, at)
            self._keep(address, (since, looks + 1, misses))
        if looks >= LOOKS or misses >= MISSES:
            return False
        if not self._looked or (looks + 1) % AT_ONCE or self._has_left(address, at):
            return True
        with self._lock:
            self._keep(address, (since, LOOKS, misses))
        return False

    def _has_left(self, address: str, at: datetime) -> bool:
        """Count the last looks for all processes."""
        try:
            return quotas.spend(self._looked, address, max(1, LOOKS // AT_ONCE), WINDOW, at)
        except DatabaseError:
            return True

    def missed(self, address: str, *, at: datetime) -> None:
        """Count a link that opened nothing, here and for the other processes."""
        had = quotas.spend(MISSED, address, MISSES, WINDOW, at)
        with self._lock:
            since, looks, misses = self._standing(address, at)
            self._keep(address, (since, looks, misses + 1 if had else MISSES))

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._seen.clear()

    def _standing(self, address: str, at: datetime) -> tuple[datetime, int, int]:
        found = self._seen.get(address)
        return found if found and at - found[0] < WINDOW else (at, 0, 0)

    def _keep(self, address: str, standing: tuple[datetime, int, int]) -> None:
        self._seen[address] = standing
        while len(self._seen) > MOST_ADDRESSES:
            self._seen.popitem(last=False)


GATE = Gate()
