"""All connections under way (在途业扩): where each stands, how long it has, who is late; and what the network lacks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat

from wandeng.domains.cases.queries import rows as cases
from wandeng.domains.connections.models import ReinforcementNeed
from wandeng.domains.connections.types import PROCESSES
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]


def board_rows(scope: Scope, *, now: datetime) -> Rows:
    """Connections under way: the columns of ``cases.queries.rows.case_rows``, and connection_class, capacity_ckva, surveyor,
    manager (empty while nobody has begun the project), named_owner (who has it in hand, else who leads it, else who took it
    first), step_key (process/step) and is_late. Lazy."""
    rows = cases.case_rows(scope, states=("OPEN",)).filter(process__in=PROCESSES)
    found: Rows = rows.annotate(
        connection_class=Coalesce(F("connection__connection_class"), Value("")),
        capacity_ckva=F("connection__capacity_ckva"),
        surveyor=Coalesce(F("connection__surveyor"), Value("")),
        manager=Coalesce(F("connection__manager"), Value("")),
        named_owner=Choose(
            When(~Q(handler=""), then=F("handler")),
            When(connection__manager__gt="", then=F("connection__manager")),
            default=F("owner"),
        ),
        step_key=Concat("process", Value("/"), "step"),
        is_late=Choose(When(due_at__lt=now, then=Value(True)), default=Value(False)),
    )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class BoardCounts:
    """The head of the board: connections under way, of these late, waiting for the customer, and needs not yet met."""

    under_way: int
    late: int
    paused: int
    needs: int


def board_counts(scope: Scope, *, now: datetime) -> BoardCounts:
    """The counts of the board's head."""
    found = cases.case_rows(scope, states=("OPEN",)).filter(process__in=PROCESSES).aggregate(
        under_way=Count("id"), late=Count("id", filter=Q(due_at__lt=now)), paused=Count("id", filter=Q(is_paused=True))
    )  # fmt: skip
    return BoardCounts(**found, needs=need_rows(scope).filter(done_on__isnull=True).count())


def need_rows(scope: Scope) -> Rows:
    """Reinforcement needs: id, transformer_code, transformer_name, feeder_name, case_number, lacking_ckva, noted_at, noted_by,
    planned_on, done_on, note, unit_id, unit_name."""
    rows = scope.limit(ReinforcementNeed.objects.all(), "transformer__unit__path")
    return rows.values(
        "id", "lacking_ckva", "noted_at", "noted_by", "planned_on", "done_on", "note",
        transformer_code=F("transformer__code"), transformer_name=F("transformer__name"),
        feeder_name=F("transformer__feeder__name"), case_number=F("project__case__number"),
        unit_id=F("transformer__unit_id"), unit_name=F("transformer__unit__name"),
    )  # fmt: skip
