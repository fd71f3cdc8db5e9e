"""What people ask of outage plans: ``plans`` (one plan, those of a time), ``rows`` (lists), ``preview``, ``differences`` of versions,
``fairness``, ``fulfilment``, ``written`` (what people write)."""

from wandeng.domains.outages.queries.differences import differences
from wandeng.domains.outages.queries.fairness import fairness
from wandeng.domains.outages.queries.faults import faults
from wandeng.domains.outages.queries.fulfilment import fulfilment
from wandeng.domains.outages.queries.mapped import plan_map
from wandeng.domains.outages.queries.plans import decides, open_between, plan
from wandeng.domains.outages.queries.preview import preview
from wandeng.domains.outages.queries.rows import plans_rows
from wandeng.domains.outages.queries.telling import call_number, call_rows, gap_rows, telling_view
from wandeng.domains.outages.queries.written import isolation_written, moment, request_of, works_written, written

__all__ = [
    "call_number",
    "call_rows",
    "decides",
    "differences",
    "fairness",
    "faults",
    "fulfilment",
    "gap_rows",
    "isolation_written",
    "moment",
    "open_between",
    "plan",
    "plan_map",
    "plans_rows",
    "preview",
    "request_of",
    "telling_view",
    "works_written",
    "written",
]
