"""One appointment, and those of a case or an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from wandeng.domains.appointments import rules
from wandeng.domains.appointments.models import Appointment, AppointmentTelling
from wandeng.domains.appointments.queries.days import slot_shown
from wandeng.domains.appointments.types import PHONE_COLUMN, AppointmentShown, TellingShown
from wandeng.domains.cases.queries import rows as cases
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

_RELATED = (
    "unit", "account", "case", "slot__unit", "slot__place", "slot__stop__run__vehicle", "follows", "followed_by",
)  # fmt: skip


def appointment(scope: Scope, number: str, *, library: RuleLibrary, now: datetime) -> AppointmentShown:
    """One appointment. Raises :class:`NotFound`, also outside the scope."""
    rows = Appointment.objects.select_related(*_RELATED)
    row = scope.one(rows, "unit__path", "appointment", number=number)
    return _shown([row], library, now)[0]


def of_case(scope: Scope, case_number: str, *, library: RuleLibrary, now: datetime) -> tuple[AppointmentShown, ...]:
    """The appointments of a case within the scope, the newest first. Raises :class:`NotFound` for a case outside it."""
    if not cases.case_rows(scope).filter(number=case_number).exists():
        raise NotFound(f"there is no case {case_number}")
    rows = Appointment.objects.select_related(*_RELATED).filter(case__number=case_number)
    return _shown(list(scope.limit(rows, "unit__path").order_by("-id")[:20]), library, now)


def of_account(
    scope: Scope, account_number: str, *, library: RuleLibrary, now: datetime, most: int = 10
) -> tuple[AppointmentShown, ...]:
    """The appointments of an account within the scope, the newest first."""
    rows = Appointment.objects.select_related(*_RELATED).filter(account__account_number=account_number)
    return _shown(list(scope.limit(rows, "unit__path").order_by("-id")[:most]), library, now)


def _shown(rows: Sequence[Appointment], library: RuleLibrary, now: datetime) -> tuple[AppointmentShown, ...]:
    told: dict[int, list[AppointmentTelling]] = {row.pk: [] for row in rows}
    for one in AppointmentTelling.objects.filter(appointment__in=rows).order_by("due_at", "id") if rows else ():
        told[one.appointment_id].append(one)
    return tuple(_one(row, told[row.pk], library, now) for row in rows)


def _one(
    row: Appointment, told: Sequence[AppointmentTelling], library: RuleLibrary, now: datetime
) -> AppointmentShown:  # fmt: skip
    names = rules.service_names(library, on=row.slot.on, territory=row.unit.territory)
    zh, en = names.get(row.service, (row.service, row.service))
    account, phone = row.account, pii.open_sealed(row.phone_sealed, column=PHONE_COLUMN)
    return AppointmentShown(
        number=row.number, state=row.state, slot=slot_shown(row.slot, now=now, minutes_before=0), service=row.service,
        service_zh=zh, service_en=en, account_number=account.account_number if account else "",
        name=account.name if account else row.visitor, address=account.address if account else "",
        phone=pii.mask_phone(phone) if phone else "",
        case_number=row.case.number if row.case and not row.case.is_confidential else "", remark=row.remark,
        booked_at=row.booked_at, booked_by=row.booked_by, ended_at=row.ended_at, ended_by=row.ended_by, side=row.side,
        reason=row.explanation, follows=row.follows.number if row.follows else "",
        followed_by=row.followed_by.number if hasattr(row, "followed_by") else "", unit_path=row.unit.path,
        tellings=tuple(TellingShown(one.what, one.due_at, one.state, one.told_at, one.told_by) for one in told),
    )  # fmt: skip
