"""What people do with the network: ``switching`` records what was operated, ``points`` connects and changes usage points,
``equipment`` takes up a customer's own transformer."""

from wandeng.domains.network.actions.equipment import build_transformer
from wandeng.domains.network.actions.points import change_point, connect_point, disconnect_point
from wandeng.domains.network.actions.switching import AlreadyInPosition, OperationOutOfOrder, record_switching

__all__ = [
    "AlreadyInPosition",
    "OperationOutOfOrder",
    "build_transformer",
    "change_point",
    "connect_point",
    "disconnect_point",
    "record_switching",
]
