"""A night of dunning for a range of accounts: hear, judge, close, open, and take the steps that are due.

One transaction on one connection; killed anywhere and run again, nothing is done twice, because a step that was taken
today is not due today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from wandeng.calc import arrears, dunning
from wandeng.domains.collections import states
from wandeng.domains.collections.frames import stored
from wandeng.domains.collections.models import DunningCase, DunningStep, PromiseToPay
from wandeng.domains.collections.rules import DunningRule
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.transitions import move_many
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

_NO_STEP = -1
STEPS = pl.Schema(
    {
        "step_id": pl.Int64, "account_id": pl.Int64, "kind": pl.String, "by": pl.String, "template": pl.String,
        "notice_key": pl.String, "open_fen": pl.Int64, "fee_fen": pl.Int64, "oldest_due_on": pl.Date,
    }
)  # fmt: skip
"""Steps that were taken."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a run goes by. ``units``: whose accounts; ``staff``: who may be responsible, as columns ``unit_id``,
    ``customer_class``, ``place`` (0, 1, …), ``places`` (how many), ``code``."""

    on: date
    at: datetime
    actor: Actor
    rule: DunningRule
    days: dunning.Days
    units: tuple[int, ...]
    staff: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Taken:
    """What was done. ``messages``: steps to be sent: ``step_id``, ``account_id``, ``template``,
    ``notice_key``, ``open_fen``, ``fee_fen``, ``oldest_due_on``; the caller sends them in the same transaction."""

    opened: int
    closed: int
    kept: int
    broken: int
    heard: int
    missed: int
    visits: int
    messages: pl.DataFrame


def run_range(store: ColumnStore, night: Night, first: int, end: int, items: pl.DataFrame) -> Taken:
    """Do it for accounts ``first`` ≤ id < ``end`` of the night's units, inside the caller's transaction. ``items``: their
    open items, ``calc.arrears.ITEMS`` and ``fee_fen``.
    """
    credits, planned = stored.credits(store, first, end), stored.planned(store, first, end)
    reached, missed = _hear(store, night, first, end)
    places = stored.places(store, night.units, first, end)
    overdue = _overdue(places, items, credits, planned, night)
    kept, broken = _judge(store, night, first, end, items, credits)
    standing = stored.cases(store, night.units, first, end)
    closed = _close(store, night, standing, overdue, planned, kept)
    standing = standing.filter(~pl.col("case_id").is_in(closed))
    opened = _open(store, night, standing, overdue.filter(pl.col("open_fen") >= night.rule.least_fen))
    alive = pl.concat([standing, opened], how="diagonal") if opened.height else standing
    steps = _step(store, night, alive, overdue, stored.holding(store, first, end),
                  stored.protected(store, first, end, night.on))  # fmt: skip
    messages, visits = (steps.filter(pl.col("by") == by) for by in ("MESSAGE", "PERSON"))
    return Taken(opened.height, len(closed), len(kept), len(broken), reached, missed, visits.height, messages)


def _overdue(
    places: pl.DataFrame, items: pl.DataFrame, credits: pl.DataFrame, planned: pl.DataFrame, night: Night
) -> pl.DataFrame:
    """What is overdue of the night's accounts, those with a running plan left out, with late fee, class and unit."""
    late = arrears.overdue(items.select(arrears.ITEMS.names()), credits, on=night.on)
    fees = items.group_by("account_id").agg(pl.col("fee_fen").sum())
    return (
        late.join(places, on="account_id", how="inner")
        .join(planned, on="account_id", how="anti")
        .join(fees, on="account_id", how="left")
        .with_columns(pl.col("fee_fen").fill_null(0))
    )


def _hear(store: ColumnStore, night: Night, first: int, end: int) -> tuple[int, int]:
    """Note how messages went since: reached or missed; returns how many of each."""
    told = stored.heard(store, first, end)
    here = told.filter((pl.col("state") == "DELIVERED") & pl.col("reached_at").is_not_null())
    lost = told.filter(pl.col("state") != "DELIVERED")
    stored.overwrite(store, DunningStep, here.select("id", "channel", "reached_at"))
    moved = []
    for rows, verb in ((here, "reach"), (lost, "miss")):
        chosen = rows["id"].to_list()
        moved.append(
            move_many(store, DunningStep, states.STEP, verb, chosen, actor=night.actor, at=night.at) if chosen else []
        )
    return len(moved[0]), len(moved[1])


