"""Reads of billing for people: ``lists`` rows of runs, exceptions and bills; ``desk`` and ``figures`` what a run's page
shows; ``bills`` single bills and their corrections; ``compare`` two months; ``overview`` the first look in the morning;
``waiting`` what waits for others."""

from wandeng.domains.billing.queries.adjustments import cases
from wandeng.domains.billing.queries.adjustments import lines_of as adjusted_lines
from wandeng.domains.billing.queries.bills import (
    compared,
    correction_of_run,
    corrections_of,
    explain_bill,
    key,
    months_billed,
)
from wandeng.domains.billing.queries.compare import compare
from wandeng.domains.billing.queries.desk import (
    exception_counts,
    history,
    previewed,
    progress,
    ready_to_retake,
    run_desk,
    verified,
)
from wandeng.domains.billing.queries.explain import explain
from wandeng.domains.billing.queries.figures import code_totals, spread
from wandeng.domains.billing.queries.finals import final_bill, final_months
from wandeng.domains.billing.queries.lists import bill_rows, exception_rows, run_rows
from wandeng.domains.billing.queries.overview import (
    last_month_billed,
    month_totals,
    moved_most,
    open_exceptions,
    runs_waiting,
)
from wandeng.domains.billing.queries.runs import exceptions, run, runs
from wandeng.domains.billing.queries.standing import later_months, place

__all__ = [
    "adjusted_lines",
    "bill_rows",
    "cases",
    "code_totals",
    "compare",
    "compared",
    "correction_of_run",
    "corrections_of",
    "exception_counts",
    "exception_rows",
    "exceptions",
    "explain",
    "explain_bill",
    "final_bill",
    "final_months",
    "history",
    "key",
    "last_month_billed",
    "later_months",
    "month_totals",
    "months_billed",
    "moved_most",
    "open_exceptions",
    "place",
    "previewed",
    "progress",
    "ready_to_retake",
    "run",
    "run_desk",
    "run_rows",
    "runs",
    "runs_waiting",
    "spread",
    "verified",
]
