"""What people ask of outage plans: ``plans`` (one plan, those of a time), ``rows`` (lists)."""

from wandeng.domains.outages.queries.plans import open_between, plan
from wandeng.domains.outages.queries.rows import plans_rows

__all__ = ["open_between", "plan", "plans_rows"]
