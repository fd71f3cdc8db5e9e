"""Arrears by columns: what a night of dunning, and a day of prepay, does to the accounts of a range."""

from wandeng.domains.collections.frames.night import Night, Taken, run_range
from wandeng.domains.collections.frames.orders import after_payments
from wandeng.domains.collections.frames.stored import account_range

__all__ = ["Night", "Taken", "account_range", "after_payments", "run_range"]
