"""How readings of voltage are judged (电压监测): what is a fault of the data, when a day counts, when voltage is bad for long."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from wandeng.infra.effective.values import Group, Price, TopicModel

Above = Annotated[int, Field(gt=0)]


class DataFaults(Group):
    """What is no voltage, in percent of nominal: ``dead`` below, ``doubled`` between, ``beyond`` above; the same to the last
    digit for ``stuck_minutes``."""

    dead_below_percent: Price
    doubled_from_percent: Price
    doubled_to_percent: Price
    beyond_percent: Price
    stuck_minutes: Above


class Means(Group):
    """The share of a class: the mean of its points' shares, or that of their time together."""

    of: Literal["POINTS", "TIME"]


class LastingDefect(Group):
    """Voltage is bad for long: at least ``minutes_a_day`` out of range on at least ``days`` of the last ``window_days``. A remedy
    is verified by ``verify_days`` monitored days without such a day."""

    minutes_a_day: Above
    days: Above
    window_days: Above
    verify_days: Above


class VoltageMonitoring(TopicModel):
    """Faults of the data, means of classes, the work list."""

    topic_name: ClassVar[str] = "voltage_monitoring"

    data_faults: DataFaults
    means: Means
    lasting: LastingDefect
