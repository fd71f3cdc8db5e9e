"""Record a purchase, correct it. Each is one transaction with its entry in the ledger."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger import queries as books
from wandeng.domains.ledger.types import Posting
from wandeng.domains.organization import queries as organization
from wandeng.domains.purchases.models import EnergyPurchase
from wandeng.domains.purchases.types import Source
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import BILLING_ZONE, Month

KIND = "PURCHASE"


class AlreadyRecorded(Conflict):
    """The supplier's month is recorded with other figures."""

    code = "PURCHASE_RECORDED"


@transaction.atomic
def record(
    *, unit_code: str, month: Month, source: Source, supplier: str, energy_ckwh: int, amount_fen: int,
    document_number: str, actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Record what a supplier delivered in a month; the same figures again change nothing. Returns the purchase's id.

    Raises :class:`NotAllowed`, :class:`NotFound`, :class:`InvalidInput`, :class:`AlreadyRecorded`, :class:`MonthClosed`.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, "ACCOUNTANT", unit_path=unit.path)
    _refuse_impossible(supplier, energy_ckwh, amount_fen, document_number)
    found = EnergyPurchase.objects.filter(
        unit_id=unit.unit_id, month=str(month), source=source.value, supplier=supplier, is_current=True
    ).first()
    if found is not None:
        if (found.energy_ckwh, found.amount_fen, found.document_number) == (energy_ckwh, amount_fen, document_number):
            return found.pk
        raise AlreadyRecorded(f"{supplier} is recorded for {month} with other figures: correct it with a reason")
    row = EnergyPurchase.objects.create(
        id=ids.reserve(EnergyPurchase, 1), unit_id=unit.unit_id, month=str(month), source=source.value,
        supplier=supplier, energy_ckwh=energy_ckwh, amount_fen=amount_fen, document_number=document_number,
        recorded_at=at, recorded_by=actor.code,
    )  # fmt: skip
    _book(row, unit.unit_id, str(month), actor, at)
    facts = {"month": str(month), "supplier": supplier, "energy_ckwh": energy_ckwh, "amount_fen": amount_fen}
    audit.record(actor=actor, action="purchase.record", subject=row, facts=facts, at=at, unit_path=unit.path)
    return row.pk


@transaction.atomic
def correct(
    *, purchase_id: int, energy_ckwh: int, amount_fen: int, document_number: str, reason: str, actor: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """Correct a recorded purchase: the old entry is reversed and the new figures are posted. Returns the new row's id.

    Booked into the month itself, or, when that is closed, into the month of ``at``. Raises :class:`NotAllowed`,
    :class:`NotFound`, :class:`InvalidInput`, :class:`Conflict` for one that was corrected already.
    """
    rows = EnergyPurchase.objects.select_related("unit")
    row = Scope.of(actor).one(rows, "unit__path", "purchase", pk=purchase_id)
    require(actor, "ACCOUNTANT", unit_path=row.unit.path)
    _refuse_impossible(row.supplier, energy_ckwh, amount_fen, document_number)
    if not reason.strip():
        raise InvalidInput("say why the purchase is corrected")
    if not EnergyPurchase.objects.filter(pk=row.pk, is_current=True).update(is_current=False):
        raise Conflict(f"purchase {row.pk} has been corrected already")
    unit = UnitId(row.unit_id)
    month = row.month
    if books.is_closed(unit=unit, month=month):
        month = str(Month.of(at.astimezone(BILLING_ZONE).date()))
    entry = books.find_entry(biz_key=_key(row))
    if entry is not None:
        ledger.reverse(entry=entry, biz_key=f"{_key(row)}:reversal", month=month, at=at, actor=actor)
    new = EnergyPurchase.objects.create(
        id=ids.reserve(EnergyPurchase, 1), unit_id=unit, month=row.month, source=row.source, supplier=row.supplier,
        energy_ckwh=energy_ckwh, amount_fen=amount_fen, document_number=document_number, revision=row.revision + 1,
        reason=reason.strip(), recorded_at=at, recorded_by=actor.code,
    )  # fmt: skip
    _book(new, unit, month, actor, at)
    facts = {"of": row.pk, "energy_ckwh": energy_ckwh, "amount_fen": amount_fen}
    audit.record(
        actor=actor, action="purchase.correct", subject=new, facts=facts, at=at, reason=reason, unit_path=row.unit.path
    )
    return new.pk


def _book(row: EnergyPurchase, unit: UnitId, month: str, actor: Actor, at: datetime) -> None:
    if row.amount_fen:
        lines = [
            Posting(f"PURCHASE:{row.source}", row.amount_fen, source=row.pk),
            Posting(f"PAYABLE:{row.source}", -row.amount_fen, source=row.pk),
        ]
        ledger.post(biz_key=_key(row), kind=KIND, unit=unit, month=month, lines=lines, at=at, actor=actor)


def _key(row: EnergyPurchase) -> str:
    return f"purchase:{row.pk}"


def _refuse_impossible(supplier: str, energy_ckwh: int, amount_fen: int, document_number: str) -> None:
    if not supplier.strip() or not document_number.strip():
        raise InvalidInput("a purchase names its supplier and the document that settled it")
    if energy_ckwh < 0 or amount_fen < 0:
        raise InvalidInput("energy and amount of a purchase are not negative")
    if not energy_ckwh and not amount_fen:
        raise InvalidInput("a purchase of nothing is none")
