"""The operation log (操作日志): who did what to which thing, with which facts, and why. Holds no personal data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from wandeng.infra import statements
from wandeng.infra.models import Operation
from wandeng.infra.pii import mask_phone
from wandeng.kernel.actors import Actor

PERSONAL_KEYS = frozenset({"name", "customer_name", "phone", "id_number", "address", "mobile", "contact"})
"""Names a fact must not have: such values live in their sealed columns only."""

_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


class PersonalDataInLog(ValueError):
    """A defect of the caller: personal data was about to be logged in the clear."""


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model | tuple[str, str],
    facts: Mapping[str, object],
    at: datetime,
    reason: str = "",
    unit_path: str = "",
) -> Operation:
    """Write one operation, in the caller's transaction.

    ``subject`` is the row acted on, or (type, code). ``facts`` become canonical JSON. Mobile and identity numbers that
    a person typed into ``reason`` are masked.

    Raises :class:`PersonalDataInLog` for a fact named like personal data, ``TypeError`` for a value that has no exact
    text (a float, an object).
    """
    made = line(
        actor=actor, action=action, subject=subject, facts=facts, at=at, reason=reason, unit_path=unit_path
    )  # fmt: skip
    statements.insert([made])
    return made


def line(
    *,
    actor: Actor,
    action: str,
    subject: models.Model | tuple[str, str],
    facts: Mapping[str, object],
    at: datetime,
    reason: str = "",
    unit_path: str = "",
) -> Operation:
    """The same not stored yet, for a batch that writes many at once in its transaction (:func:`keep`). Raises as
    :func:`record`."""
    kind, code = (subject._meta.label, str(subject.pk)) if isinstance(subject, models.Model) else subject
    return Operation(
        at=at,
        actor=actor.code,
        action=action,
        subject_type=kind,
        subject_code=code,
        unit_path=unit_path or actor.unit_path,
        facts=canonical(facts),
        reason=without_numbers(reason),
    )


def keep(lines: Sequence[Operation]) -> None:
    """Store lines of a batch, in their order."""
    statements.insert(lines)


def canonical(facts: Mapping[str, object]) -> str:
    """Facts as JSON with sorted keys and no spaces: equal facts give equal bytes.

    >>> canonical({"to": 2, "from": date(2026, 1, 1)})
    '{"from":"2026-01-01","to":2}'
    """
    _refuse_personal(facts)
    return json.dumps(_exact(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_personal(value: object) -> None:
    if isinstance(value, Mapping):
        named = PERSONAL_KEYS & set(value)
        if named:
            raise PersonalDataInLog(f"facts must not hold {', '.join(sorted(named))}")
        for inner in value.values():
            _refuse_personal(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_personal(inner)


def _exact(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _exact(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(inner) for inner in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a fact must have an exact text, {type(value).__name__} has none")


def without_numbers(text: str) -> str:
    """The text with mobile and identity numbers masked."""
    masked = _ID_NUMBER.sub(lambda found: f"{found[0][:3]}****{found[0][-4:]}", text)
    return _MOBILE.sub(lambda found: mask_phone(found[0]), masked)
