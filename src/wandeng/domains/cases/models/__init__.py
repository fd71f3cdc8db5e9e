"""Tables of cases, one module a subject."""

from wandeng.domains.cases.models.cases import Case, CaseClock, CaseEntry, CasePaper
from wandeng.domains.cases.models.ends import CallBack

__all__ = ["CallBack", "Case", "CaseClock", "CaseEntry", "CasePaper"]
