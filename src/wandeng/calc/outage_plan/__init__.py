"""Month plan of outages (月度停电计划优化): when each job is done, so that the fewest customers are interrupted, the fewest times.

``problem`` is what is given, ``openings`` where a job could begin alone, ``greedy`` the planner's own way, ``atoms`` and
``model`` what the solver sees, ``planning`` the answer, ``figures`` and ``findings`` what it comes to and what is wrong with it.
"""

from wandeng.calc.outage_plan.figures import Figures, evaluate
from wandeng.calc.outage_plan.findings import JobFinding, find
from wandeng.calc.outage_plan.openings import Rule
from wandeng.calc.outage_plan.planning import Effort, Placement, Plan, plan
from wandeng.calc.outage_plan.problem import (
    Area,
    CrewCapacity,
    Forbidden,
    Job,
    Prices,
    Problem,
    Room,
    Side,
    Start,
    Window,
)
from wandeng.calc.outage_plan.reasons import Reason, reasons

__all__ = [
    "Area",
    "CrewCapacity",
    "Effort",
    "Figures",
    "Forbidden",
    "Job",
    "JobFinding",
    "Placement",
    "Plan",
    "Prices",
    "Problem",
    "Reason",
    "Room",
    "Rule",
    "Side",
    "Start",
    "Window",
    "evaluate",
    "find",
    "plan",
    "reasons",
]
