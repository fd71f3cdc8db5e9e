"""Tables of emergency, one module a subject."""

from wandeng.domains.emergency.models.faults import FaultConfirmation, RestorationEstimate, SwitchRating
from wandeng.domains.emergency.models.generators import BackupSupply, EmergencyGenerator, GeneratorDispatch
from wandeng.domains.emergency.models.storms import StormMode, SupplyEvent

__all__ = [
    "BackupSupply",
    "EmergencyGenerator",
    "FaultConfirmation",
    "GeneratorDispatch",
    "RestorationEstimate",
    "StormMode",
    "SupplyEvent",
    "SwitchRating",
]
