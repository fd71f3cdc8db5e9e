"""Arrears: dunning cases with their steps, promises, protected customers; orders to cut and to reconnect."""

from wandeng.domains.collections.models.dunning import DunningCase, DunningStep, PromiseToPay, ProtectedCustomer
from wandeng.domains.collections.models.orders import (
    LIVE,
    DisconnectionHalt,
    DisconnectionOrder,
    DisconnectionQuota,
    DispatchRefusal,
    InstructionChannel,
    InstructionReceipt,
    ReconnectionOrder,
    SignedInstruction,
)

__all__ = [
    "LIVE",
    "DisconnectionHalt",
    "DisconnectionOrder",
    "DisconnectionQuota",
    "DispatchRefusal",
    "DunningCase",
    "DunningStep",
    "InstructionChannel",
    "InstructionReceipt",
    "PromiseToPay",
    "ProtectedCustomer",
    "ReconnectionOrder",
    "SignedInstruction",
]
