"""The outbox: what was to be told, to whom, and how far it has come."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from wandeng.domains.notices import rendering, rules
from wandeng.domains.notices.models import LetterBatch, NoticeAttempt, NoticeGateway, NoticeRecipient
from wandeng.domains.notices.types import (
    AttemptShown,
    ChannelText,
    GatewayShown,
    NoticeId,
    OutboxCounts,
    Reached,
    RecipientId,
    RecipientShown,
    StepShown,
)
from wandeng.domains.organization import queries as organization
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.problems import TerritoryUnknown
from wandeng.infra.models import StateChange
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.ids import AccountId

Rows = QuerySet[Any, dict[str, Any]]
UNIT = "unit__path"
_LIMIT = 10_000
"""Counts stop here: more is not worth the time of a page."""
_LOOKED_AT = ("FAILED", "UNKNOWN", "WAITING")
RECIPIENT_COLUMNS = (
    "id", "template_code", "template_name", "purpose", "account_number", "account_name", "person_code", "channel",
    "state", "why", "due_at", "reached_at", "made_at", "is_urgent", "unit_code", "unit_name", "key",
)  # fmt: skip
BATCH_COLUMNS = ("id", "letters", "printed_by", "printed_at", "unit_code", "unit_name")


def anything_due(*, now: datetime) -> bool:
    """Whether any recipient waits for something to be done by itself."""
    open_ones = ("WAITING", "SENDING", "UNKNOWN", "SENT")
    return NoticeRecipient.objects.filter(state__in=open_ones, due_at__lte=now).exclude(
        state="WAITING", channel="LETTER"
    ).exists()  # fmt: skip


def recipient_rows(scope: Scope, *, account_number: str = "", key: str = "") -> Rows:
    """Recipients: RECIPIENT_COLUMNS, to be ordered by ``-id``; of one account or of one notice when it is named."""
    inside = _inside(scope)
    if account_number:
        inside = inside.filter(account__account_number=account_number)
    if key:
        inside = inside.filter(notice__key=key)
    rows: Rows = inside.annotate(
        template_code=F("notice__version__template__code"),
        template_name=F("notice__version__template__name"),
        purpose=F("notice__version__template__purpose"),
        account_number=F("account__account_number"),
        account_name=F("account__name"),
        person_code=F("person__code"),
        made_at=F("notice__made_at"),
        is_urgent=F("notice__is_urgent"),
        key=F("notice__key"),
        unit_code=F("unit__code"),
        unit_name=F("unit__name"),
    ).values(*RECIPIENT_COLUMNS)
    return rows


def recipient(scope: Scope, recipient_id: int, *, library: RuleLibrary) -> RecipientShown:
    """One recipient with every attempt and step. Raises :class:`NotFound`, also outside the scope."""
    named = NoticeRecipient.objects.select_related("notice__version__template", "account", "person", "unit")
    row = scope.one(named, UNIT, "notice", pk=recipient_id)
    notice, version = row.notice, row.notice.version
    text = rendering.texts_from_json(version.texts).get(row.channel, ChannelText(""))
    slots = slots_of(row, library)
    return RecipientShown(
        recipient_id=RecipientId(row.pk),
        notice_id=NoticeId(notice.pk),
        key=notice.key,
        template_code=version.template.code,
        template_name=version.template.name,
        version_number=version.number,
        purpose=version.template.purpose,
        is_urgent=notice.is_urgent,
        account_number=row.account.account_number if row.account else "",
        account_name=row.account.name if row.account else "",
        person_code=row.person.code if row.person else "",
        person_name=row.person.name if row.person else "",
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        state=row.state,
        channel=row.channel,
        channels=tuple((row.own_channels or version.channels).split(",")),
        round=row.round,
        why=row.why,
        due_at=row.due_at,
        reached_at=row.reached_at,
        made_by=notice.made_by,
        made_at=notice.made_at,
        title=rendering.fill(text.title, slots),
        text=rendering.fill(text.text, slots),
        reduced=rendering.fill(text.reduced, slots),
        others=NoticeRecipient.objects.filter(notice=notice).count() - 1,
        attempts=_attempts(row.pk),
        steps=_steps(row),
    )


def reached(key: str, *, account: AccountId | None = None) -> tuple[Reached, ...]:
    """Who was told by the notice with this key, how and when; those not reached stand there with their state. With
    ``account`` only that one of many.

    Empty for a key nobody used.
    """
    named = NoticeRecipient.objects.filter(notice__key=key)
    if account is not None:
        named = named.filter(account_id=account)
    rows = named.select_related("account", "person").order_by("id")
    last: dict[int, NoticeAttempt] = {}
    for attempt in NoticeAttempt.objects.filter(recipient__in=named).order_by("id"):
        last[attempt.recipient_id] = attempt
    return tuple(
        Reached(
            account_number=row.account.account_number if row.account else "",
            person_code=row.person.code if row.person else "",
            state=row.state,
            channel=row.channel,
            masked=last[row.pk].masked if row.pk in last else "",
            is_reduced=last[row.pk].is_reduced if row.pk in last else False,
            at=row.reached_at,
        )
        for row in rows
    )


def reached_first(keys: Sequence[str], *, account: AccountId) -> dict[str, datetime]:
    """Key → when a notice first reached somebody of the account; keys of notices that have not are left out. One query."""
    told = NoticeRecipient.objects.filter(notice__key__in=keys, account_id=account, state="DELIVERED")
    found = told.exclude(reached_at=None).order_by().values_list("notice__key").annotate(first=Min("reached_at"))
    return dict(found)


def counts(scope: Scope) -> OutboxCounts:
    """How many recipients failed, are unknown or wait, and how many of those that wait are letters; one query.

    Failed ones are counted first, then unknown ones, then those that wait, up to 10,000 together.
    """
    open_ones = _inside(scope).filter(state__in=_LOOKED_AT).order_by("state").values("state", "channel")[:_LIMIT]
    counted = {state.lower(): Count("state", filter=Q(state=state)) for state in _LOOKED_AT}
    found = open_ones.aggregate(**counted, letters=Count("state", filter=Q(state="WAITING", channel="LETTER")))
    return OutboxCounts({state: found[state.lower()] for state in _LOOKED_AT}, found["letters"])


def letter_batch_rows(scope: Scope) -> Rows:
    """Batches of printed letters: BATCH_COLUMNS, to be ordered by ``-id``."""
    rows: Rows = (
        scope.limit(LetterBatch.objects.all(), UNIT)
        .annotate(unit_code=F("unit__code"), unit_name=F("unit__name"))
        .values(*BATCH_COLUMNS)
    )
    return rows


def gateways() -> tuple[GatewayShown, ...]:
    """Every gateway that was ever called, as its breaker sees it."""
    return tuple(
        GatewayShown(row.code, row.channel, row.failures, row.open_until, row.failed_at, row.worked_at)
        for row in NoticeGateway.objects.order_by("channel", "code")
    )


def purposes_told(scope: Scope, *, since: datetime) -> Mapping[str, int]:
    """How many recipients were reached since a moment, by purpose."""
    told = scope.limit(NoticeRecipient.objects.filter(reached_at__gte=since), UNIT)
    grouped = told.values(purpose=F("notice__version__template__purpose")).annotate(count=Count("id"))
    return {row["purpose"]: row["count"] for row in grouped.order_by("purpose")}


def _inside(scope: Scope) -> QuerySet[NoticeRecipient]:
    """The scope as a choice of units, which an index answers; no condition for the whole installation."""
    rows = NoticeRecipient.objects.all()
    if not scope.prefix:
        return rows
    return rows.filter(unit_id__in=[node.unit_id for node in organization.unit_tree(scope)])


def slots_of(row: NoticeRecipient, library: RuleLibrary) -> dict[str, str]:
    """The values of a recipient's slots, as the message has them."""
    try:
        rule = rules.sending_rule(library, at=row.notice.made_at, territory=row.unit.territory)
        on_record = {"utility": row.unit.name, "hotline": rule.hotline}
    except (NoRuleInForce, TerritoryUnknown):
        on_record = {"utility": row.unit.name}
    if row.account:
        on_record |= {
            "account_number": row.account.account_number,
            "name": row.account.name,
            "address": row.account.address,
        }
    given: dict[str, str] = json.loads(row.slots)
    return on_record | given


def _attempts(recipient_id: int) -> tuple[AttemptShown, ...]:
    rows = NoticeAttempt.objects.filter(recipient_id=recipient_id).order_by("id")
    return tuple(
        AttemptShown(
            row.channel, row.round, row.gateway, row.message_id, row.masked, row.is_reduced, row.parts, row.calls,
            row.outcome, row.answer, row.first_at, row.last_at, row.letter_batch_id,
        )
        for row in rows
    )  # fmt: skip


def _steps(row: NoticeRecipient) -> tuple[StepShown, ...]:
    moves = StateChange.objects.filter(subject_type=row._meta.label, subject_id=row.pk).order_by("id")
    return tuple(StepShown(move.move, move.to_state, move.actor, move.at, move.reason) for move in moves)
