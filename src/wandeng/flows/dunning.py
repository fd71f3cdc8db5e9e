"""The nightly run of dunning (每晚催费): over a unit and all below it, range by range, each one transaction; as a job too.

A range killed halfway was never begun; a range done twice on one day does nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from wandeng.calc import dunning
from wandeng.domains.collections import frames as collections
from wandeng.domains.collections import queries as collected
from wandeng.domains.collections.frames import Night, Taken
from wandeng.domains.notices import actions as notices
from wandeng.domains.notices import frames as notice_frames
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role, UnitNode
from wandeng.domains.payments import frames as payments
from wandeng.flows import nights
from wandeng.flows.nights import Clock, Progress
from wandeng.infra import jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor

RUN = "dunning.run"
COUNTED = ("opened", "closed", "kept", "broken", "messages", "visits")
"""What a job of the run tells of what it did."""
VISITED_BY = {"HIGH_VOLTAGE": Role.ACCOUNT_MANAGER}
"""Who is responsible for a class; the cell manager for all others, and where nobody else holds the post."""


@dataclass(frozen=True, slots=True)
class NightDone:
    """What a run did, over all its ranges."""

    on: date
    ranges: int
    opened: int
    closed: int
    kept: int
    broken: int
    heard: int
    missed: int
    messages: int
    visits: int


def queue(*, unit_code: str, actor: Actor, at: datetime) -> bool:
    """Leave tonight's run of a unit to a worker; returns whether it was not asked for yet at this moment.

    Raises :class:`NotFound`, :class:`NotAllowed`.
    """
    return nights.queue(RUN, action="dunning.run", unit_code=unit_code, actor=actor, at=at)


def handlers(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def of_unit(unit_code: str, on: date, at: datetime, progress: Progress) -> NightDone:
        return run(unit_code=unit_code, on=on, at=at, actor=SYSTEM, progress=progress)

    return {RUN: nights.handler(of_unit, COUNTED, clock)}


def run(
    *, unit_code: str, on: date, at: datetime, actor: Actor, library: RuleLibrary | None = None,
    progress: Progress | None = None,
) -> NightDone:  # fmt: skip
    """Run a night for a unit and all below it, by the rules in force on ``on``.

    Raises :class:`NotFound`, ``NoRuleInForce`` for a territory without a ladder or a year without a calendar.
    """
    rulebook = library or current.library()
    unit = nights.runnable(unit_code, actor)
    notices.install_defaults(actor=actor, at=at)
    by_rule = list(_nights(unit, on, at, actor, rulebook))
    done: list[Taken] = []
    with ColumnStore() as store:
        ranges = [(night, *part) for night in by_rule for part in nights.ranges(store, night.units)]
        for number, (night, first, end) in enumerate(ranges, start=1):
            done.append(_range(store, night, first, end, rulebook))
            if progress:
                progress(number, len(ranges))
    messages = sum(one.messages.height for one in done)
    sums = {name: sum(getattr(one, name) for one in done) for name in NightDone.__slots__ if hasattr(Taken, name)}
    return NightDone(on=on, ranges=len(ranges), **{**sums, "messages": messages})


def _nights(unit: UnitNode, on: date, at: datetime, actor: Actor, library: RuleLibrary) -> Iterator[Night]:
    """One for each territory among the units: they may have other ladders."""
    units = organization.unit_tree(Scope(unit.path))
    staff = _staff(units, on)
    days = dunning.day_table(collected.calendar_around(library, on), on)
    for territory, chosen in nights.by_territory(units):
        rule = collected.dunning_rule(library, on=on, territory=territory)
        yield Night(on, at, actor, rule, days, chosen, staff)


def _staff(units: tuple[UnitNode, ...], on: date) -> pl.DataFrame:
    """Who may be responsible in each unit, by class: those whose post lies nearest above the unit."""
    root = min((one.path for one in units), key=len).partition("/")[0] + "/"
    posts = list(organization.post_rows(Scope(root), on=on).filter(role__in=[Role.CELL_MANAGER, Role.ACCOUNT_MANAGER]))
    paths = {node.code: node.path for node in organization.unit_tree(Scope(root))}
    rows = []
    for unit in units:
        for customer_class in ("RESIDENTIAL", "LOW_VOLTAGE", "HIGH_VOLTAGE"):
            wanted = VISITED_BY.get(customer_class, Role.CELL_MANAGER)
            codes = _nearest(posts, paths, unit, wanted) or _nearest(posts, paths, unit, Role.CELL_MANAGER)
            rows += [(unit.unit_id, customer_class, place, len(codes), code) for place, code in enumerate(codes)]
    schema = {
        "unit_id": pl.Int64, "customer_class": pl.String, "place": pl.Int64, "places": pl.Int64, "code": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema, orient="row")


def _nearest(posts: list[dict[str, object]], paths: Mapping[str, str], unit: UnitNode, role: str) -> list[str]:
    above = [post for post in posts if post["role"] == role and unit.path.startswith(paths[str(post["unit_code"])])]
    nearest = max((len(paths[str(post["unit_code"])]) for post in above), default=0)
    return sorted(str(post["person_code"]) for post in above if len(paths[str(post["unit_code"])]) == nearest)


def _range(store: ColumnStore, night: Night, first: int, end: int, library: RuleLibrary) -> Taken:
    with store.transaction():
        items = payments.open_items(store, on=night.on, account_range=(first, end), library=library)
        taken = collections.run_range(store, night, first, end, items)
        for (template, key), rows in taken.messages.group_by("template", "notice_key", maintain_order=True):
            notice_frames.send_many(
                store, _slots(rows, night.on), key=str(key), template=str(template), at=night.at, actor=night.actor,
                not_before=night.rule.speaks_at(night.at),
            )  # fmt: skip
    return taken


def _slots(rows: pl.DataFrame, on: date) -> pl.DataFrame:
    """What the texts of arrears say beyond name and number."""
    return rows.select(
        "account_id",
        owed=notice_frames.hundredths("open_fen"),
        late_fee=notice_frames.hundredths("fee_fen"),
        due_on=pl.col("oldest_due_on").dt.to_string("%Y-%m-%d"),
        days=(pl.lit(on) - pl.col("oldest_due_on")).dt.total_days().cast(pl.String),
    )
