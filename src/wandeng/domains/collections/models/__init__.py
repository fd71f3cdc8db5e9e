"""Arrears: dunning cases with their steps, promises, protected customers; orders to cut and to reconnect;
prepay agreements with their days and episodes."""

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
from wandeng.domains.collections.models.prepay import (
    PrepayAgreement,
    PrepayDay,
    PrepayEpisode,
    PrepayEstimate,
    PrepayTrueUp,
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
    "PrepayAgreement",
    "PrepayDay",
    "PrepayEpisode",
    "PrepayEstimate",
    "PrepayTrueUp",
    "PromiseToPay",
    "ProtectedCustomer",
    "ReconnectionOrder",
    "SignedInstruction",
]
