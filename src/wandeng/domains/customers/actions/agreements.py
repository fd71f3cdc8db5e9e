"""Agreements are drafted, signed one by one or in a campaign, renewed, and come to an end."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pyarrow as pa
from django.db import transaction

from wandeng.domains.customers import rules
from wandeng.domains.customers.models import CustomerAccount, CustomerAgreement
from wandeng.domains.customers.states import AGREEMENT
from wandeng.domains.customers.types import AccountSet
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore, cast
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import move, move_many
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

SIGNINGS = pa.schema([("number", pa.string()), ("signed_on", pa.date32())])
"""What :func:`sign_many` takes."""
REFUSALS = pa.schema([("number", pa.string()), ("signed_on", pa.date32()), ("code", pa.string())])
"""What it could not sign: UNKNOWN, NOT_A_DRAFT, OVERLAPS, IN_FUTURE, NO_DAY or TWICE."""

_UNIT = "account__unit__path"


@transaction.atomic
def draft_agreement(
    *,
    number: str,
    account_number: str,
    valid_from: date,
    valid_to: date,
    library: RuleLibrary,
    actor: Actor,
    at: datetime,
    late_fee_rate_e4: int | None = None,
) -> int:
    """Draft an agreement for ``valid_from`` ≤ day < ``valid_to``. ``late_fee_rate_e4``: the late fee a day that it lays
    down, in 10⁻⁴ (1.5 ‰ = 15), within the band of the rule in force on ``valid_from``; ``None``: the rule decides.

    Raises :class:`NotFound` for the account, :class:`Conflict` for a number in use, :class:`InvalidInput` for an empty
    period or a rate outside the band, :class:`NoRuleInForce` for a rate no rule allows.
    """
    rows = CustomerAccount.objects.select_related("unit")
    account = Scope.of(actor).one(rows, "unit__path", "account", account_number=account_number)
    return _draft(number, account, valid_from, valid_to, None, late_fee_rate_e4, library).pk


def draft_missing(*, unit_path: str, valid_from: date, valid_to: date, actor: Actor, at: datetime) -> int:
    """Draft an agreement for every open account of a unit that has neither a live one nor a draft; returns how many.

    Works on columns. Numbers are ``<account number>-<valid_from>``, so that drafting twice makes nothing twice.
    """
    scope = Scope.of(actor).narrowed(unit_path)
    if valid_from >= valid_to:
        raise InvalidInput(f"an agreement must end after it starts: {valid_from} to {valid_to}")
    where, params = AccountSet(unit_path=scope.prefix).where("a")
    with ColumnStore() as store, store.transaction():
        without = store.read(
            "SELECT a.id AS account_id, a.account_number FROM customers_customeraccount a "
            f"WHERE {where} AND (a.closed_on IS NULL OR a.closed_on > ?) AND NOT EXISTS ("
            "SELECT 1 FROM customers_customeragreement g WHERE g.account_id = a.id "
            "AND g.state IN ('DRAFT', 'SIGNED') AND g.valid_to > ?) ORDER BY a.id",
            (*params, valid_from, valid_from),
            schema=pa.schema([("account_id", pa.int64()), ("account_number", pa.string())]),
        )
        if not without.num_rows:
            return 0
        first = ids.reserve_columns(store, CustomerAgreement, without.num_rows)
        drafts = pl.DataFrame(without).select(
            pl.int_range(first, first + without.num_rows, dtype=pl.Int64).alias("id"),
            pl.format("{}-{}", "account_number", pl.lit(valid_from.strftime("%Y%m%d"))).alias("number"),
            "account_id",
            pl.lit(AGREEMENT.start).alias("state"),
            pl.lit(valid_from).alias("valid_from"),
            pl.lit(valid_to).alias("valid_to"),
        )
        return store.append(CustomerAgreement, drafts.to_arrow())


@transaction.atomic
def sign_agreement(*, number: str, signed_on: date, actor: Actor, at: datetime, reason: str = "") -> None:
    """Sign a draft.

    Raises :class:`MoveRefused` when it is no draft, :class:`Conflict` when another signed agreement of the account
    holds on one of its days, :class:`InvalidInput` for a day in the future.
    """
    agreement = _agreement(number, actor)
    if signed_on > at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"agreement {number} cannot have been signed on {signed_on}: that day is yet to come")
    same = CustomerAgreement.objects.filter(account_id=agreement.account_id, state="SIGNED").exclude(pk=agreement.pk)
    other = same.filter(valid_from__lt=agreement.valid_to, valid_to__gt=agreement.valid_from).first()
    if other is not None:
        raise Conflict(f"agreement {other.number} of the same account holds until {other.valid_to}")
    move(agreement, AGREEMENT, "sign", actor=actor, at=at, reason=reason, signed_on=signed_on)


def sign_many(*, signings: pa.Table, actor: Actor, at: datetime, reason: str = "") -> tuple[int, pa.Table]:
    """Sign what a campaign brought in, on columns, in one transaction; the same file twice signs nothing twice.

    ``signings`` has the columns of :data:`SIGNINGS`. Returns how many were signed and the rows of :data:`REFUSALS`;
    an agreement already signed on that very day is neither. Agreements outside the actor's scope are UNKNOWN.
    """
    scope, today = Scope.of(actor), at.astimezone(BILLING_ZONE).date()
    wanted = pl.DataFrame(cast(signings, SIGNINGS))
    with ColumnStore() as store, store.transaction():
        judged = _judge_signings(wanted, _known_agreements(store, scope), today)
        good = judged.filter(pl.col("code") == "")
        signed = 0
        for (day,), group in good.group_by("signed_on", maintain_order=True):
            moved = move_many(
                store,
                CustomerAgreement,
                AGREEMENT,
                "sign",
                group["id"].to_list(),
                actor=actor,
                at=at,
                reason=reason,
                also={"signed_on": day},
            )
            signed += len(moved)
    refused = judged.filter(~pl.col("code").is_in(["", "UNCHANGED"])).select(REFUSALS.names)
    return signed, refused.to_arrow().cast(REFUSALS)


def _known_agreements(store: ColumnStore, scope: Scope) -> pl.DataFrame:
    length = len(scope.prefix)
    found = store.read(
        "SELECT g.id, g.number, g.account_id, g.state, g.valid_from, g.valid_to, g.signed_on AS was_signed_on "
        "FROM customers_customeragreement g JOIN customers_customeraccount a ON a.id = g.account_id "
        f"JOIN organization_unit u ON u.id = a.unit_id WHERE substr(u.path, 1, {length}) = ?"
        + ("" if store.is_sqlite else " FOR UPDATE OF g"),
        (scope.prefix,),
        schema=pa.schema(
            [
                ("id", pa.int64()),
                ("number", pa.string()),
                ("account_id", pa.int64()),
                ("state", pa.string()),
                ("valid_from", pa.date32()),
                ("valid_to", pa.date32()),
                ("was_signed_on", pa.date32()),
            ]
        ),
    )
    return pl.DataFrame(found)


def _judge_signings(wanted: pl.DataFrame, known: pl.DataFrame, today: date) -> pl.DataFrame:
    """Each wanted signing with the agreement's id and a code, empty for those that may go on."""
    held = wanted.join(known, on="number", how="left", maintain_order="left").with_columns(
        pl.struct("number").is_first_distinct().alias("is_first")
    )
    # Periods of the account that are or are about to be signed; a signing must meet none but its own.
    live = known.filter(pl.col("state") == "SIGNED").select("account_id", "id", "valid_from", "valid_to")
    coming = held.filter(pl.col("is_first") & (pl.col("state") == "DRAFT")).select(live.columns)
    pairs = held.select("id", "account_id", "valid_from", "valid_to").join(
        pl.concat([live, coming]), on="account_id", suffix="_other"
    )
    overlapping = pairs.filter(
        (pl.col("id") != pl.col("id_other"))
        & (pl.col("valid_from") < pl.col("valid_to_other"))
        & (pl.col("valid_from_other") < pl.col("valid_to"))
    )["id"].unique()
    code = (
        pl.when(pl.col("id").is_null())
        .then(pl.lit("UNKNOWN"))
        .when(pl.col("signed_on").is_null())
        .then(pl.lit("NO_DAY"))
        .when((pl.col("state") == "SIGNED") & (pl.col("was_signed_on") == pl.col("signed_on")))
        .then(pl.lit("UNCHANGED"))
        .when(pl.col("state") != "DRAFT")
        .then(pl.lit("NOT_A_DRAFT"))
        .when(~pl.col("is_first"))
        .then(pl.lit("TWICE"))
        .when(pl.col("signed_on") > today)
        .then(pl.lit("IN_FUTURE"))
        .when(pl.col("id").is_in(overlapping.implode()))
        .then(pl.lit("OVERLAPS"))
        .otherwise(pl.lit(""))
    )
    return held.with_columns(code.alias("code"))


