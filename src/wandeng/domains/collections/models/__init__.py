"""Arrears: dunning cases with their steps, promises, protected customers."""

from wandeng.domains.collections.models.dunning import DunningCase, DunningStep, PromiseToPay, ProtectedCustomer

__all__ = ["DunningCase", "DunningStep", "PromiseToPay", "ProtectedCustomer"]
