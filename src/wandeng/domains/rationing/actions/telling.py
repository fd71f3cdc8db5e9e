"""Telling people of rationing: whatever stands is told to everybody it concerns, once; what nobody reached is told by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import F

from wandeng.calc import outage_telling
from wandeng.domains.notices import frames as notices
from wandeng.domains.notices.frames import tellings
from wandeng.domains.notices.frames.tellings import Tables
from wandeng.domains.rationing import rules
from wandeng.domains.rationing.frames import affected
from wandeng.domains.rationing.models import (
    RationingCall,
    RationingOrder,
    RationingShareArea,
    RationingTelling,
    RationingTold,
)
from wandeng.domains.rationing.roles import TELLERS
from wandeng.domains.rationing.states import CALL
from wandeng.domains.rationing.types import RationingCallState, RationingHandWay, RationingSettled
from wandeng.infra import audit, ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move, move_many
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

FACT_TIME = "%Y-%m-%dT%H:%M%z"
URGENT_WITHIN = timedelta(hours=24)
STAND = ("PUBLISHED", "RUNNING")
NOTHING = RationingSettled({}, 0, 0)
TABLES = Tables(RationingOrder, RationingTelling, RationingTold, "order_id")
NO_POWER, LESS_POWER = "停止供电", "按有序用电方案压降用电负荷"
HIT = pl.Schema(
    {"account_id": pl.Int64, "area": pl.String, "what": pl.String, "facts": pl.String, "importance": pl.String,
     "takes_part": pl.Boolean}
)  # fmt: skip


def settle(store: ColumnStore, *, number: str, at: datetime, actor: Actor) -> RationingSettled:
    """Tell everybody what stands of an order now and they have not been told: announcements, corrections, cancellations, or that
    it is over. In one transaction with the notices; the same again tells nobody. An order that is being changed tells nobody
    until it is published again. Templates must be in place. Raises :class:`NotFound`."""
    found = RationingOrder.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(f"there is no rationing order {number}")
    with store.transaction():
        tellings.lock(store, TABLES, found)
        row = RationingOrder.objects.select_related("scheme__unit").get(pk=found)
        if row.state not in (*STAND, "CANCELED", "DONE"):
            return NOTHING
        hit = whom(store, row) if row.state in STAND else pl.DataFrame(schema=HIT)
        told = tellings.told(store, TABLES, row.pk)
        facts = facts_of(row)
        to_tell = outage_telling.to_tell(told, hit, facts=facts, is_over=row.state == "DONE")
        counted: dict[str, int] = {}
        messages = calls = 0
        for (kind,), part in to_tell.partition_by("kind", as_dict=True, maintain_order=True).items():
            key = f"rationing:{row.number}:{RationingTelling.objects.filter(order=row).count() + len(counted) + 1}"
            carriers = tellings.carried(store, part)
            rows = _slots(row, carriers, hit) if kind in outage_telling.EXPECTING else _as_told(carriers, told)
            sent = notices.send_many(
                store, rows, key=key, template=f"rationing_{str(kind).lower()}", at=at, actor=actor,
                urgent=row.starts_at - at < URGENT_WITHIN,
            )  # fmt: skip
            made = tellings.write(
                store, TABLES, carriers, thing_id=row.pk, version=row.version, kind=str(kind), facts=facts,
                due_by=_due_by(str(kind), row, at), notice_key=key, notice_id=sent.notice_id, at=at,
            )  # fmt: skip
            counted[str(kind)] = part.height
            messages += sent.recipients
            calls += _call(store, row, made, part, hit, actor=actor, at=at)
    return RationingSettled(counted, messages, calls)


def whom(store: ColumnStore, row: RationingOrder) -> pl.DataFrame:
    """Everybody an order takes, an account once: those on dark areas who keep no other supply, and the customers that take part
    (:data:`HIT`; ``what`` is what happens to them)."""
    dark = RationingShareArea.objects.filter(share__order=row, share__is_chosen=True)
    areas = set(dark.values_list("transformer_id", flat=True))
    lines = affected.behind(store, areas, on=rules.local_day(row.starts_at)).filter(~pl.col("keeps_supply"))
    off = lines.select(
        "account_id", area="place", what=pl.lit(NO_POWER), facts=pl.lit(""), importance="importance",
        takes_part=pl.lit(False),
    )  # fmt: skip
    takes = row.shares.filter(is_chosen=True, participant__account__isnull=False).values_list(
        "participant__account_id", "participant__account__address", "participant__account__importance",
        "participant__shed_kw",
    )  # fmt: skip
    own = pl.DataFrame(
        [(one, place, f"{LESS_POWER}{kw}千瓦", "", importance, True) for one, place, importance, kw in takes], HIT,
        orient="row",
    )  # fmt: skip
    return pl.concat([off.select(list(HIT)).cast(HIT), own]).unique("account_id", keep="first", maintain_order=True)


def facts_of(row: RationingOrder) -> str:
    """The window as text: what a correction is about."""
    return "/".join(one.strftime(FACT_TIME) for one in (row.starts_at, row.ends_at))


@transaction.atomic
def mark_by_hand(*, told: Sequence[int], way: RationingHandWay, note: str, actor: Actor, at: datetime) -> int:
    """Write down that these (ids of ``RationingTold``) were told by a person. Returns how many; those marked before stay.

    Raises :class:`NotFound` for one outside the scope, :class:`NotAllowed`, :class:`InvalidInput` when none is named.
    """
    if not told:
        raise InvalidInput("name who was told by hand")
    rows = RationingTold.objects.filter(pk__in=list(told)).select_related("telling__order__scheme__unit")
    found = list(Scope.of(actor).limit(rows, "telling__order__scheme__unit__path"))
    if len(found) < len(set(told)):
        raise NotFound("one of those who were told is not there")
    for path in {one.telling.order.scheme.unit.path for one in found}:
        require(actor, *TELLERS, unit_path=path)
    count = RationingTold.objects.filter(pk__in=[one.pk for one in found], hand_way="").update(
        hand_way=way.value, hand_by=actor.code, hand_at=at, hand_note=audit.without_numbers(note.strip())
    )
    for order in {one.telling.order for one in found}:
        audit.record(
            actor=actor, action="rationing.told_by_hand", subject=order, facts={"way": way.value, "accounts": count},
            at=at, unit_path=order.scheme.unit.path,
        )  # fmt: skip
    return count


@transaction.atomic
def call(*, call_id: int, confirmed_by: str, note: str = "", actor: Actor, at: datetime) -> None:
    """Write down a call: who confirmed there (post or function, no name), or nobody answered (empty).

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` when it needs no call any more.
    """
    rows = RationingCall.objects.select_related("telling__order__scheme__unit", "account").select_for_update(
        of=("self",)
    )
    row = Scope.of(actor).one(rows, "telling__order__scheme__unit__path", "call about rationing", pk=call_id)
    order = row.telling.order
    require(actor, *TELLERS, unit_path=order.scheme.unit.path)
    if row.state != RationingCallState.TO_CALL:
        raise Conflict("this call has been made", account=row.account.account_number)
    told: dict[str, Any] = {"called_by": actor.code, "called_at": at, "note": audit.without_numbers(note.strip())}
    if confirmed_by.strip():
        who = audit.without_numbers(confirmed_by.strip())
        move(row, CALL, "confirm", actor=actor, at=at, confirmed_by=who, **told)
    else:
        RationingCall.objects.filter(pk=row.pk).update(tries=F("tries") + 1, **told)
    audit.record(
        actor=actor, action="rationing.call", subject=order,
        facts={"account": row.account.account_number, "confirmed": bool(confirmed_by.strip())}, at=at,
        unit_path=order.scheme.unit.path,
    )  # fmt: skip


def _due_by(kind: str, row: RationingOrder, at: datetime) -> datetime:
    return at if kind == "RESTORATION" else row.starts_at if kind == "CANCELLATION" else row.notice_by


def _slots(row: RationingOrder, carriers: pl.DataFrame, hit: pl.DataFrame) -> pl.DataFrame:
    """A row a message: the account that carries it, and what the text says."""
    own = hit.select(carrier_id="account_id", area="area", what="what")
    named = carriers.unique("carrier_id", maintain_order=True).join(
        own, on="carrier_id", how="left", maintain_order="left"
    )
    place = pl.col("area").fill_null("")
    return named.select(
        account_id="carrier_id", area=pl.when(place == "").then(pl.lit(row.scheme.unit.name)).otherwise(place),
        measure=pl.col("what").fill_null(LESS_POWER), households=pl.format("{}户", "shared"),
        from_at=pl.lit(said(row.starts_at)), to_at=pl.lit(said(row.ends_at)),
    )  # fmt: skip


def _as_told(carriers: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """A row a message about the window they know, not the one that stands now."""
    known = carriers.unique("carrier_id", maintain_order=True).join(
        told.select(carrier_id="account_id", facts="facts"), on="carrier_id", how="left", maintain_order="left"
    )
    window = pl.col("facts").str.split("/")
    begin, end = (_said(window.list.get(place)) for place in (0, 1))
    return known.select(account_id="carrier_id", households=pl.format("{}户", "shared"), from_at=begin, to_at=end)


def _said(written: pl.Expr) -> pl.Expr:
    local = written.str.to_datetime(FACT_TIME, time_unit="us").dt.convert_time_zone(BILLING_ZONE.key)
    return pl.format("{}月{}日 {}", local.dt.month(), local.dt.day(), local.dt.strftime("%H:%M"))


def said(at: datetime) -> str:
    """A moment as notices say it."""
    local = at.astimezone(BILLING_ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _call(
    store: ColumnStore, row: RationingOrder, made: int, part: pl.DataFrame, hit: pl.DataFrame, *, actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Calls to the important users and the customers that take part whom a telling concerns; what was still to be called of
    earlier tellings is dropped, for the newer one tells more."""
    earlier = RationingCall.objects.filter(telling__order=row).values_list("account_id", "importance", "is_participant")
    known = {account: (importance, takes) for account, importance, takes in earlier.order_by("id")}
    rows = hit.filter((pl.col("importance") != "") | pl.col("takes_part"))
    known |= {one["account_id"]: (one["importance"], one["takes_part"]) for one in rows.iter_rows(named=True)}
    whom_now = [account for account in part["account_id"].to_list() if account in known]
    if not whom_now:
        return 0
    moment = pl.Datetime("us", "UTC")
    first = ids.reserve_columns(store, RationingCall, len(whom_now))
    waiting = RationingCall.objects.filter(telling__order=row, state="TO_CALL", account__in=whom_now)
    replaced = list(waiting.exclude(telling=made).values_list("pk", flat=True))
    move_many(store, RationingCall, CALL, "drop", replaced, actor=actor, at=at)
    told = pl.DataFrame(
        {"id": range(first, first + len(whom_now)), "telling_id": [made] * len(whom_now), "account_id": whom_now,
         "importance": [known[one][0] for one in whom_now], "is_participant": [known[one][1] for one in whom_now]},
        schema_overrides={"id": pl.Int64, "telling_id": pl.Int64, "account_id": pl.Int64},
    ).with_columns(
        state=pl.lit("TO_CALL"), tries=pl.lit(0, pl.Int16), confirmed_by=pl.lit(""), called_by=pl.lit(""),
        called_at=pl.lit(None, moment), note=pl.lit(""),
    )  # fmt: skip
    store.append(RationingCall, told.to_arrow())
    return len(whom_now)
