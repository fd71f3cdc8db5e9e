"""Schemes: drafted, drafted anew from what stands, approved by a second person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.customers import queries as customers
from wandeng.domains.network.queries import places as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.rationing.models import RationingParticipant, RationingScheme
from wandeng.domains.rationing.roles import DECIDERS, PLANNERS
from wandeng.domains.rationing.states import SCHEME
from wandeng.domains.rationing.types import Measure, ParticipantKind, SameOrderer
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

YEARS = range(2000, 2100)
_COPIED = ("kind", "code", "name", "account_id", "switch_id", "measure", "rota", "sequence", "before_kw", "shed_kw")


@transaction.atomic
def draft(*, unit_code: str, year: int, max_demand_kw: int, actor: Actor, at: datetime) -> int:
    """Draft the next version of a unit's scheme; it begins with the participants of the last one. Returns its id.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, :class:`Conflict` while another draft is open.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *PLANNERS, unit_path=unit.path)
    if max_demand_kw <= 0:
        raise InvalidInput("the highest demand is above zero kW")
    if year not in YEARS:
        raise InvalidInput("a scheme is of a year")
    rows = RationingScheme.objects.filter(unit_id=unit.unit_id, year=year)
    if rows.filter(state="DRAFT").exists():
        raise Conflict(f"a draft of {unit_code}'s scheme of {year} is open already")
    last = rows.order_by("-version").first()
    row = RationingScheme(
        id=ids.reserve(RationingScheme, 1), unit_id=unit.unit_id, year=year, version=last.version + 1 if last else 1,
        max_demand_kw=max_demand_kw, made_by=actor.code, made_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    copied = list(last.participants.order_by("id")) if last else []
    first = ids.reserve(RationingParticipant, max(1, len(copied)))
    RationingParticipant.objects.bulk_create(
        RationingParticipant(id=first + place, scheme=row, **{name: getattr(one, name) for name in _COPIED})
        for place, one in enumerate(copied)
    )
    _log("rationing.scheme_draft", row, {"year": year, "version": row.version}, actor, at)
    return row.pk


@transaction.atomic
def take_in(
    *, scheme_id: int, kind: ParticipantKind, code: str, measure: Measure, before_kw: int, shed_kw: int, rota: str = "",
    sequence: int = 0, name: str = "", actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Take an account (by its number) or a line (by the code of its switch) into a draft; who is in it already is changed to this.

    ``name`` is the account's or the switch's own where none is given. Both lie inside the scheme's unit; powers are kW. Raises
    :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, :class:`Conflict` for an approved scheme.
    """
    row = _locked(actor, scheme_id)
    require(actor, *PLANNERS, unit_path=row.unit.path)
    if row.state != "DRAFT":
        raise Conflict("the participants of an approved scheme stay: draft the next version")
    _check_power(kind, measure, before_kw, shed_kw)
    code = code.strip()
    account, switch, own = _named(Scope.of(actor).narrowed(row.unit.path), kind, code)
    facts = {
        "kind": str(kind), "name": name.strip() or own, "account_id": account, "switch_id": switch, "measure": str(measure),
        "rota": rota.strip(), "sequence": sequence, "before_kw": before_kw, "shed_kw": shed_kw,
    }  # fmt: skip
    if not row.participants.filter(code=code).update(**facts):
        RationingParticipant(id=ids.reserve(RationingParticipant, 1), scheme=row, code=code, **facts).save(
            force_insert=True
        )
    told = {"participant": code, "measure": str(measure), "before_kw": before_kw, "shed_kw": shed_kw}
    _log("rationing.scheme_take_in", row, told, actor, at)


def _check_power(kind: ParticipantKind, measure: Measure, before_kw: int, shed_kw: int) -> None:
    if before_kw <= 0:
        raise InvalidInput("power without rationing is above zero kW")
    if not 0 <= shed_kw <= before_kw:
        raise InvalidInput("what is given up lies between zero and the power without rationing")
    if kind == ParticipantKind.LINE and measure != Measure.CUT:
        raise InvalidInput("a line is cut or it is not")
    if kind == ParticipantKind.LINE and shed_kw < before_kw:
        raise InvalidInput("a line that is cut gives up all of its power")


def _named(scope: Scope, kind: ParticipantKind, code: str) -> tuple[int | None, int | None, str]:
    """Ids of the account or the switch that a code names, and its own name."""
    if kind == ParticipantKind.LINE:
        line = network.switch_place(scope, code)
        return None, int(line.id), line.name
    account = customers.account(scope, code)
    if account.closed_on:
        raise InvalidInput(f"account {code} is closed since {account.closed_on}")
    return int(account.id), None, account.name


@transaction.atomic
def drop(*, scheme_id: int, code: str, actor: Actor, at: datetime) -> None:
    """Take a participant out of a draft. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` for an approved one."""
    row = _locked(actor, scheme_id)
    require(actor, *PLANNERS, unit_path=row.unit.path)
    if row.state != "DRAFT":
        raise Conflict("the participants of an approved scheme stay: draft the next version")
    if not row.participants.filter(code=code).delete()[0]:
        raise NotFound(f"there is no participant {code} in the scheme")
    _log("rationing.scheme_drop", row, {"participant": code}, actor, at)


@transaction.atomic
def approve(*, scheme_id: int, document: str = "", actor: Actor, at: datetime) -> None:
    """Approve a draft in the place of what stood; ``document`` names the authority's paper. Who drafted it does not.

    Raises :class:`SameOrderer`, :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without participants, ``MoveRefused``.
    """
    row = _locked(actor, scheme_id)
    require(actor, *DECIDERS, unit_path=row.unit.path)
    if actor.code == row.made_by:
        raise SameOrderer("a scheme is approved by somebody who did not make it")
    if not row.participants.exists():
        raise InvalidInput("a scheme without participants covers no gap")
    old = RationingScheme.objects.filter(unit=row.unit, year=row.year, state="APPROVED").first()
    if old is not None:
        move(old, SCHEME, "replace", actor=actor, at=at)
    move(row, SCHEME, "approve", actor=actor, at=at, approved_by=actor.code, approved_at=at, document=document.strip())
    _log("rationing.scheme_approve", row, {"year": row.year, "version": row.version}, actor, at)


def _locked(actor: Actor, scheme_id: int) -> RationingScheme:
    rows = RationingScheme.objects.select_for_update(of=("self",)).select_related("unit")
    return Scope.of(actor).one(rows, "unit__path", "rationing scheme", pk=scheme_id)


def _log(action: str, row: RationingScheme, facts: dict[str, object], actor: Actor, at: datetime) -> None:
    audit.record(actor=actor, action=action, subject=row, facts=facts, at=at, unit_path=row.unit.path)