@transaction.atomic
def renew_agreement(
    *,
    number: str,
    new_number: str,
    valid_to: date,
    library: RuleLibrary,
    actor: Actor,
    at: datetime,
    valid_from: date | None = None,
    late_fee_rate_e4: int | None = None,
) -> int:
    """Draft the agreement that follows ``number``, from the day the old one ends unless another is given.

    It lays down the late fee of the old one unless another is given; either must lie within the band of its first day.

    Raises :class:`Conflict` when the old one was never signed, was terminated, or has a successor already,
    :class:`InvalidInput` for a rate outside the band, :class:`NoRuleInForce` for a rate no rule allows.
    """
    old = _agreement(number, actor)
    if old.state not in ("SIGNED", "EXPIRED"):
        raise Conflict(f"agreement {number} is {old.state}: only a signed or expired one is renewed")
    if CustomerAgreement.objects.filter(renews=old).exists():
        raise Conflict(f"agreement {number} has been renewed already")
    rate_e4 = old.late_fee_rate_e4 if late_fee_rate_e4 is None else late_fee_rate_e4
    return _draft(new_number, old.account, valid_from or old.valid_to, valid_to, old, rate_e4, library).pk


@transaction.atomic
def terminate_agreement(*, number: str, on: date, actor: Actor, at: datetime, reason: str) -> None:
    """End a signed agreement early: ``on`` is its first day without force.

    Raises :class:`InvalidInput` for a day outside its period, :class:`MoveRefused` when it is not signed.
    """
    agreement = _agreement(number, actor)
    if not agreement.valid_from < on <= agreement.valid_to:
        raise InvalidInput(f"agreement {number} holds from {agreement.valid_from} to {agreement.valid_to}, not to {on}")
    move(agreement, AGREEMENT, "terminate", actor=actor, at=at, reason=reason, valid_to=on)


