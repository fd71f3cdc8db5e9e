"""Telling people of outages: whatever stands is told to everybody it concerns, once; what nobody reached is told by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pyarrow as pa
from django.db import transaction
from django.db.models import F

from wandeng.calc import outage_telling
from wandeng.domains.notices import frames as notices
from wandeng.domains.notices.frames import tellings
from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import loading, rules
from wandeng.domains.outages.frames import affected, telling
from wandeng.domains.outages.models import (
    ImportantCall,
    OutageImportantUser,
    OutageTold,
    PlannedOutage,
    PlannedOutageVersion,
)
from wandeng.domains.outages.states import CALL
from wandeng.domains.outages.types.telling import CallState, HandWay, Settled, TellingKind
from wandeng.domains.reliability.frames import ongoing
from wandeng.infra import audit, ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move, move_many
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

FACT_TIME = "%Y-%m-%dT%H:%M%z"
TELLERS = ("DISPATCHER", "CELL_MANAGER", "ACCOUNT_MANAGER", "CALL_CLERK", "HALL_CLERK", "COUNTY_MANAGER")
REASONS = {"MAINTENANCE": "线路检修", "CONSTRUCTION": "电网施工", "CUSTOMER": "用户工程", "OTHER_LEVEL": "上级电网检修"}
"""What customers are told of the reason."""
NOBODY = pl.DataFrame(schema={"account_id": pl.Int64, "transformer_id": pl.Int64})


def settle(
    store: ColumnStore, *, number: str, at: datetime, actor: Actor, library: RuleLibrary | None = None
) -> Settled:
    """Tell everybody what stands of a plan now and they have not been told: announcements, corrections, cancellations, or that
    supply is back. In one transaction with the notices; the same again tells nobody. Templates must be in place. While it runs,
    whoever has supply again hears nothing of another end.

    A plan of 100,000 customers takes seconds. Raises :class:`NotFound`, ``NoRuleInForce``.
    """
    found = PlannedOutage.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(f"there is no outage {number}")
    with store.transaction():
        tellings.lock(store, telling.TABLES, found)
        row = PlannedOutage.objects.select_related("unit").get(pk=found)
        version = loading.standing(row)
        hit, back, areas_back = _standing(store, row, version)
        told = tellings.told(store, telling.TABLES, row.pk)
        facts = facts_of(version)
        to_tell = outage_telling.to_tell(told, hit, facts=facts, is_over=row.state == "DONE", back=back)
        rule = rules.telling(rules.local_day(version.starts_at), territory=row.unit.territory, library=library)
        urgent = version.starts_at - at < timedelta(hours=rule.urgent.hours_before)
        counted: dict[str, int] = {}
        messages = calls = 0
        for (kind,), part in to_tell.partition_by("kind", as_dict=True, maintain_order=True).items():
            number_of = telling_count(store, row.pk) + 1
            key = f"outage:{row.number}:{number_of}"
            carriers = tellings.carried(store, part)
            if kind in outage_telling.EXPECTING:
                rows = _slots(store, row, version, carriers, hit)
            else:
                rows = _as_told(row, carriers, told)
            sent = notices.send_many(
                store, rows, key=key, template=_template(str(kind), row), at=at, actor=actor, urgent=urgent
            )
            made = tellings.write(
                store, telling.TABLES, carriers, thing_id=row.pk, version=version.version, kind=str(kind), facts=facts,
                due_by=_due_by(str(kind), version, at), notice_key=key, notice_id=sent.notice_id, at=at,
            )  # fmt: skip
            counted[str(kind)] = part.height
            messages += sent.recipients
            calls += _call(store, row, version, made, str(kind), areas_back=areas_back, actor=actor, at=at)
    return Settled(counted, messages, calls)


def facts_of(version: PlannedOutageVersion) -> str:
    """Time and place as one text: what a correction is about."""
    window = "/".join(one.strftime(FACT_TIME) for one in (version.starts_at, version.ends_at))
    return f"{window} {version.place}"[:700]


def telling_count(store: ColumnStore, outage_id: int) -> int:
    """How many tellings an outage has."""
    return int(store.scalar("SELECT COUNT(*) FROM outages_outagetelling WHERE outage_id = ?", (outage_id,)))


@transaction.atomic
def mark_by_hand(
    *, told: Sequence[int], way: HandWay, note: str, actor: Actor, at: datetime, done_by: str = "",
    done_at: datetime | None = None,
) -> int:  # fmt: skip
    """Write down that these (ids of ``OutageTold``) were told by a person: at the door, by telephone, in a group; by ``done_by`` (code of
    a person) at ``done_at``, else by whoever writes it down, now. Returns how many; those marked before stay as they are.

    Raises :class:`NotFound` for one outside the scope, :class:`NotAllowed`, :class:`InvalidInput` when none is named
    or for a time ahead or before they were to be told.
    """
    if not told:
        raise InvalidInput("name who was told by hand")
    if done_by:
        organization.person_card(done_by)
    when = done_at or at
    rows = OutageTold.objects.filter(pk__in=list(told)).select_related("telling__outage__unit")
    found = list(Scope.of(actor).limit(rows, "telling__outage__unit__path"))
    if len(found) < len(set(told)):
        raise NotFound("one of those who were told is not there")
    for path in {one.telling.outage.unit.path for one in found}:
        require(actor, *TELLERS, unit_path=path)
    if when > at or any(when < one.telling.made_at for one in found if done_at):
        raise InvalidInput("somebody was told at a time that has come, after it was to be told")
    fresh = OutageTold.objects.filter(pk__in=[one.pk for one in found], hand_way="")
    count = fresh.update(
        hand_way=way.value, hand_by=done_by or actor.code, hand_at=when, hand_note=audit.without_numbers(note.strip())
    )
    for outage in {one.telling.outage for one in found}:
        audit.record(
            actor=actor, action="outage.told_by_hand", subject=("outages.PlannedOutage", outage.number),
            facts={"way": way.value, "accounts": count}, at=at, unit_path=outage.unit.path,
        )  # fmt: skip
    return count


@transaction.atomic
def call(*, call_id: int, confirmed_by: str, note: str, actor: Actor, at: datetime) -> None:
    """Write down a call to an important user: who confirmed there (post or function, no name), or nobody answered (empty).

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` when it was confirmed before.
    """
    rows = ImportantCall.objects.select_related("telling__outage__unit", "account")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = Scope.of(actor).one(rows, "telling__outage__unit__path", "call to an important user", pk=call_id)
    require(actor, *TELLERS, unit_path=row.telling.outage.unit.path)
    if row.state != CallState.TO_CALL:
        raise Conflict("this important user has confirmed", account=row.account.account_number)
    told: dict[str, Any] = {"called_by": actor.code, "called_at": at, "note": audit.without_numbers(note.strip())}
    if confirmed_by.strip():
        who = audit.without_numbers(confirmed_by.strip())
        move(row, CALL, "confirm", actor=actor, at=at, confirmed_by=who, **told)
    else:
        ImportantCall.objects.filter(pk=row.pk).update(tries=F("tries") + 1, **told)
    audit.record(
        actor=actor, action="outage.call", subject=("outages.PlannedOutage", row.telling.outage.number),
        facts={"account": row.account.account_number, "confirmed": bool(confirmed_by.strip())}, at=at,
        unit_path=row.telling.outage.unit.path,
    )  # fmt: skip


def _standing(
    store: ColumnStore, row: PlannedOutage, version: PlannedOutageVersion
) -> tuple[pl.DataFrame, pl.DataFrame | None, set[int] | None]:
    """Who loses supply by what stands, nobody once it is called off or over; and while it runs who has supply again, and which
    areas are back."""
    if row.state not in ("PUBLISHED", "RUNNING"):
        return NOBODY, None, None
    hit = affected.accounts(store, version_id=version.pk)
    if row.state == "PUBLISHED":
        return hit, None, None
    steps = ongoing.steps_off(f"outages.plan:{row.number}")
    still = affected.not_back(hit, steps)
    areas = steps.filter(pl.col("usage_point_id").is_null()).group_by("transformer_id").agg(pl.col("is_off").any())
    back = set(areas.filter(~pl.col("is_off"))["transformer_id"].to_list())
    return still, hit.join(still, on="account_id", how="anti"), back


def _template(kind: str, row: PlannedOutage) -> str:
    """The text of a kind of telling: those who sit in the dark hear when supply comes back, not when it went off."""
    if kind == TellingKind.CORRECTION and row.state == "RUNNING":
        return "outage_new_end"
    return f"outage_{kind.lower()}"


def _due_by(kind: str, version: PlannedOutageVersion, at: datetime) -> datetime:
    match kind:
        case TellingKind.RESTORATION:
            return at
        case TellingKind.CANCELLATION:
            return version.starts_at
        case _:
            return version.notice_by


def _slots(
    store: ColumnStore, row: PlannedOutage, version: PlannedOutageVersion, carriers: pl.DataFrame, hit: pl.DataFrame
) -> pl.DataFrame:
    """A row a message: the account that carries it, and what the text says; each is told the area that is its own."""
    by_area = telling.places(store, version.pk)
    own = (
        hit.select("account_id", "transformer_id")
        .join(by_area, on="transformer_id", how="left")
        .filter(pl.col("place").fill_null("") != "")
        .unique(["account_id", "place"], maintain_order=True)
    )
    named = (
        carriers.join(own, on="account_id", how="left", maintain_order="left")
        .group_by("carrier_id", maintain_order=True)
        .agg(
            pl.col("place").drop_nulls().unique(maintain_order=True).str.join("、").alias("area"),
            pl.col("shared").first(),
        )
    )
    everywhere = version.place or row.title
    return named.select(
        account_id="carrier_id",
        area=pl.when(pl.col("area").fill_null("") == "").then(pl.lit(everywhere)).otherwise("area"),
        households=pl.format("{}户", "shared"), reason=pl.lit(REASONS.get(row.reason, row.title)),
        from_at=pl.lit(_said(version.starts_at)), to_at=pl.lit(_said(version.ends_at)),
    )  # fmt: skip


def _as_told(row: PlannedOutage, carriers: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """A row a message about what they were told: time and place are those that they know, not those that stand now."""
    known = (
        carriers.join(told, on="account_id", how="left", maintain_order="left")
        .group_by("carrier_id", maintain_order=True)
        .agg(pl.col("facts").first(), pl.col("shared").first())
    )
    window = pl.col("facts").str.split_exact(" ", 1).struct.field("field_0").str.split("/")
    begin, end = (_said_of(window.list.get(place)) for place in (0, 1))
    place = pl.col("facts").str.splitn(" ", 2).struct.field("field_1").fill_null("")
    return known.select(
        account_id="carrier_id", area=pl.when(place == "").then(pl.lit(row.title)).otherwise(place),
        households=pl.format("{}户", "shared"), reason=pl.lit(REASONS.get(row.reason, row.title)), from_at=begin,
        to_at=end,
    )  # fmt: skip


def _said_of(written: pl.Expr) -> pl.Expr:
    """Times written as facts, as :func:`_said` says them."""
    local = written.str.to_datetime(FACT_TIME, time_unit="us").dt.convert_time_zone(BILLING_ZONE.key)
    return pl.format("{}月{}日 {}", local.dt.month(), local.dt.day(), local.dt.strftime("%H:%M"))


def _said(at: datetime) -> str:
    local = at.astimezone(BILLING_ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _call(
    store: ColumnStore, row: PlannedOutage, version: PlannedOutageVersion, made: int, kind: str, *,
    areas_back: set[int] | None,
    actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Calls to the important and protected users a telling concerns, also those whose other supply stays: they are asked. While
    it runs, those at areas that are not back. An earlier call that nobody made is dropped for the newer one."""
    if kind in outage_telling.EXPECTING:
        users = OutageImportantUser.objects.filter(version=version)
        if areas_back:
            users = users.exclude(transformer__in=areas_back)
        found = list(users.values_list("account_id", "importance", "protection").order_by("account_id"))
    else:
        called = ImportantCall.objects.filter(telling__outage=row).order_by("account_id")
        found = sorted(set(called.values_list("account_id", "importance", "protection")))
    if not found:
        return 0
    waiting = ImportantCall.objects.filter(
        telling__outage=row, state=CallState.TO_CALL.value, account__in=[one[0] for one in found]
    )
    replaced = list(waiting.exclude(telling=made).values_list("pk", flat=True))
    move_many(store, ImportantCall, CALL, "drop", replaced, actor=actor, at=at)
    first = ids.reserve_columns(store, ImportantCall, len(found))
    moment = pa.timestamp("us", tz="UTC")
    store.append(
        ImportantCall,
        pa.table(
            {
                "id": pa.array(range(first, first + len(found)), pa.int64()),
                "telling_id": pa.array([made] * len(found), pa.int64()),
                "account_id": pa.array([one[0] for one in found], pa.int64()),
                "importance": pa.array([one[1] for one in found], pa.string()),
                "protection": pa.array([one[2] for one in found], pa.string()),
                "state": pa.array([CallState.TO_CALL.value] * len(found), pa.string()),
                "tries": pa.array([0] * len(found), pa.int16()),
                "confirmed_by": pa.array([""] * len(found), pa.string()),
                "called_by": pa.array([""] * len(found), pa.string()),
                "called_at": pa.array([None] * len(found), moment),
                "note": pa.array([""] * len(found), pa.string()),
            }
        ),
    )
    return len(found)
