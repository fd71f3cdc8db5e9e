"""The slow pricer: the rules of a bill as plain Python, one account at a time, whole numbers and exact fractions.

It is the executable specification of ``wandeng.calc.rating`` and the oracle of its tests. It shares no arithmetic with
it: no columns, no cumulative tricks where a walk will do, its own rounding. Only the contract (``rating.frames``) and
``kernel.periods`` are common to both. Read ``pricing.price_account`` from top to bottom to learn how a bill is made.
"""
