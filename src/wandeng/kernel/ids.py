"""Typed identifiers: an account id is never mistaken for a usage point's."""

from __future__ import annotations

from typing import NewType

UnitId = NewType("UnitId", int)
PersonId = NewType("PersonId", int)
CustomerId = NewType("CustomerId", int)
AccountId = NewType("AccountId", int)
UsagePointId = NewType("UsagePointId", int)
TransformerId = NewType("TransformerId", int)
SwitchId = NewType("SwitchId", int)
InstallationId = NewType("InstallationId", int)
BillId = NewType("BillId", int)
RunId = NewType("RunId", int)
EntryId = NewType("EntryId", int)