@transaction.atomic
def withdraw_agreement(*, number: str, actor: Actor, at: datetime, reason: str) -> None:
    """Give up a draft. Raises :class:`MoveRefused` when it is no draft."""
    move(_agreement(number, actor), AGREEMENT, "withdraw", actor=actor, at=at, reason=reason)


def expire_due(*, on: date, actor: Actor, at: datetime) -> int:
    """Expire every signed agreement of the actor's scope whose last day lies before ``on``; returns how many."""
    with ColumnStore() as store, store.transaction():
        known = _known_agreements(store, Scope.of(actor))
        over = known.filter((pl.col("state") == "SIGNED") & (pl.col("valid_to") <= on))["id"].to_list()
        return len(move_many(store, CustomerAgreement, AGREEMENT, "expire", over, actor=actor, at=at))


def _agreement(number: str, actor: Actor) -> CustomerAgreement:
    return Scope.of(actor).one(
        CustomerAgreement.objects.select_related("account__unit"), _UNIT, "agreement", number=number
    )


def _draft(
    number: str,
    account: CustomerAccount,
    valid_from: date,
    valid_to: date,
    renews: CustomerAgreement | None,
    late_fee_rate_e4: int | None,
    library: RuleLibrary,
) -> CustomerAgreement:
    if valid_from >= valid_to:
        raise InvalidInput(f"an agreement must end after it starts: {valid_from} to {valid_to}")
    if CustomerAgreement.objects.filter(number=number).exists():
        raise Conflict(f"agreement {number} exists already")
    if late_fee_rate_e4 is not None:
        band = rules.late_fee_band(library, territory=account.unit.territory, on=valid_from)
        band.require(late_fee_rate_e4)
    return CustomerAgreement.objects.create(
        id=ids.reserve(CustomerAgreement, 1),
        number=number,
        account=account,
        state=AGREEMENT.start,
        valid_from=valid_from,
        valid_to=valid_to,
        late_fee_rate_e4=late_fee_rate_e4,
        renews=renews,
    )
