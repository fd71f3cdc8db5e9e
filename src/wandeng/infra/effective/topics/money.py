"""How money that comes in is laid on what is owed (销账), and which decisions about money take a second person."""

from __future__ import annotations

from typing import ClassVar, Literal

from wandeng.infra.effective.values import Group, Price, TopicModel


class SettlingOrder(Group):
    """``bills``: which bill first where the payer names none. ``late_fee``: each fee just before its own bill, or all
    fees before any bill."""

    bills: Literal["oldest_first", "newest_first"]
    late_fee: Literal["with_each_bill", "before_all_bills"]


class SecondPerson(Group):
    """Amounts above which a second person decides; 0: every amount."""

    reversal_yuan: Price
    refund_yuan: Price
    waiver_yuan: Price
    write_off_yuan: Price
    transfer_yuan: Price


class PaymentAllocation(TopicModel):
    """收费销账顺序与复核限额."""

    topic_name: ClassVar[str] = "payment_allocation"

    order: SettlingOrder
    second_person: SecondPerson
