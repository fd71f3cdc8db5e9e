"""Columns of billing: what a run takes, and the steps of a shard.

``accounts_to_bill``, ``longest_period``: what there is to do. ``freeze``, ``price``, ``post``: the steps, each once.
``try_out``: the same into nothing. ``provisional``: what is used and not billed yet, priced up to a day. ``verify``: once
more, compared with what is stored. ``supply``: for the check. ``corrections``: bills that correct bills. ``published``: the
bills that customers may see, for telling them. ``last_months``: which months’ bills end with an account.
"""

from wandeng.domains.billing.frames import corrections
from wandeng.domains.billing.frames.accounts import accounts_to_bill, longest_period
from wandeng.domains.billing.frames.finals import LastMonth, last_months
from wandeng.domains.billing.frames.provisional import provisional
from wandeng.domains.billing.frames.published import published
from wandeng.domains.billing.frames.shards import freeze, jobs, post, price, try_out, verify
from wandeng.domains.billing.frames.supply import supply
from wandeng.domains.billing.frozen import read_book

__all__ = [
    "LastMonth",
    "accounts_to_bill",
    "corrections",
    "freeze",
    "jobs",
    "last_months",
    "longest_period",
    "post",
    "price",
    "provisional",
    "published",
    "read_book",
    "supply",
    "try_out",
    "verify",
]
