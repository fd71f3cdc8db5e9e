"""What people ask about orders: the queue for approval, one order with its evidence and time line, the board of returns with
their clocks, the halts, the quotas, the quarter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from wandeng.domains.collections.models import (
    DisconnectionHalt,
    DisconnectionOrder,
    DispatchRefusal,
    InstructionReceipt,
    ReconnectionOrder,
    SignedInstruction,
)
from wandeng.domains.collections.types_orders import (
    EvidenceStep,
    HaltShown,
    InstructionShown,
    OrderGlance,
    OrderMove,
    OrderShown,
    ReconnectionShown,
    RefusalShown,
)
from wandeng.domains.collections.types_prepay import PrepayBalanceEvidence
from wandeng.infra.models import StateChange
from wandeng.infra.scope import Scope

UNIT = "unit__path"
Rows = QuerySet[Any, Any]
IN_FIELD = ("DISPATCHED", "RECALLED")


def order_rows(scope: Scope, *, states: tuple[str, ...] = ()) -> Rows:
    """Disconnection orders: number, basis, state, level, account_number, account_name, address, customer_class, importance, unit_id,
    unit_name, demanded_fen, reason, needs_second, proposed_by, proposed_at, approved_by, approved_at, dispatched_at, cut_at,
    ended_at; of some states only when they are named."""
    rows = scope.limit(DisconnectionOrder.objects.all(), UNIT)
    if states:
        rows = rows.filter(state__in=states)
    return rows.values(
        "id", "number", "basis", "state", "level", "unit_id", "demanded_fen", "reason", "needs_second", "proposed_by", "proposed_at",
        "approved_at", "dispatched_at", "cut_at", "ended_at",
        approver=Coalesce(F("approved_by"), Value("")),
        account_number=F("account__account_number"), account_name=F("account__name"), address=F("account__address"),
        customer_class=F("account__customer_class"), importance=F("account__importance"), unit_name=F("unit__name"),
    )  # fmt: skip


def reconnection_rows(scope: Scope, *, now: datetime) -> Rows:
    """Reconnection orders: number, state, cause, account_number, account_name, address, unit_id, unit_name, due_from, due_at,
    restored_at, is_late (past its time without power, or later than promised), ordered_by, confirmed_by, cut_number."""
    late = Q(state="ORDERED", due_at__lt=now) | Q(state="RESTORED", restored_at__gt=F("due_at"))
    return scope.limit(ReconnectionOrder.objects.all(), UNIT).values(
        "id", "number", "state", "cause", "unit_id", "due_from", "due_at", "restored_at", "ordered_by", "ordered_at",
        "confirmed_by",
        is_late=Case(When(late, then=Value(True)), default=Value(False), output_field=BooleanField()),
        cut_number=F("disconnection__number"), account_number=F("account__account_number"),
        account_name=F("account__name"), address=F("account__address"), unit_name=F("unit__name"),
    )  # fmt: skip


def receipt_rows(scope: Scope) -> Rows:
    """Messages that came in: channel_code, sequence, verdict, sentence, supply, received_at, order. What names no unit's
    channel is seen from the whole installation only."""
    rows = InstructionReceipt.objects.all()
    if scope.prefix:
        rows = scope.limit(rows.filter(instruction__isnull=False), "instruction__channel__unit__path")
    return rows.values(
        "id", "channel_code", "sequence", "verdict", "sentence", "supply", "received_at",
        order=Coalesce(
            F("instruction__disconnection__number"), F("instruction__reconnection__number"), Value("")
        ),
    )  # fmt: skip


def waiting(scope: Scope, *, limit: int = 12, numbers: Sequence[str] | None = None) -> tuple[OrderGlance, ...]:
    """Orders that wait for approval, oldest first, each with its chain of evidence; those ``numbers`` only when given."""
    rows = scope.limit(DisconnectionOrder.objects.select_related("unit", "account"), UNIT)
    found = rows.filter(state__in=("PROPOSED", "SECOND_WANTED")).order_by("id")
    chosen = found[:limit] if numbers is None else found.filter(number__in=numbers)
    return tuple(_glance(row) for row in chosen)


def _glance(row: DisconnectionOrder) -> OrderGlance:
    chain = json.loads(row.evidence)
    return OrderGlance(
        number=row.number,
        state=row.state,
        level=row.level,
        account_number=row.account.account_number,
        account_name=row.account.name,
        unit_name=row.unit.name,
        importance=row.account.importance,
        demanded_fen=row.demanded_fen,
        overdue_days=int(chain["overdue_days"]),
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        approved_by=row.approved_by or "",
        evidence=tuple(_step(step) for step in chain["evidence"]),
        basis=row.basis,
        balance=_balance(chain),
    )


def _balance(chain: dict[str, Any]) -> PrepayBalanceEvidence | None:
    """The balance that an order by prepay was proposed on."""
    kept = chain.get("balance")
    return PrepayBalanceEvidence(**{**kept, "day": date.fromisoformat(kept["day"])}) if kept else None


def field_tasks(scope: Scope, *, now: datetime) -> tuple[tuple[OrderGlance, ...], tuple[ReconnectionShown, ...]]:
    """What the field has to do: orders to cut that are out, and returns of supply, the most urgent first."""
    cuts = scope.limit(DisconnectionOrder.objects.select_related("unit", "account"), UNIT)
    backs = scope.limit(ReconnectionOrder.objects.select_related("unit", "account", "disconnection"), UNIT)
    return (
        tuple(_glance(row) for row in cuts.filter(state="DISPATCHED").order_by("dispatched_at")[:50]),
        tuple(_shown(row, now) for row in backs.filter(state="ORDERED").order_by("due_at")[:50]),
    )


def order(scope: Scope, number: str) -> OrderShown:
    """One order with its evidence, time line, instructions, refusals and returns. Raises :class:`NotFound`."""
    rows = DisconnectionOrder.objects.select_related("unit", "account")
    row = scope.one(rows, UNIT, "disconnection order", number=number)
    chain = json.loads(row.evidence)
    return OrderShown(
        id=row.pk, number=row.number, account_id=row.account_id, account_number=row.account.account_number,
        account_name=row.account.name, address=row.account.address, customer_class=row.account.customer_class,
        importance=row.account.importance, unit_code=row.unit.code, unit_name=row.unit.name, unit_path=row.unit.path,
        territory=row.unit.territory, state=row.state, level=row.level, demanded_fen=row.demanded_fen, reason=row.reason,
        evidence=tuple(_step(step) for step in chain["evidence"]), evidence_hash=row.evidence_hash,
        overdue_days=int(chain["overdue_days"]), oldest_due_on=str(chain["oldest_due_on"] or ""),
        proposed_by=row.proposed_by, proposed_at=row.proposed_at, approved_by=row.approved_by or "",
        approved_at=row.approved_at, needs_second=row.needs_second, second_by=row.second_by or "",
        dispatched_by=row.dispatched_by or "", dispatched_at=row.dispatched_at, cut_at=row.cut_at, moves=_moves(row),
        instructions=_instructions(row), refusals=_refusals(row), reconnections=_reconnections(row), basis=row.basis,
        balance=_balance(chain),
    )  # fmt: skip


def _step(step: dict[str, Any]) -> EvidenceStep:
    reached = step["reached_at"]
    return EvidenceStep(
        kind=step["kind"], taken_at=datetime.fromisoformat(step["taken_at"]),
        reached_at=datetime.fromisoformat(reached) if reached else None, reached_whom=step["reached_whom"],
        channel=step["channel"], evidence=step["evidence"], authority_reference=step["authority_reference"],
    )  # fmt: skip


def _moves(row: DisconnectionOrder) -> tuple[OrderMove, ...]:
    changes = StateChange.objects.filter(subject_type=DisconnectionOrder._meta.label, subject_id=row.pk).order_by("id")
    return (
        OrderMove("propose", "PROPOSED", row.proposed_by, row.proposed_at, row.reason),
        *(OrderMove(one.move, one.to_state, one.actor, one.at, one.reason) for one in changes),
    )


def _instructions(row: DisconnectionOrder) -> tuple[InstructionShown, ...]:
    from_here = row.instructions.select_related("channel").order_by("id")
    return tuple(
        InstructionShown(one.pk, one.channel.code, one.sequence, one.kind, one.key_id, one.issued_at, one.expires_at,
                         one.handed_over_at)
        for one in from_here
    )  # fmt: skip


def _refusals(row: DisconnectionOrder) -> tuple[RefusalShown, ...]:
    return tuple(RefusalShown(one.code, one.sentence, one.actor, one.at) for one in row.refusals.order_by("id"))


def _reconnections(row: DisconnectionOrder) -> tuple[ReconnectionShown, ...]:
    found = ReconnectionOrder.objects.filter(disconnection=row).select_related("unit", "account", "disconnection")
    return tuple(_shown(one, None) for one in found.order_by("id"))


def reconnection(scope: Scope, number: str, *, now: datetime) -> ReconnectionShown:
    """One reconnection order. Raises :class:`NotFound`."""
    rows = ReconnectionOrder.objects.select_related("unit", "account", "disconnection")
    return _shown(scope.one(rows, UNIT, "reconnection order", number=number), now)


def _shown(row: ReconnectionOrder, now: datetime | None) -> ReconnectionShown:
    until = row.restored_at or now
    minutes = int((row.restored_at - row.due_from).total_seconds() // 60) if row.restored_at else None
    return ReconnectionShown(
        id=row.pk, number=row.number, account_number=row.account.account_number, account_name=row.account.name,
        address=row.account.address, unit_name=row.unit.name, unit_path=row.unit.path,
        disconnection_number=row.disconnection.number, state=row.state, cause=row.cause, due_from=row.due_from,
        due_at=row.due_at, rule_path=row.rule_path, ordered_by=row.ordered_by, ordered_at=row.ordered_at,
        restored_at=row.restored_at, confirmed_by=row.confirmed_by, minutes=minutes,
        is_late=until is not None and until > row.due_at,
    )  # fmt: skip


def halts(scope: Scope, *, limit: int = 50) -> tuple[HaltShown, ...]:
    """The log of halts, pulled ones first, then newest first."""
    rows = scope.limit(DisconnectionHalt.objects.select_related("unit"), UNIT)
    found = list(rows.order_by("-state", "-id")[:limit])
    refused = DispatchRefusal.objects.filter(code="DISCONNECTION_HALTED").values_list("order__unit__path", "at")
    stopped = list(refused.filter(at__gte=min(one.pulled_at for one in found))) if found else []
    return tuple(
        HaltShown(
            id=one.pk, unit_code=one.unit.code, unit_name=one.unit.name, unit_path=one.unit.path, state=one.state,
            is_drill=one.is_drill, reason=one.reason, pulled_by=one.pulled_by, pulled_at=one.pulled_at,
            lifted_by=one.lifted_by or "", lifted_at=one.lifted_at,
            refused=sum(
                path.startswith(one.unit.path) and one.pulled_at <= at and (one.lifted_at is None or at <= one.lifted_at)
                for path, at in stopped
            ),
        )
        for one in found
    )  # fmt: skip


def instruction_text(scope: Scope, instruction_id: int) -> str:
    """The signed text of an instruction, word for word. Raises :class:`NotFound`."""
    rows = SignedInstruction.objects.all()
    return str(scope.one(rows, "channel__unit__path", "instruction", pk=instruction_id).text)


def live_accounts(*, limit: int = 10_000) -> tuple[int, ...]:
    """Accounts with an order that a payment would end: for the sweep that looks whether their debt went away otherwise."""
    states = ("PROPOSED", "SECOND_WANTED", "APPROVED", "DISPATCHED", "CUT")
    rows = DisconnectionOrder.objects.filter(state__in=states).order_by("account_id")
    rows = rows.exclude(state="CUT", account__reconnection_orders__state="ORDERED")
    return tuple(rows.values_list("account_id", flat=True)[:limit])


def is_off(account_id: int) -> bool:
    """Whether supply of an account is off by an order, or may be."""
    return DisconnectionOrder.objects.filter(
        account_id=account_id, state__in=("DISPATCHED", "RECALLED", "CUT")
    ).exists()
