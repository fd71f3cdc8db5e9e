"""Price codes (电价码): which customers there are, and of which parts the price of each is made."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import model_validator

from wandeng.infra.effective.topics.components import Billing, CustomerClass, Voltage
from wandeng.infra.effective.values import Group, Rows, TopicModel


class PricePlan(Group):
    """``basis``: ``components`` adds up purchase, transmission, system operation and funds; ``catalogue`` takes one
    published all-in price, from which the funds are split out (``funds = "split"``) or not shown (``included``).

    ``schedule`` names a time-of-use schedule of the same chain of territories, empty for none. ``catalogue_code`` and
    ``feed_in_code`` name rows of those topics. ``residential_shared`` true takes the residential shared-meter price
    instead of a catalogue row (schools). ``power_factor`` says whether an adjustment line may appear at all; the
    standard itself is a term of the contract.
    """

    code: str
    name_zh: str
    name_en: str
    customer_class: CustomerClass
    basis: Literal["components", "catalogue"]
    billing: Billing
    voltage: Voltage
    funds: Literal["added", "split", "included"]
    power_factor: bool
    schedule: str = ""
    catalogue_code: str = ""
    residential_shared: bool = False
    feed_in_code: str = ""

    @model_validator(mode="after")
    def _basis_has_what_it_needs(self) -> PricePlan:
        sources = bool(self.catalogue_code) + self.residential_shared
        if self.basis == "components" and (sources or self.funds != "added"):
            raise ValueError("basis components adds its funds and takes no catalogue price")
        if self.basis == "catalogue":
            if sources != 1 or self.funds == "added":
                raise ValueError("basis catalogue takes one published price and never adds funds to it")
            if self.billing != "single" or self.schedule:
                raise ValueError("basis catalogue is single-rate, without periods")
        return self


class PricePlans(TopicModel):
    """The price codes of a territory besides the residential ones."""

    topic_name: ClassVar[str] = "price_plans"

    plans: Rows[PricePlan]

    @model_validator(mode="after")
    def _codes_are_unique(self) -> PricePlans:
        codes = [plan.code for plan in self.plans]
        if len(set(codes)) != len(codes):
            raise ValueError(f"price codes must be unique; found {codes}")
        reserved = [code for code in codes if code.split(".")[0] == "residential"]
        if reserved:
            raise ValueError(f"codes beginning with 'residential' come from that topic; found {reserved}")
        return self