def _judge(
    store: ColumnStore, night: Night, first: int, end: int, items: pl.DataFrame, credits: pl.DataFrame
) -> tuple[list[int], list[int]]:
    """Judge promises by what was paid of the bills they cover; returns the cases whose promise was kept, and broken."""
    promises = stored.holding(store, first, end)
    if promises.is_empty():
        return [], []
    covered = promises.join(items.select("account_id", "due_on", left="open_fen"), on="account_id", how="left")
    counts = (pl.col("due_on") <= pl.col("covers_due_to")) | (pl.col("left") < 0)
    owed = covered.group_by("promise_id").agg(left=pl.when(counts).then(pl.col("left")).otherwise(0).sum())
    judged = (
        promises.join(owed, on="promise_id", how="left")
        .join(credits, on="account_id", how="left")
        .with_columns(
            paid_fen=pl.col("open_fen")
            - (pl.col("left").fill_null(0) - pl.col("credit_fen").fill_null(0)).clip(lower_bound=0)
        )
    )
    kept = judged.filter(pl.col("paid_fen") >= pl.col("amount_fen"))
    broken = judged.filter((pl.col("paid_fen") < pl.col("amount_fen")) & (pl.col("promised_on") < night.on))
    for rows, verb in ((kept, "keep"), (broken, "break")):
        if rows.is_empty():
            continue
        said = rows.select(id="promise_id", paid_fen="paid_fen", decided_on=pl.lit(night.on))
        stored.overwrite(store, PromiseToPay, said)
        move_many(store, PromiseToPay, states.PROMISE, verb, said["id"].to_list(), actor=night.actor, at=night.at)
        cases = rows["case_id"].to_list()
        move_many(store, DunningCase, states.CASE, "release", cases, actor=night.actor, at=night.at, reason=verb)
    return kept["case_id"].to_list(), broken["case_id"].to_list()


def _close(
    store: ColumnStore, night: Night, standing: pl.DataFrame, overdue: pl.DataFrame, planned: pl.DataFrame,
    kept: list[int],
) -> list[int]:  # fmt: skip
    """Close cases whose accounts owe nothing any more, or less than is dunned for; returns them."""
    left = standing.join(overdue.select("account_id", "open_fen"), on="account_id", how="left").join(
        planned.with_columns(has_plan=True), on="account_id", how="left"
    )
    over = left.filter(pl.col("open_fen").is_null() | (pl.col("open_fen") < night.rule.least_fen)).with_columns(
        closed_as=pl.when(pl.col("has_plan").fill_null(False)).then(pl.lit("PLAN"))
        .when(pl.col("open_fen").is_not_null()).then(pl.lit("SMALL"))
        .when(pl.col("case_id").is_in(kept)).then(pl.lit("PROMISE_KEPT"))
        .otherwise(pl.lit("PAID"))
    )  # fmt: skip
    for (closed_as,), rows in over.group_by("closed_as"):
        ended = rows.select(
            id="case_id", open_fen=pl.col("open_fen").fill_null(0), as_of=pl.lit(night.on), standing=pl.lit(""),
            next_step=pl.lit(""), next_on=pl.lit(None, pl.Date),
        )  # fmt: skip
        stored.overwrite(store, DunningCase, ended)
        also = {"closed_on": night.on, "closed_as": str(closed_as)}
        chosen = ended["id"].to_list()
        move_many(store, DunningCase, states.CASE, "close", chosen, actor=night.actor, at=night.at, also=also)
    closed: list[int] = over["case_id"].to_list()
    tasks = stored.open_tasks(store, closed)
    if tasks:
        move_many(store, DunningStep, states.STEP, "cancel", tasks, actor=night.actor, at=night.at, reason="closed")
    return closed


def _open(store: ColumnStore, night: Night, standing: pl.DataFrame, overdue: pl.DataFrame) -> pl.DataFrame:
    """Open a case for every account that is overdue and has none; returns them as :data:`stored.CASES`."""
    fresh = overdue.join(standing, on="account_id", how="anti").sort("account_id")
    if fresh.is_empty():
        return pl.DataFrame(schema=stored.CASES)
    first = ids.reserve_columns(store, DunningCase, fresh.height)
    counted = fresh.join(
        night.staff.filter(pl.col("place") == 0).select("unit_id", "customer_class", "places"),
        on=["unit_id", "customer_class"], how="left",
    ).with_columns(place=pl.col("account_id") % pl.col("places"))  # fmt: skip
    named = counted.join(
        night.staff.select("unit_id", "customer_class", "place", "code"),
        on=["unit_id", "customer_class", "place"], how="left",
    ).sort("account_id")  # fmt: skip
    rows = named.select(
        id=first + pl.int_range(pl.len(), dtype=pl.Int64), account_id="account_id", unit_id="unit_id",
        customer_class="customer_class", state=pl.lit("OPEN"), opened_on=pl.lit(night.on), as_of=pl.lit(night.on),
        open_fen="open_fen", bills="bills", oldest_due_on="oldest_due_on", responsible=pl.col("code").fill_null(""),
        rung=pl.lit(_NO_STEP, pl.Int16), step=pl.lit(""), attempt=pl.lit(0, pl.Int16), standing=pl.lit(""),
        next_step=pl.lit(""), closed_as=pl.lit(""), rule_path=pl.lit(night.rule.path),
        rule_hash=pl.lit(night.rule.content_hash),
    )  # fmt: skip
    stored.append(store, DunningCase, rows)
    made = rows.select(
        "account_id", "unit_id", "customer_class", "state", "rung", "attempt", "responsible", case_id="id",
        step_state=pl.lit(""),
    )  # fmt: skip
    return made.with_columns(
        step_on=pl.lit(None, pl.Date), reached_at=pl.lit(None, stored.MOMENT), noticed_on=pl.lit(None, pl.Date)
    ).select(stored.CASES.names())


