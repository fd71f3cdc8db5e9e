"""Columns of payments: ``open_items`` of accounts; ``take_many`` payments; ``apply_credit`` on bills that came after it."""

from wandeng.domains.payments.frames.batches import NotSuch, Ran, take_many
from wandeng.domains.payments.frames.credit import CreditUsed, apply_credit
from wandeng.domains.payments.frames.items import open_items

__all__ = ["CreditUsed", "NotSuch", "Ran", "apply_credit", "open_items", "take_many"]
