"""Reads of billing for people: runs and their exceptions, and the explanation of a bill."""

from wandeng.domains.billing.queries.explain import explain
from wandeng.domains.billing.queries.runs import exceptions, run, runs

__all__ = ["exceptions", "explain", "run", "runs"]
