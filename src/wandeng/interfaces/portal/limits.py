"""How often one address may ask, so that nobody tries links out.

Looks are counted in the memory of each process, for minutes. Links that open nothing are counted in the database too, so
that who has used them up with several processes has one more with each of them at most; a good link asks no counter there.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from wandeng.infra import quotas

WINDOW = timedelta(minutes=10)
MISSES, LOOKS = 20, 600
MISSED = "portal.missed_link"
"""Within a window from one address: links that open nothing, and looks altogether; an office shares one address."""
MOST_ADDRESSES = 10_000


class Gate:
    """Counts what an address asked within the window; the address that came first is forgotten when there are too many."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[datetime, int, int]] = OrderedDict()
        self._lock = Lock()

    def lets(self, address: str, *, at: datetime) -> bool:
        """Count a look, and say whether it may be had."""
        with self._lock:
            since, looks, misses = self._standing(address, at)
            self._keep(address, (since, looks + 1, misses))
            return looks < LOOKS and misses < MISSES

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
