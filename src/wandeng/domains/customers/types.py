"""Values that other domains get from customers."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.kernel.errors import InvalidInput

PHONE_COLUMN = "customers_contact.phone"
"""Names that ``infra.pii`` derives keys from: whoever seals, opens or indexes these columns uses the same ones."""
PHONE_TAIL_COLUMN = "customers_contact.phone_tail"
ID_NUMBER_COLUMN = "customers_customer.id_number"


@dataclass(frozen=True, slots=True)
class AccountSet:
    """Whole accounts, chosen by id range, by unit subtree, or both: what a shard of columns is cut by.

    ``from_id <= id < to_id``; ``unit_path`` is a unit's path (a prefix is a subtree). At least one must be given.

    >>> AccountSet.one(7)
    AccountSet(from_id=7, to_id=8, unit_path='')
    """

    from_id: int | None = None
    to_id: int | None = None
    unit_path: str = ""

    def __post_init__(self) -> None:
        if (self.from_id is None) != (self.to_id is None):
            raise InvalidInput("an account range needs both ends")
        if self.from_id is None and not self.unit_path:
            raise InvalidInput("choose accounts by range, by unit, or by both")

    @classmethod
    def one(cls, account_id: int) -> AccountSet:
        return cls(account_id, account_id + 1)

    def where(self, alias: str) -> tuple[str, tuple[int | str, ...]]:
        """An SQL condition on the account table named ``alias``, with its parameters."""
        parts: list[str] = []
        params: list[int | str] = []
        if self.from_id is not None and self.to_id is not None:
            parts.append(f"{alias}.id >= ? AND {alias}.id < ?")
            params += [self.from_id, self.to_id]
        if self.unit_path:
            length = len(self.unit_path)
            parts.append(f"{alias}.unit_id IN (SELECT id FROM organization_unit WHERE substr(path, 1, {length}) = ?)")
            params.append(self.unit_path)
        return " AND ".join(parts), tuple(params)
