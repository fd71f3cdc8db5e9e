"""The parts a price is made of (发改价格〔2023〕526号): purchase, losses, transmission, system operation, funds;
and the catalogue prices that agriculture keeps."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Exact, Group, Price, Rows, Strict, TopicModel

CustomerClass = Literal["commercial", "residential", "agriculture"]
Voltage = Literal["lt1kv", "10kv", "35kv", "110kv", "220kv"]
Billing = Literal["single", "two_part"]


class BillItem(Strict):
    """A kind of bill line. ``item_id`` is stored with every line for ever: append, never renumber."""

    item_id: Count
    code: str
    name_zh: str
    name_en: str


class BillItems(TopicModel):
    """The lines a bill may have, in the order they are printed."""

    topic_name: ClassVar[str] = "bill_items"

    items: Rows[BillItem]

    @model_validator(mode="after")
    def _ids_are_their_positions(self) -> BillItems:
        if [item.item_id for item in self.items] != list(range(len(self.items))):
            raise ValueError("item_id must be 0, 1, 2 … in the order written")
        if len({item.code for item in self.items}) != len(self.items):
            raise ValueError("item codes must be unique")
        return self


class Component(Group):
    """One price of a group, yuan/kWh; ``item`` is a bill item's code. Deviation items may be negative."""

    item: str
    price: Exact


class AgentPurchase(TopicModel):
    """What the grid company publishes three days before a month: purchase price (代理购电价格), losses of the
    purchased energy (上网环节线损费用), and the parts of system operation (系统运行费用)."""

    topic_name: ClassVar[str] = "agent_purchase"

    components: Rows[Component]

    @model_validator(mode="after")
    def _items_are_unique(self) -> AgentPurchase:
        codes = [component.item for component in self.components]
        if len(set(codes)) != len(codes):
            raise ValueError(f"an item may be priced once; found {codes}")
        return self


class TransmissionPrice(Group):
    """输配电价 of one voltage and way of billing. ``capacity`` yuan/kVA·month, ``demand`` yuan/kW·month: two-part only."""

    voltage: Voltage
    billing: Billing
    energy: Price
    capacity: Price | None = None
    demand: Price | None = None

    @model_validator(mode="after")
    def _two_part_has_both(self) -> TransmissionPrice:
        both = self.capacity is not None and self.demand is not None
        neither = self.capacity is None and self.demand is None
        if not (both if self.billing == "two_part" else neither):
            raise ValueError("two_part needs capacity and demand prices, single has neither")
        return self


class Transmission(TopicModel):
    """Transmission and distribution prices of a regulatory period."""

    topic_name: ClassVar[str] = "transmission"

    prices: Rows[TransmissionPrice]

    @model_validator(mode="after")
    def _cells_are_unique(self) -> Transmission:
        cells = [(price.voltage, price.billing) for price in self.prices]
        if len(set(cells)) != len(cells):
            raise ValueError(f"each voltage and billing has one price; found {cells}")
        return self


class Fund(Group):
    """政府性基金及附加, yuan/kWh by customer class; a class that does not pay it is 0, in so many words."""

    item: str
    commercial: Price
    residential: Price
    agriculture: Price


class Funds(TopicModel):
    """The funds of a territory; each becomes its own bill line."""

    topic_name: ClassVar[str] = "funds"

    funds: Rows[Fund]

    @model_validator(mode="after")
    def _items_are_unique(self) -> Funds:
        codes = [fund.item for fund in self.funds]
        if len(set(codes)) != len(codes):
            raise ValueError(f"a fund may be named once; found {codes}")
        return self


class CataloguePrice(Group):
    """目录电价, yuan/kWh, funds included."""

    code: str
    price: Price


class Catalogue(TopicModel):
    """Published all-in prices (agriculture and what shares the residential price)."""

    topic_name: ClassVar[str] = "catalogue"

    prices: Rows[CataloguePrice]


class FeedInPrice(Group):
    """上网电价, yuan/kWh the utility owes for exported energy."""

    code: str
    price: Price


class FeedIn(TopicModel):
    """What embedded generation is paid."""

    topic_name: ClassVar[str] = "feed_in"

    prices: Annotated[Rows[FeedInPrice], Field(min_length=1)]
