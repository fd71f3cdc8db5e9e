"""Storms (应急抢修): how far events of supply are believed, how sure a probable device is, when a repair is probably done, how calls
are grouped in storm mode, and how far an emergency generator is sent."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from wandeng.infra.effective.values import Count, Group, TopicModel

Text = Annotated[str, Field(min_length=1)]
Above = Annotated[int, Field(gt=0)]
Percent = Annotated[int, Field(gt=0, le=100)]


class Believing(Group):
    """How far events of meters, terminals and switches are believed: see ``calc.supply_events``."""

    momentary_seconds: Count
    dark_hours: Above
    lit_minutes: Above
    flaps: Annotated[int, Field(ge=2)]
    flap_minutes: Above
    ahead_seconds: Count


class Sureness(Group):
    """From which share of dark areas and how many reports on a probable device is sure (``calc.probable_device``); reports count
    for ``report_hours``."""

    high_share: Percent
    high_reports: Above
    medium_share: Percent
    medium_reports: Above
    report_hours: Above


class Expecting(Group):
    """A first expected time from past repairs: within which ``percent`` of them were done, told of no fewer than ``least`` within
    ``years``; MEDIUM sure from ``medium_cases`` on."""

    percent: Percent
    least: Above
    medium_cases: Above
    years: Above


class Storm(Group):
    """What stands in the storm form before a person changes it: so many callers of a transformer, and so many transformers of a
    feeder, make an incident; and what the telephone says."""

    window_minutes: Above
    transformer_cases: Above
    feeder_transformers: Annotated[int, Field(ge=2)]
    announcement_zh: Text
    announcement_en: Text


class Generators(Group):
    """How far an emergency generator is sent, and how fast it comes, as the crow flies."""

    reach_m: Above
    metres_a_minute: Above


class Emergency(TopicModel):
    """What is done in a storm."""

    topic_name: ClassVar[str] = "emergency"

    believing: Believing
    sureness: Sureness
    expecting: Expecting
    storm: Storm
    generators: Generators
