"""Outage plans, their versions, whom they interrupt and who approved them."""

from wandeng.domains.outages.models.months import MonthPlan, MonthPlanJob, MonthPlanSolution
from wandeng.domains.outages.models.overruns import OutageOverrun
from wandeng.domains.outages.models.plans import OutageIsolation, OutageWork, PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.models.reviewing import OutageApproval, OutageArea, OutageFinding, OutageImportantUser
from wandeng.domains.outages.models.telling import ImportantCall, OutageTelling, OutageTold

__all__ = [
    "ImportantCall",
    "MonthPlan",
    "MonthPlanJob",
    "MonthPlanSolution",
    "OutageApproval",
    "OutageArea",
    "OutageFinding",
    "OutageImportantUser",
    "OutageIsolation",
    "OutageOverrun",
    "OutageTelling",
    "OutageTold",
    "OutageWork",
    "PlannedOutage",
    "PlannedOutageVersion",
]