def _step(
    store: ColumnStore, night: Night, alive: pl.DataFrame, overdue: pl.DataFrame, promises: pl.DataFrame,
    protected: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Take the steps that are due and note what comes next; returns the steps taken."""
    known = alive.filter(pl.col("state") != "CUT").join(
        overdue.select("account_id", "open_fen", "fee_fen", "bills", "oldest_due_on"), on="account_id", how="inner"
    )
    stands = _standings(known, promises, protected)
    found = _next(stands, night)
    due = found.filter("is_due").join(known, on="account_id", how="inner", suffix="_last")
    steps = _take(store, night, due)
    after = stands.join(due.select("account_id", now_rung="rung", now_attempt="attempt"), on="account_id", how="left")
    taken = pl.col("now_rung").is_not_null()
    after = after.with_columns(
        rung=pl.coalesce("now_rung", "rung"), attempt=pl.coalesce("now_attempt", "attempt"),
        step_on=pl.when(taken).then(pl.lit(night.on)).otherwise("step_on"),
        step_state=pl.when(taken).then(pl.lit("PENDING")).otherwise("step_state"),
    )  # fmt: skip
    _note(store, night, known, due, _next(after.select(dunning.STANDINGS.names()), night))
    return steps


def _standings(known: pl.DataFrame, promises: pl.DataFrame, protected: pl.DataFrame) -> pl.DataFrame:
    """Where each account stands. The pause after a step that reached somebody counts from the day it did."""
    reached_on = pl.col("reached_at").dt.convert_time_zone(str(BILLING_ZONE)).dt.date()
    return (
        known.join(promises.select("account_id", held_until="promised_on"), on="account_id", how="left")
        .with_columns(
            step_on=pl.coalesce(reached_on, "step_on"),
            is_protected=pl.col("account_id").is_in(protected["account_id"].implode()),
        )
        .select(dunning.STANDINGS.names())
    )


def _next(stands: pl.DataFrame, night: Night) -> pl.DataFrame:
    return dunning.next_steps(
        stands, night.rule.rungs, night.days, on=night.on, cut_after_days=night.rule.cut_after_days
    )


def _take(store: ColumnStore, night: Night, due: pl.DataFrame) -> pl.DataFrame:
    """Write the steps down as PENDING; returns them with what a message says."""
    if due.is_empty():
        return pl.DataFrame(schema=STEPS)
    first = ids.reserve_columns(store, DunningStep, due.height)
    moment = pl.lit(night.at).cast(stored.MOMENT)
    numbered = due.sort("account_id").with_columns(step_id=first + pl.int_range(pl.len(), dtype=pl.Int64))
    rows = numbered.select(
        id="step_id", case_id="case_id", unit_id="unit_id", kind="kind", rung="rung", attempt="attempt", by="by",
        state=pl.lit("PENDING"), taken_on=pl.lit(night.on), taken_at=moment, actor=pl.lit(night.actor.code),
        responsible="responsible", open_fen="open_fen", oldest_due_on="oldest_due_on",
        notice_key=pl.when(pl.col("by") == "MESSAGE")
        .then(pl.format("dunning:{}:{}:{}", pl.lit(night.on), "kind", pl.col("step_id").min().over("kind")))
        .otherwise(pl.lit("")),
        reached_whom=pl.lit(""), channel=pl.lit(""), evidence=pl.lit(""), authority_reference=pl.lit(""),
        note=pl.lit(""), recorded_by=pl.lit(""),
    )  # fmt: skip
    stored.append(store, DunningStep, rows)
    keys = rows.select(step_id="id", notice_key="notice_key")
    return numbered.join(keys, on="step_id", how="left").select(STEPS.names())


def _note(store: ColumnStore, night: Night, known: pl.DataFrame, due: pl.DataFrame, following: pl.DataFrame) -> None:
    """What is owed as of today, the step just taken, and what comes next, on every case that is alive."""
    ahead = following.select(
        "account_id", "standing", next_step=pl.when(pl.col("standing").is_in(["STEP", "READY"])).then("kind").otherwise(
            pl.lit("")
        ), next_on="due_on",
    )  # fmt: skip
    rows = known.join(ahead, on="account_id", how="left").select(
        id="case_id", account_id="account_id", as_of=pl.lit(night.on), open_fen="open_fen", bills="bills",
        oldest_due_on="oldest_due_on", standing=pl.col("standing").fill_null(""),
        next_step=pl.col("next_step").fill_null(""), next_on="next_on", rule_path=pl.lit(night.rule.path),
        rule_hash=pl.lit(night.rule.content_hash),
    )  # fmt: skip
    stored.overwrite(store, DunningCase, rows.drop("account_id"))
    stepped = due.select(id="case_id", rung="rung", step="kind", attempt="attempt", step_on=pl.lit(night.on))
    stored.overwrite(store, DunningCase, stepped)
