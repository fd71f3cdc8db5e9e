"""What is known of areas without supply, from every domain that knows something, as the columns that ``calc`` merges."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import polars as pl

from wandeng.calc.supply_status import FACTS, Kind, Source
from wandeng.domains.cases import frames as cases
from wandeng.domains.emergency.queries import estimates
from wandeng.domains.outages.frames import standing as plans
from wandeng.domains.outages.queries.announced import days_announced
from wandeng.domains.rationing.frames import standing as rationing
from wandeng.domains.reliability.frames import ongoing
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.repairs import Repairs
from wandeng.kernel.periods import BILLING_ZONE

Areas = Collection[int] | None
INCIDENT = "cases.incident:"
"""How an interruption names the incident it comes from."""
PLAN = "outages.plan:"
"""The same of a plan."""
ORDER = "rationing.order:"
"""The same of an order to ration."""


def facts(areas: Areas = None, *, now: datetime, library: RuleLibrary) -> pl.DataFrame:
    """``calc.supply_status.FACTS`` of these areas, or of all; read by the connection of whoever asks."""
    parts = [
        _incidents(areas, now, library),
        _reports(areas, now, library),
        _ongoing(areas),
        _plans(areas, now, library),
    ]
    return pl.concat([part.select(FACTS.names()).cast(FACTS) for part in parts])


def ahead(now: datetime, library: RuleLibrary) -> timedelta:
    """How far ahead a planned outage is told to everybody. Raises ``NoRuleInForce``."""
    return timedelta(days=days_announced(now.astimezone(BILLING_ZONE).date(), library))


def _incidents(areas: Areas, now: datetime, library: RuleLibrary) -> pl.DataFrame:
    """Open incidents as ``emergency`` knows them: areas that are back are gone, and when nobody has said, earlier repairs tell.
    How far the repair is, ``cases`` knows."""
    steps = cases.open_incidents(areas).select("area", "step", "territory", event=INCIDENT + pl.col("number"))
    stages = [
        (territory, step, stage)
        for territory, rule in _rules(steps, now, library).items()
        for step, stage in (
            (rule.steps.dispatch, "SENT"), (rule.steps.accept, "ON_THE_WAY"), (rule.steps.arrive, "ON_SITE"),
            (rule.steps.restore, "ON_SITE"),
        )
    ]  # fmt: skip
    named = pl.DataFrame(stages, schema=["territory", "step", "stage"], orient="row", schema_overrides=_TEXTS)
    return (
        estimates.by_area(areas, now=now, library=library)
        .join(steps, on=["area", "event"], how="left")
        .join(named, on=["territory", "step"], how="left")
        .with_columns(pl.col("stage").fill_null(""), kind=pl.lit(Kind.FAULT), reason=pl.lit(""))
    )


def _reports(areas: Areas, now: datetime, library: RuleLibrary) -> pl.DataFrame:
    """Calls about faults that are not one customer's own."""
    found = cases.open_reports(areas)
    kept = [
        (pl.col("territory") == territory)
        & (pl.col("process") == rule.steps.process)
        & ~pl.col("first_class").is_in(list(rule.grouping.apart))
        for territory, rule in _rules(found, now, library).items()
    ]
    faults = found.filter(pl.any_horizontal(kept)) if kept else found.clear()
    return faults.with_columns(
        event="cases.case:" + pl.col("number"),
        kind=pl.lit(Kind.REPORT),
        until=pl.lit(None, pl.Datetime("us", "UTC")),
        source=pl.lit(""), confidence=pl.lit(""), stage=pl.lit(""), reason=pl.lit(""),
    )  # fmt: skip


def _ongoing(areas: Areas) -> pl.DataFrame:
    """Interruptions that go on. One that comes from an incident or a plan is told with it, because it carries its name."""
    found = ongoing.ongoing(areas)
    kind = pl.col("kind")
    fault, rationed = kind.str.starts_with("FAULT"), kind.str.starts_with("RATIONING")
    return found.with_columns(
        event=pl.when(pl.col("belongs_to") == "")
        .then("reliability.interruption:" + pl.col("number"))
        .otherwise(pl.col("belongs_to")),
        kind=pl.when(fault).then(pl.lit(Kind.FAULT)).otherwise(pl.lit(Kind.PLANNED)),
        until=pl.lit(None, pl.Datetime("us", "UTC")),
        source=pl.lit(""),
        confidence=pl.lit(""),
        stage=pl.lit(""),
        reason=pl.when(rationed).then(pl.lit("RATIONING")).otherwise(pl.lit("")),
    )


def _plans(areas: Areas, now: datetime, library: RuleLibrary) -> pl.DataFrame:
    """Published and running plans, and orders to ration. One that was never begun ends with its window; one that runs ends area by
    area, as its switching log says."""
    before = now + ahead(now, library)
    rationed = rationing.standing(areas, before=before).with_columns(
        event=ORDER + pl.col("number"), reason=pl.lit("RATIONING")
    )
    found = pl.concat(
        [plans.standing(areas, before=before).with_columns(event=PLAN + pl.col("number")), rationed], how="diagonal"
    )
    running = found.filter("is_running").get_column("event").unique().to_list()
    back = ongoing.restored(running)
    stands = found.filter(pl.col("is_running") | (pl.col("until") > now))
    return stands.join(back, left_on=["area", "event"], right_on=["area", "belongs_to"], how="anti").with_columns(
        kind=pl.lit(Kind.PLANNED),
        since=pl.when("is_running")
        .then(pl.min_horizontal("since", pl.lit(now, plans.STANDING["since"])))
        .otherwise("since"),
        source=pl.lit(Source.PLAN),
        confidence=pl.lit(""),
        stage=pl.lit(""),
    )


_TEXTS = {"territory": pl.String, "step": pl.String, "stage": pl.String}


def _rules(found: pl.DataFrame, now: datetime, library: RuleLibrary) -> dict[str, Repairs]:
    """The rule of repairs of each territory that is named; one without such a rule is left out."""
    on = now.astimezone(BILLING_ZONE).date()
    named = set(found.get_column("territory").unique().to_list())
    return {territory: rule for territory, rule in library.in_force(Repairs, on=on).items() if territory in named}
