"""Clocks of promises (限时办结): when a limit ends, how much of it is used, when to warn.

A limit is counted in one of four units. Minutes and hours (``MINUTE``, ``HOUR``) run day and night from the instant the
clock starts. Days and working days (``DAY``, ``WORKING_DAY``) are whole days of 24 hours: the day on which the clock starts
is not counted, so they run from the next midnight, and working days stand still on days off. While a clock is paused no
time counts; a pause is a half-open interval, pauses may overlap, and an open one lasts until somebody ends it. So a pause
moves a deadline by exactly the counted time it covers. Nothing here is stored: a corrected calendar or pause gives another
deadline, the same facts give the same one.

``clock`` answers for one clock, ``columns`` for a million; ``calc.oracle.clocks`` says the same by walking through time.
"""
