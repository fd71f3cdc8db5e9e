"""Reading the operation log (操作日志): who did what to which thing, with what before and after.

What happened to no unit (a job, a setting of the whole installation) belongs to the root unit and is seen from there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

COLUMNS = ("id", "at", "actor", "action", "subject_type", "subject_code", "unit_path", "facts", "reason")
VIEWS_OF_PERSONAL_DATA = ("contact.reveal", "case.reveal", "pii.view", "import.export_parked")
"""Actions by which personal data was shown in the clear."""

Rows = QuerySet[Any, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Fact:
    """One value that an operation changed or stated; ``before`` is ``None`` where it only stated it."""

    name: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class OperationShown:
    """One operation, with its facts in order of their names."""

    id: int
    at: datetime
    actor: str
    action: str
    subject_type: str
    subject_code: str
    unit_path: str
    reason: str
    facts: tuple[Fact, ...]


def rows(scope: Scope) -> Rows:
    """The operations inside the scope, newest first: :data:`COLUMNS`. Lazy: limit it before it is read."""
    found: Rows = inside(scope).order_by("-id").values(*COLUMNS)
    return found


def views_of_personal_data(scope: Scope) -> Rows:
    """The same, only those that showed personal data in the clear (查看个人信息日志)."""
    return rows(scope).filter(action__in=VIEWS_OF_PERSONAL_DATA)


def operation(scope: Scope, operation_id: int) -> OperationShown:
    """One operation. Raises :class:`NotFound`, also outside the scope."""
    row = inside(scope).filter(pk=operation_id).first()
    if row is None:
        raise NotFound(f"there is no operation {operation_id}")
    return _shown(row)


def of_subject(scope: Scope, *, subject_type: str, subject_code: str, limit: int = 100) -> tuple[OperationShown, ...]:
    """What was done to one thing, newest first."""
    found = inside(scope).filter(subject_type=subject_type, subject_code=subject_code).order_by("-id")
    return tuple(_shown(row) for row in found[:limit])


def actions() -> tuple[str, ...]:
    """Every kind of action that the log has, in order."""
    return tuple(Operation.objects.order_by("action").values_list("action", flat=True).distinct())


def facts_of(text: str) -> tuple[Fact, ...]:
    """Stored facts as before and after: ``from``/``to`` and ``was_x``/``x`` are pairs.

    >>> facts_of('{"from":"DRAFT","to":"SIGNED"}')
    (Fact(name='', before='DRAFT', after='SIGNED'),)
    >>> facts_of('{"name":"a","to":"2027-01-01","was_to":"9999-01-01"}')
    (Fact(name='name', before=None, after='a'), Fact(name='to', before='9999-01-01', after='2027-01-01'))
    """
    stated: Mapping[str, object] = json.loads(text) if text else {}
    if {"from", "to"} <= set(stated) and "was_to" not in stated:
        pair = Fact("", _words(stated["from"]), _words(stated["to"]))
        return (pair, *_plain({name: value for name, value in stated.items() if name not in {"from", "to"}}))
    return _plain(stated)


def inside(scope: Scope) -> QuerySet[Operation]:
    """The operations whose unit lies inside; from the root also those of no unit."""
    if not scope.prefix:
        return Operation.objects.all()
    below = Q(Exact(Substr("unit_path", 1, len(scope.prefix)), scope.prefix))
    return Operation.objects.filter(below | Q(unit_path="") if scope.prefix.count("/") == 1 else below)


def _plain(stated: Mapping[str, object]) -> tuple[Fact, ...]:
    names = [name for name in sorted(stated) if not (name.startswith("was_") and name[4:] in stated)]
    return tuple(
        Fact(name, _words(stated[f"was_{name}"]) if f"was_{name}" in stated else None, _words(stated[name]))
        for name in names
    )


def _words(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _shown(row: Operation) -> OperationShown:
    return OperationShown(
        id=row.pk,
        at=row.at,
        actor=row.actor,
        action=row.action,
        subject_type=row.subject_type,
        subject_code=row.subject_code,
        unit_path=row.unit_path,
        reason=row.reason,
        facts=facts_of(row.facts),
    )


def count_since(*, actor_code: str, action: str, since: datetime, most: int) -> int:
    """How often a person did something after an instant, counted no further than ``most``."""
    found = Operation.objects.filter(actor=actor_code, action=action, at__gt=since).order_by("-id")
    return found[:most].count()
