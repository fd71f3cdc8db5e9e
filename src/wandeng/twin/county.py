"""The shape of the demonstration county: how many of what, and which price each class pays.

Modeled on a county of 334,000 customers, 78,000 of them in town under a customer centre and 256,000 in the country under
23 supply offices. Everything scales with the number of customers; the same seed gives the same county.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import polars as pl

from wandeng.kernel.periods import Month

FULL_SIZE = 334_000
URBAN_SHARE = 78_000 / FULL_SIZE
OFFICES = 23
TERRITORY = "demo"
ROOT = "QX"
CENTRE = "QX-00"

FIRST_FREEZE = Month(2024, 11)
LAST_FREEZE = Month(2026, 11)

SEED = 2018

CUSTOMERS_PER_TRANSFORMER = 81
CUSTOMERS_PER_FEEDER = 1_425
FEEDERS_PER_SUBSTATION = 8


@dataclass(frozen=True, slots=True)
class Class:
    """A class of contract: its share of all customers and what follows from it."""

    name: str
    share: float
    price_code: str
    customer_class: str
    capacity_kva: tuple[int, int]
    hours: tuple[int, int]
    """Monthly use in hours of the capacity, low and high."""
    voltage: str = "AC02202"
    registers: bool = False
    """Has period registers, a reactive register and a demand register."""
    own_transformer: bool = False
    pf_standard: int = 0
    basic_method: int = 0


CLASSES = (
    Class("home", 0.750, "demo.residential", "RESIDENTIAL", (6, 10), (8, 40)),
    Class("home_tou", 0.100, "demo.residential.tou", "RESIDENTIAL", (8, 12), (15, 60), registers=True),
    Class("home_shared", 0.008, "demo.residential.shared", "RESIDENTIAL", (20, 60), (60, 120)),
    Class("home_large", 0.030, "demo.residential", "RESIDENTIAL", (8, 12), (25, 60)),
    Class("home_granted", 0.018, "demo.residential", "RESIDENTIAL", (4, 6), (5, 20)),
    Class("shop", 0.055, "demo.commercial.lv", "LOW_VOLTAGE", (5, 30), (30, 150)),
    Class("shop_tou", 0.009, "demo.commercial.lv.tou", "LOW_VOLTAGE", (30, 90), (80, 220), "AC03802", True),
    Class("farm", 0.012, "demo.agriculture", "LOW_VOLTAGE", (5, 40), (10, 80), "AC03802"),
    Class("school", 0.003, "demo.school", "LOW_VOLTAGE", (40, 90), (40, 120), "AC03802"),
    Class("lights", 0.003, "demo.street_lighting", "LOW_VOLTAGE", (5, 20), (250, 330), "AC03802"),
    Class("temporary", 0.002, "demo.temporary", "LOW_VOLTAGE", (20, 80), (40, 150), "AC03802"),
    Class("ev", 0.001, "demo.ev_charging", "HIGH_VOLTAGE", (315, 800), (40, 120), "AC00101", True, True),
    Class("irrigation", 0.001, "demo.irrigation", "HIGH_VOLTAGE", (100, 250), (10, 120), "AC00101", True, True, 80),
    Class("plant_single", 0.003, "demo.commercial.10kv.tou", "HIGH_VOLTAGE", (100, 250), (80, 250), "AC00101", True, True, 85),
    Class("works_capacity", 0.003, "demo.two_part.10kv", "HIGH_VOLTAGE", (315, 1000), (150, 380), "AC00101", True, True, 90, 1),
    Class("works_contract", 0.001, "demo.two_part.10kv", "HIGH_VOLTAGE", (630, 2000), (180, 420), "AC00101", True, True, 90, 2),
    Class("works_demand", 0.001, "demo.two_part.10kv", "HIGH_VOLTAGE", (630, 2500), (180, 450), "AC00101", True, True, 90, 3),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What to generate. Readings are frozen on the first of every month from ``first`` to ``last`` inclusive."""

    customers: int = 20_000
    seed: int = SEED
    first: Month = FIRST_FREEZE
    last: Month = LAST_FREEZE

    @property
    def freezes(self) -> list[date]:
        return [Month.from_index(i).first for i in range(self.first.index, self.last.index + 1)]

    @property
    def curve_month(self) -> Month:
        return self.last.previous()

    def rng(self, topic: str) -> np.random.Generator:
        """A generator of its own for each topic, so that a change in one leaves the others as they were."""
        return np.random.default_rng([self.seed, *topic.encode()])


@dataclass(frozen=True)
class County:
    """Everything the county is made of, as frames with the columns of the import files (plus working columns)."""

    plan: Plan
    units: pl.DataFrame
    people: pl.DataFrame
    posts: pl.DataFrame
    network: dict[str, pl.DataFrame]
    points: pl.DataFrame
    """One row per usage point, with its class, capacity and account columns."""


@cache
def words() -> dict[str, Any]:
    """The word lists of ``names.toml``."""
    return tomllib.loads(resources.files("wandeng.twin").joinpath("names.toml").read_text("utf-8"))
