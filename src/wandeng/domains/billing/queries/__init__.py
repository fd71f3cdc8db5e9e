"""Reads of billing for people: runs and their exceptions, and the explanation of a bill."""

from wandeng.domains.billing.queries.explain import explain
from wandeng.domains.billing.queries.runs import exceptions, run, runs
from wandeng.domains.billing.queries.standing import later_months, place

__all__ = ["exceptions", "explain", "later_months", "place", "run", "runs"]
