"""A day of prepay for a range of accounts: estimate, balance, true-ups, and what becomes of episodes of low balance.

One transaction on one connection. A day that was computed stands; run again, only its gaps are tried again, and nothing is
told twice. Nothing is booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from wandeng.calc import prepay as calc
from wandeng.domains.billing import frames as billing
from wandeng.domains.billing.frames.provisional import BookOf, Provisional
from wandeng.domains.collections.frames import prepay_balances, prepay_stored, stored
from wandeng.domains.collections.models import PrepayAgreement, PrepayDay, PrepayEpisode, PrepayEstimate, PrepayTrueUp
from wandeng.domains.collections.rules_prepay import PrepayRule
from wandeng.domains.collections.states_prepay import PREPAY_EPISODE
from wandeng.domains.customers.types import AccountSet
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.transitions import move_many
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month

WARN, OVERDRAFT = "WARN", "OVERDRAFT"
MESSAGES = pl.Schema(
    {"account_id": pl.Int64, "notice_key": pl.String, "balance_fen": pl.Int64, "days_left": pl.Int64, "what": pl.String}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PrepayNight:
    """What a run goes by. ``day``: readings of its first midnight; ``units``: whose accounts; ``book_of``: prices."""

    day: date
    at: datetime
    actor: Actor
    rule: PrepayRule
    units: tuple[int, ...]
    book_of: BookOf
    library: RuleLibrary


@dataclass(frozen=True, slots=True)
class PrepayRan:
    """What was done. ``messages``: :data:`MESSAGES`, the caller sends them in the same transaction; ``ordered``: accounts
    with an order out, to be looked at one by one under their lock."""

    computed: int
    repeated: int
    gaps: int
    doubts: int
    warned: int
    overdrawn: int
    recovered: int
    closed: int
    true_ups: int
    messages: pl.DataFrame
    ordered: tuple[int, ...]


def run_range(store: ColumnStore, night: PrepayNight, first: int, end: int) -> PrepayRan:
    """Do it for accounts ``first`` ≤ id < ``end`` of the night's units, inside the caller's transaction."""
    holding = prepay_stored.enrolled(store, night.units, first, end, night.day)
    done = prepay_stored.ran(store, first, end, night.day)
    later = prepay_stored.computed_later(store, first, end, night.day)
    stands = pl.concat([done.filter(pl.col("gap") == "").select("account_id"), later]).unique()
    todo = holding.join(stands, on="account_id", how="anti", maintain_order="left")
    true_ups = _true_ups(store, night, todo, first, end)
    found = _priced(store, night, todo, first, end)
    days = _days(store, night, todo, found, first, end)
    episodes = prepay_stored.episodes(store, first, end)
    turned = _turned(store, night, days, todo, episodes, first, end)
    opened, told = _turn(store, night, turned)
    _write(store, night, turned, found, _fresh_gaps(found.gaps, todo, done), done)
    count = turned.group_by("turn").len().rows() if turned.height else []
    turns = {str(turn): int(number) for turn, number in count if turn}
    return PrepayRan(
        computed=days.height,
        repeated=holding.height - todo.height,
        gaps=found.gaps.height,
        doubts=days.filter(pl.col("doubt") != "").height,
        warned=opened,
        overdrawn=turns.get("OVERDRAW", 0),
        recovered=turns.get("RECOVER", 0),
        closed=turns.get("CLOSE", 0),
        true_ups=true_ups,
        messages=told,
        ordered=tuple(episodes.filter(pl.col("order_state").is_not_null())["account_id"].to_list()),
    )


def _priced(store: ColumnStore, night: PrepayNight, todo: pl.DataFrame, first: int, end: int) -> Provisional:
    months = [Month.of(day).index for day in todo["valid_from"].to_list()]
    wanted = todo.select("account_id").with_columns(from_index=pl.Series(months, dtype=pl.Int32))
    return billing.provisional(
        store, accounts=AccountSet(first, end), wanted=wanted, upto=night.day, book_of=night.book_of
    )


def _days(
    store: ColumnStore, night: PrepayNight, todo: pl.DataFrame, found: Provisional, first: int, end: int
) -> pl.DataFrame:
    """One row an account that could be computed: charge, ledger, balance, threshold."""
    priced = todo.join(found.gaps, on="account_id", how="anti", maintain_order="left")
    charged = calc.charged(
        priced["account_id"],
        found.estimates,
        prepay_stored.then(store, first, end, night.day),
        prepay_stored.before(store, first, end, night.day),
        day=night.day,
    )
    terms = priced.join(night.rule.terms, on="customer_class", how="inner")
    since = night.day - timedelta(days=int(str(night.rule.terms["mean_days"].max() or 1)))
    past = prepay_stored.past(store, first, end, night.day, since)
    warned = calc.warnings(charged, past, terms.select(calc.THRESHOLDS.names()), day=night.day)
    ledger = prepay_balances.ledger(store, first=first, end=end, on=night.day, library=night.library)
    return (
        charged.join(warned, on="account_id", how="inner", maintain_order="left")
        .join(ledger, on="account_id", how="left", maintain_order="left")
        .join(found.doubts.rename({"code": "doubt"}), on="account_id", how="left", maintain_order="left")
        .join(terms.select("account_id", "agreement_id", "importance", "cut_below_fen"), on="account_id", how="left",
              maintain_order="left")
        .with_columns(pl.col("ledger_fen").fill_null(0), pl.col("doubt").fill_null(""))
        .with_columns(balance_fen=pl.col("ledger_fen") - pl.col("estimate_fen"))
    )  # fmt: skip


def _turned(
    store: ColumnStore, night: PrepayNight, days: pl.DataFrame, todo: pl.DataFrame, episodes: pl.DataFrame, first: int,
    end: int,
) -> pl.DataFrame:  # fmt: skip
    """The days with their open episode and what becomes of it. An account with an order out is left to the one who holds
    its lock."""
    protected = stored.protected(store, first, end, night.day)["account_id"]
    beside = days.join(episodes, on="account_id", how="left", maintain_order="left").with_columns(
        is_held=pl.col("account_id").is_in(protected.implode()) | (pl.col("importance") != "") | (pl.col("doubt") != "")
    )
    turns = calc.turns(beside.select(calc.STANDINGS.names()))
    ordered = pl.col("order_state").is_not_null()
    return beside.join(turns, on="account_id", how="left", maintain_order="left").with_columns(
        turn=pl.when(ordered).then(None).otherwise("turn")
    )


def _turn(store: ColumnStore, night: PrepayNight, turned: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    """Carry the turns out; returns how many episodes were opened, and what is to be told."""
    standing = turned.filter(pl.col("episode_id").is_not_null())
    stored.overwrite(store, PrepayEpisode, standing.select(
        id="episode_id", as_of=pl.lit(night.day), balance_fen="balance_fen",
        lowest_fen=pl.min_horizontal("lowest_fen", "balance_fen"),
        overdrafts=pl.col("overdrafts") + (pl.col("turn") == "OVERDRAW").fill_null(False).cast(pl.Int16),
    ))  # fmt: skip
    overdraft_key = f"prepay:overdrawn:{night.day}:"
    over = standing.filter(pl.col("turn") == "OVERDRAW")
    if over.height:
        overdraft_key += str(over["episode_id"].min())
    also: dict[str, dict[str, object]] = {
        "OVERDRAW": {"overdrawn_on": night.day, "overdrawn_at": night.at, "overdrawn_key": overdraft_key},
        "RECOVER": {},
        "CLOSE": {"closed_at": night.at, "closed_as": "RECOVERED"},
    }
    for turn, columns in also.items():
        chosen = standing.filter(pl.col("turn") == turn)["episode_id"].to_list()
        move_many(store, PrepayEpisode, PREPAY_EPISODE, turn.lower(), chosen, actor=night.actor, at=night.at,
                  reason=str(night.day), also=columns)  # fmt: skip
    opened = _open(store, night, turned.filter(pl.col("turn") == "OPEN"))
    told = over.with_columns(notice_key=pl.lit(overdraft_key), what=pl.lit(OVERDRAFT))
    return opened.height, pl.concat([_message(opened), _message(told)])


def _open(store: ColumnStore, night: PrepayNight, fresh: pl.DataFrame) -> pl.DataFrame:
    """Open an episode for each; they are warned."""
    if fresh.is_empty():
        return fresh.with_columns(notice_key=pl.lit(""), what=pl.lit(WARN))
    first = ids.reserve_columns(store, PrepayEpisode, fresh.height)
    key = f"prepay:warned:{night.day}:{first}"
    moment = pl.lit(night.at).cast(stored.MOMENT)
    stored.append(store, PrepayEpisode, fresh.select(
        id=first + pl.int_range(pl.len(), dtype=pl.Int64), agreement_id="agreement_id", account_id="account_id",
        state=pl.lit("WARNED"), opened_on=pl.lit(night.day), opened_at=moment, warned_key=pl.lit(key),
        overdrawn_key=pl.lit(""), overdrafts=pl.lit(0, pl.Int16), as_of=pl.lit(night.day), balance_fen="balance_fen",
        lowest_fen="balance_fen", closed_as=pl.lit(""), rule_path=pl.lit(night.rule.path),
    ))  # fmt: skip
    return fresh.with_columns(notice_key=pl.lit(key), what=pl.lit(WARN))


def _message(rows: pl.DataFrame) -> pl.DataFrame:
    """What a notice says of each."""
    left = pl.when(pl.col("balance_fen") <= 0).then(0).when(pl.col("mean_fen") <= 0).then(99).otherwise(
        pl.min_horizontal(pl.lit(99), pl.col("balance_fen") // pl.col("mean_fen"))
    )  # fmt: skip
    return rows.with_columns(days_left=left.cast(pl.Int64)).select(MESSAGES.names()).cast(MESSAGES)


def _write(
    store: ColumnStore, night: PrepayNight, turned: pl.DataFrame, found: Provisional, gaps: pl.DataFrame,
    done: pl.DataFrame,
) -> None:  # fmt: skip
    """Write the days, the estimates and the newest figures of the agreements; a gap that is as it was stands."""
    after = {"OPEN": "WARNED", "OVERDRAW": "OVERDRAWN", "RECOVER": "WARNED", "CLOSE": "NORMAL"}
    order = pl.when(pl.col("order_state") == "CUT").then(pl.lit("CUT")).otherwise(pl.lit("CUT_ORDERED"))
    standing = pl.when(pl.col("order_state").is_not_null()).then(order).otherwise(
        pl.coalesce(pl.col("turn").replace_strict(after, default=None, return_dtype=pl.String), "episode",
                    pl.lit("NORMAL"))
    )  # fmt: skip
    figures = ["since_on", "energy_ckwh", "estimate_fen", "day_ckwh", "day_fen", "ledger_fen", "balance_fen",
               "warn_fen", "mean_fen"]  # fmt: skip
    common = {"day": pl.lit(night.day), "rule_path": pl.lit(night.rule.path),
              "computed_at": pl.lit(night.at).cast(stored.MOMENT)}  # fmt: skip
    rows = turned.select(
        "agreement_id", "account_id", *figures, standing=standing, gap=pl.lit(""), gap_on=pl.lit(None, pl.Date),
        doubt="doubt", **common,
    )  # fmt: skip
    again = pl.concat([rows.select("account_id"), gaps.select("account_id")]).join(done, on="account_id", how="semi")
    _forget(store, night.day, again["account_id"].to_list())
    stored.append(store, PrepayDay, rows)
    stored.append(store, PrepayDay, gaps.select(
        "agreement_id", "account_id", standing=pl.lit(""), gap="code", gap_on="on", doubt=pl.lit(""), **common
    ))  # fmt: skip
    estimates = found.estimates.join(rows.select("account_id"), on="account_id", how="semi", maintain_order="left")
    stored.append(store, PrepayEstimate, estimates.with_columns(day=pl.lit(night.day)))
    stored.overwrite(store, PrepayAgreement, rows.select(
        id="agreement_id", as_of="day", balance_fen="balance_fen", warn_fen="warn_fen", gap="gap"
    ))  # fmt: skip
    stored.overwrite(store, PrepayAgreement, gaps.select(id="agreement_id", as_of=pl.lit(night.day), gap="code"))


def _fresh_gaps(gaps: pl.DataFrame, todo: pl.DataFrame, done: pl.DataFrame) -> pl.DataFrame:
    """Gaps that are not written yet, or were others, with their agreement."""
    known = done.rename({"gap": "was", "gap_on": "was_on"})
    is_new = pl.col("was").is_null() | (pl.col("was") != pl.col("code")) | pl.col("was_on").ne_missing(pl.col("on"))
    fresh = gaps.join(known, on="account_id", how="left").filter(is_new)
    return fresh.join(todo.select("account_id", "agreement_id"), on="account_id", how="inner")


def _forget(store: ColumnStore, day: date, account_ids: Sequence[int]) -> None:
    """Take gaps away that are filled in, or explained anew."""
    for start in range(0, len(account_ids), 5_000):
        listed = ",".join(str(int(one)) for one in account_ids[start : start + 5_000])
        store.execute(
            f"DELETE FROM collections_prepayday WHERE day = ? AND gap <> '' AND account_id IN ({listed})", (day,)
        )


def _true_ups(store: ColumnStore, night: PrepayNight, todo: pl.DataFrame, first: int, end: int) -> int:
    """Note what bills came to whose estimates stood until now; returns how many."""
    found = prepay_stored.billed_since(store, first, end, night.day).join(todo, on="account_id", how="semi")
    same = (pl.col("bill_ckwh") == pl.col("estimate_ckwh")) & (pl.col("billed_to") == pl.col("estimated_to"))
    reason = (
        pl.when(pl.col("revisions") > 1).then(pl.lit("CORRECTED"))
        .when(pl.col("billed_to") > pl.col("estimated_to")).then(pl.lit("LATER_USE"))
        .when(same & (pl.col("bill_fen") == pl.col("estimate_fen"))).then(pl.lit("SAME"))
        .when(same).then(pl.lit("PRICE"))
        .otherwise(pl.lit("READING"))
    )  # fmt: skip
    rows = found.with_columns(
        difference_fen=pl.col("bill_fen") - pl.col("estimate_fen"), reason=reason, settled_on=pl.lit(night.day)
    ).drop("revisions")
    stored.append(store, PrepayTrueUp, rows)
    return rows.height
