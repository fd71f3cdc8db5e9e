"""Tables of cases, one module a subject."""

from wandeng.domains.cases.models.cases import Case, CaseClock, CaseEntry, CasePaper
from wandeng.domains.cases.models.crews import Crew, CrewJob, CrewMember, CrewPosition, CrewProposal
from wandeng.domains.cases.models.ends import CallBack
from wandeng.domains.cases.models.incidents import FeederWatch, IncidentArea, IncidentCase, RepairIncident
from wandeng.domains.cases.models.permits import PermitCheck, WorkPermit
from wandeng.domains.cases.models.retention import EvidenceDestruction, EvidenceHold
from wandeng.domains.cases.models.storms import StormGrouping

__all__ = [
    "CallBack",
    "Case",
    "CaseClock",
    "CaseEntry",
    "CasePaper",
    "Crew",
    "CrewJob",
    "CrewMember",
    "CrewPosition",
    "CrewProposal",
    "EvidenceDestruction",
    "EvidenceHold",
    "FeederWatch",
    "IncidentArea",
    "IncidentCase",
    "PermitCheck",
    "RepairIncident",
    "StormGrouping",
    "WorkPermit",
]
