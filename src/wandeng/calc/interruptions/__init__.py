"""Interruptions 停电 as columns: who was off when, without counting a second twice; indices, customers' years, major days.

``STEPS``: an area (``account`` null) or an account of it was off from ``begin`` to ``end``, seconds since 1970; ``customers``
is how many of the area have no other supply. ``SUPPLIES``: every supply of a customer with several, as it stood when
``event`` took one of them.
"""

from wandeng.calc.interruptions.counting import Indices, indices, tallies
from wandeng.calc.interruptions.major import major_day_limit
from wandeng.calc.interruptions.periods import PIECES, STEPS, SUPPLIES, pieces
from wandeng.calc.interruptions.years import Members, year

__all__ = [
    "PIECES",
    "STEPS",
    "SUPPLIES",
    "Indices",
    "Members",
    "indices",
    "major_day_limit",
    "pieces",
    "tallies",
    "year",
]
