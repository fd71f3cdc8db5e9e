"""Plans drafted on an importer's connection: what ``actions.plans.draft`` writes, in the importer's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pyarrow as pa
from django.db import models

from wandeng.domains.outages import reviewing, rules, writing
from wandeng.domains.outages.types import PlanRequest, VersionState
from wandeng.infra import audit, ids
from wandeng.infra.columns import ColumnStore, arrow_schema
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor

KNOWN = pa.schema(
    [
        ("unit_id", pa.int64()), ("reference", pa.string()), ("was_number", pa.string()), ("was_title", pa.string()),
        ("was_category", pa.string()), ("was_starts_at", pa.timestamp("us", tz="UTC")),
        ("was_ends_at", pa.timestamp("us", tz="UTC")), ("was_live_line", pa.string()), ("was_points", pa.string()),
    ]
)  # fmt: skip
_KNOWN = (
    "SELECT o.unit_id, o.reference, o.number AS was_number, o.title AS was_title, o.category AS was_category, "
    "v.starts_at AS was_starts_at, v.ends_at AS was_ends_at, v.live_line AS was_live_line, v.id AS version_id "
    "FROM {staged} s JOIN outages_plannedoutage o ON o.unit_id = s.unit_id AND o.reference = s.reference "
    "JOIN outages_plannedoutageversion v ON v.outage_id = o.id AND v.version = 1"
)
_POINTS = (
    "SELECT i.version_id, i.kind, COALESCE(w.code, t.code) AS code FROM outages_outageisolation i "
    "LEFT JOIN network_switch w ON w.id = i.switch_id LEFT JOIN network_powertransformer t ON t.id = i.transformer_id "
    "WHERE i.version_id IN ({chosen})"
)


def known(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """The plans that were drafted from these references before (columns ``unit_id``, ``reference``), as their first version was:
    :data:`KNOWN`; ``was_points`` as :func:`points_told` writes them."""
    keys = rows.select("unit_id", "reference").unique(maintain_order=True)
    with store.staged(keys.to_arrow()) as staged:
        schema = pa.schema([*KNOWN][:-1]).append(pa.field("version_id", pa.int64()))
        found = pl.DataFrame(store.read(_KNOWN.format(staged=staged), schema=schema))
    if found.is_empty():
        return pl.DataFrame(KNOWN.empty_table())
    chosen = ", ".join(str(one) for one in found["version_id"].to_list())
    points: dict[int, list[tuple[str, str]]] = {}
    for version, kind, code in pl.DataFrame(store.read(_POINTS.format(chosen=chosen))).iter_rows():
        points.setdefault(version, []).append((kind, code))
    told = [points_told(points.get(version, [])) for version in found["version_id"].to_list()]
    return found.with_columns(was_points=pl.Series(told, dtype=pl.String)).select(KNOWN.names)


def points_told(points: Sequence[tuple[str, str]]) -> str:
    """Isolation points (kind, code) in one text, whatever their order."""
    return " ".join(sorted(f"{kind}:{code}" for kind, code in points))


def draft(
    store: ColumnStore, request: PlanRequest, *, reference: str, unit_id: int, unit_path: str, territory: str,
    scope: Scope, actor: Actor, at: datetime, protected: Mapping[int, str],
) -> str:  # fmt: skip
    """Draft a plan under the number by which it was asked for, in the caller's transaction. Returns its number.

    What other plans and interruptions say is read as it was committed. Nothing is written when it raises:
    :class:`InvalidInput`, :class:`NobodyOff`, ``NotFound``, ``NoRuleInForce``.
    """

    def reserve(model: type[models.Model], count: int) -> int:
        return ids.reserve_columns(store, model, count)

    found = writing.traced(
        request, scope=scope, territory=territory, at=at, protected=protected, besides=None, library=None
    )
    accounts = writing.accounts_of(request, scope)
    row = writing.plan(request, unit_id, actor=actor, at=at, reserve=reserve, reference=reference)
    made = writing.parts(
        row, 1, request, found, state=VersionState.STANDS, reason="", is_change=False, territory=territory,
        actor=actor, at=at, accounts=accounts, reserve=reserve, library=None,
    )  # fmt: skip
    looked_at = writing.reviewed(request, found, outage_id=row.pk)
    told = {one.code: one.facts for one in reviewing.findings(looked_at, at=at, territory=territory, library=None)}
    rule = rules.planning(rules.local_day(request.starts_at), territory=territory)
    findings = writing.finding_rows(made.version, told, forbidding=rule.forbidding.codes, reserve=reserve)
    logged = audit.line(
        actor=actor, action="outage.draft", subject=("outage", row.number), at=at, unit_path=unit_path,
        facts={"version": 1, "areas": made.version.areas, "customers": made.version.customers, "reference": reference},
    )  # fmt: skip
    for rows in ((row,), (made.version,), made.isolation, made.works, made.areas, made.users, findings, (logged,)):
        _append(store, rows)
    return row.number


def _append(store: ColumnStore, rows: Sequence[models.Model]) -> None:
    """Rows of one model that are not stored yet, as columns."""
    if not rows:
        return
    model = type(rows[0])
    fields = [one for one in model._meta.concrete_fields if not (one.primary_key and rows[0].pk is None)]
    schema = arrow_schema(model)
    columns = {
        field.column: pa.array([_utc(getattr(row, field.attname)) for row in rows], schema.field(field.column).type)
        for field in fields
    }
    store.append(model, pa.table(columns))


def _utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value
