"""Time limits of service (服务时限): how soon a step must be done, by whom it was promised or ordered."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows, Strict, TopicModel

LimitUnit = Literal["MINUTE", "HOUR", "DAY", "WORKING_DAY"]
Measure = Literal["EACH", "AVERAGE"]
Applies = Literal[
    "ALL", "RESIDENTIAL", "LOW_VOLTAGE", "SMALL_BUSINESS", "HIGH_VOLTAGE", "HV_SINGLE", "HV_DUAL", "URBAN", "RURAL",
    "REMOTE",
]  # fmt: skip
LimitKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]

BROADER: dict[str, str] = {
    "RESIDENTIAL": "ALL",
    "LOW_VOLTAGE": "ALL",
    "SMALL_BUSINESS": "LOW_VOLTAGE",
    "HIGH_VOLTAGE": "ALL",
    "HV_SINGLE": "HIGH_VOLTAGE",
    "HV_DUAL": "HIGH_VOLTAGE",
    "URBAN": "ALL",
    "RURAL": "ALL",
    "REMOTE": "ALL",
}
"""Where a commitment says nothing of a class, what it says of the broader one holds."""


class LimitFor(Strict):
    """``amount`` units for one class of customers or places. Minutes and hours run day and night; days and working days
    leave out the day on which they start."""

    of: Applies
    amount: Annotated[int, Field(ge=1, le=10_000)]
    unit: LimitUnit


class ServiceLimit(Group):
    """One limit by its key. ``EACH`` holds for every case, ``AVERAGE`` for the mean of many: no clock of a case keeps an
    average."""

    key: LimitKey
    name_zh: Annotated[str, Field(min_length=1)]
    name_en: Annotated[str, Field(min_length=1)]
    measure: Measure
    limits: Rows[LimitFor]

    @model_validator(mode="after")
    def _each_class_once(self) -> ServiceLimit:
        named = [one.of for one in self.limits]
        if not named or len(set(named)) != len(named):
            raise ValueError(f"each class has one limit; found {named}")
        return self

    def limit_for(self, of: str) -> LimitFor | None:
        """What is said of a class, or else of the nearest broader one."""
        said: dict[str, LimitFor] = {one.of: one for one in self.limits}
        name = of
        while name not in said:
            if name not in BROADER:
                return None
            name = BROADER[name]
        return said[name]


class ServiceLimits(TopicModel):
    """The limits of one issuer. ``kind``: an act of law, a regulator's act, a public promise, or internal practice."""

    topic_name: ClassVar[str] = "service_limits"

    kind: Literal["law", "regulation", "promise", "practice"]
    limits: Rows[ServiceLimit]

    @model_validator(mode="after")
    def _each_key_once(self) -> ServiceLimits:
        named = [(one.key, one.measure) for one in self.limits]
        doubled = sorted({f"{key} ({measure})" for key, measure in named if named.count((key, measure)) > 1})
        if doubled:
            raise ValueError(f"given twice: {', '.join(doubled)}")
        return self
