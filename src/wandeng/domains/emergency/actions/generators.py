"""Emergency generators: noted, placed, sent to a user, supplying, released; and users' own back-up supplies."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.customers.queries import accounts
from wandeng.domains.emergency.models import BackupSupply, EmergencyGenerator, GeneratorDispatch
from wandeng.domains.emergency.states import GENERATOR
from wandeng.domains.emergency.types import GeneratorTooSmall
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

ROLE = "DISPATCHER"


@transaction.atomic
def note(
    *, code: str, name: str, unit_code: str, capacity_ckva: int, longitude_e6: int | None = None,
    latitude_e6: int | None = None, actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Note a generator (登记应急发电车), or where it stands now. Returns its id. Raises :class:`InvalidInput`, :class:`NotFound`."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, ROLE, unit_path=unit.path)
    if not code.strip() or not name.strip() or capacity_ckva <= 0 or (longitude_e6 is None) != (latitude_e6 is None):
        raise InvalidInput("a generator has a code, a name, a capacity, and a whole place or none")
    known = EmergencyGenerator.objects.filter(code=code).select_related("unit").first()
    if known is not None and not Scope.of(actor).covers(known.unit.path):
        raise Conflict(f"generator {code} is another unit's")
    values = {
        "name": name.strip(), "unit_id": unit.unit_id, "capacity_ckva": capacity_ckva, "longitude_e6": longitude_e6,
        "latitude_e6": latitude_e6,
    }  # fmt: skip
    if known is None:
        known = EmergencyGenerator.objects.create(id=ids.reserve(EmergencyGenerator, 1), code=code.strip(), **values)
    else:
        EmergencyGenerator.objects.filter(pk=known.pk).update(**values)
    audit.record(
        actor=actor, action="generator.note", subject=known, facts={"capacity_ckva": capacity_ckva}, at=at,
        unit_path=unit.path,
    )  # fmt: skip
    return known.pk


@transaction.atomic
def send(*, code: str, account_number: str, need_ckva: int, actor: Actor, at: datetime) -> None:
    """Send a generator to a user (派车). Raises :class:`NotFound`, :class:`GeneratorTooSmall`, ``MoveRefused`` when it is not free,
    :class:`Conflict` when another is with the user."""
    row = _locked(code, actor)
    account = accounts.account(Scope.of(actor), account_number)
    if need_ckva <= 0:
        raise InvalidInput("say what the user needs")
    if row.capacity_ckva < need_ckva:
        raise GeneratorTooSmall(f"generator {code} carries less than the user needs", generator=code)
    if GeneratorDispatch.objects.filter(account_id=account.id, ended_at__isnull=True).exists():
        raise Conflict(f"a generator is sent to {account_number} already", account=account_number)
    move(row, GENERATOR, "send", actor=actor, at=at)
    GeneratorDispatch.objects.create(
        generator=row, account_id=account.id, need_ckva=need_ckva, sent_at=at, sent_by=actor.code
    )
    _done(row, "generator.send", {"account": account_number, "need_ckva": need_ckva}, actor, at)


@transaction.atomic
def supply(*, code: str, actor: Actor, at: datetime) -> None:
    """It supplies the user now (已供电). Raises ``MoveRefused``."""
    row = _locked(code, actor)
    move(row, GENERATOR, "supply", actor=actor, at=at)
    GeneratorDispatch.objects.filter(generator=row, ended_at__isnull=True).update(supplying_at=at)
    _done(row, "generator.supply", {}, actor, at)


@transaction.atomic
def release(*, code: str, note: str = "", actor: Actor, at: datetime) -> None:
    """It is free again (撤回). Raises ``MoveRefused``."""
    row = _locked(code, actor)
    move(row, GENERATOR, "release", actor=actor, at=at)
    _end(row, note, at)
    _done(row, "generator.release", {}, actor, at)


@transaction.atomic
def fail(*, code: str, note: str, actor: Actor, at: datetime) -> None:
    """It is out of order (故障); whoever it was with needs another. Raises :class:`InvalidInput` without words."""
    row = _locked(code, actor)
    if not note.strip():
        raise InvalidInput("say what is wrong with the generator")
    move(row, GENERATOR, "fail", actor=actor, at=at, reason=note)
    _end(row, note, at)
    _done(row, "generator.fail", {}, actor, at)


@transaction.atomic
def mend(*, code: str, actor: Actor, at: datetime) -> None:
    """It is in order again (修复). Raises ``MoveRefused``."""
    row = _locked(code, actor)
    move(row, GENERATOR, "mend", actor=actor, at=at)
    _done(row, "generator.mend", {}, actor, at)


@transaction.atomic
def note_backup(*, account_number: str, minutes: int, need_ckva: int, actor: Actor, at: datetime) -> None:
    """Note how long a user's own back-up lasts and what the user needs (自备应急电源). Raises :class:`NotFound`,
    :class:`InvalidInput`."""
    account = accounts.account(Scope.of(actor), account_number)
    require(actor, ROLE, "ACCOUNT_MANAGER", "CELL_MANAGER", unit_path=account.unit_path)
    if minutes < 0 or need_ckva <= 0:
        raise InvalidInput("a back-up lasts minutes, and the user needs something")
    BackupSupply.objects.update_or_create(
        account_id=account.id,
        defaults={"minutes": minutes, "need_ckva": need_ckva, "noted_at": at, "noted_by": actor.code},
    )
    audit.record(
        actor=actor, action="backup.note", subject=("customers.CustomerAccount", account_number),
        facts={"minutes": minutes, "need_ckva": need_ckva}, at=at, unit_path=account.unit_path,
    )  # fmt: skip


def _locked(code: str, actor: Actor) -> EmergencyGenerator:
    rows = EmergencyGenerator.objects.select_related("unit")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = Scope.of(actor).one(rows, "unit__path", "generator", code=code)
    require(actor, ROLE, unit_path=row.unit.path)
    return row


def _end(row: EmergencyGenerator, note: str, at: datetime) -> None:
    open_ = GeneratorDispatch.objects.filter(generator=row, ended_at__isnull=True)
    open_.update(ended_at=at, note=audit.without_numbers(note[:500]))


def _done(row: EmergencyGenerator, action: str, facts: dict[str, object], actor: Actor, at: datetime) -> None:
    audit.record(actor=actor, action=action, subject=row, facts=facts, at=at, unit_path=row.unit.path)
