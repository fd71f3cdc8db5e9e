"""Writes of losses: days are computed, odd areas followed up, leads made, sent to a case and answered."""

from wandeng.domains.losses.actions.computing import compute
from wandeng.domains.losses.actions.leads import answer, make_leads, sent_to_case
from wandeng.domains.losses.actions.work import find_cause, finish, look_again, open_due, take

__all__ = ["answer", "compute", "find_cause", "finish", "look_again", "make_leads", "open_due", "sent_to_case", "take"]
