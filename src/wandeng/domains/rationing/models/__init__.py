"""Tables of rationing: ``schemes`` (schemes and who takes part), ``orders`` (orders and whom they take), ``telling``."""

from wandeng.domains.rationing.models.orders import RationingOrder, RationingShare, RationingShareArea
from wandeng.domains.rationing.models.schemes import RationingParticipant, RationingScheme
from wandeng.domains.rationing.models.telling import RationingCall, RationingTelling, RationingTold

__all__ = [
    "RationingCall",
    "RationingOrder",
    "RationingParticipant",
    "RationingScheme",
    "RationingShare",
    "RationingShareArea",
    "RationingTelling",
    "RationingTold",
]
