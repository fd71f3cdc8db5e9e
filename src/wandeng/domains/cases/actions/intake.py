"""Opening a case (受理): one number, one owner, clocks from the first second; or joining one that is open already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.cases import form, grouping, log, recording
from wandeng.domains.cases.actions import telling
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.events import CaseOpened
from wandeng.domains.cases.models import Case, CasePaper
from wandeng.domains.cases.types import FormIncomplete, Opened, Request
from wandeng.domains.customers.queries import accounts as customers
from wandeng.domains.customers.queries import contacts
from wandeng.domains.customers.types import AccountFacts
from wandeng.domains.network.queries import places as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra import events, ids, statements
from wandeng.infra.processes.course import steps_for
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.library import ProcessVersion
from wandeng.infra.processes.parts import START, Named, Scale
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.ids import UnitId

TAKERS = (
    Role.CALL_CLERK, Role.HALL_CLERK, Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.METER_READER,
    Role.AUDITOR, Role.COUNTY_MANAGER,
)  # fmt: skip
"""Whoever a customer may meet takes what they ask (首问负责)."""
NAMING = ("CUSTOMER_NAME", "PHONE", "ACCOUNT_NUMBER")
"""What a field takes over that says who somebody is."""
_AHEAD = timedelta(minutes=5)


@transaction.atomic
def open_case(
    *, request: Request, actor: Actor, at: datetime, charter: Charter, asked_at: datetime | None = None
) -> Opened:  # fmt: skip
    """Open a case at what the customer asked: ``asked_at`` when that was before it could be written down.

    What is known of the account fills the fields that may be filled (免填单). Raises :class:`NotFound`,
    :class:`FormIncomplete`, :class:`InvalidInput`, :class:`NoRuleInForce` where a limit is wanted that no rule states.
    """
    since = asked_at or at
    if since > at + _AHEAD:
        raise InvalidInput("the time the customer asked lies in the future")
    version = charter.processes.version(request.process, on=local_day(since))
    place, answers = checked(version.body, request, actor)
    row = built(version, request, place, answers, actor, since, row_id=ids.reserve(Case, 1))
    written = log.Log(row, [])
    written.add("OPENED", at=since, noted_at=at, actor=actor, facts={"channel": request.channel})
    papers = handed_in(row, version.body, request.documents, actor, at)
    found = log.settle(row, written, charter)
    if not found.step:
        raise InvalidInput(f"a case of {request.process} with these answers has nothing to do")
    statements.insert(papers)
    facts = {"process": request.process, "channel": request.channel, "unit": row.unit.code}
    recording.record("case.open", row, facts, actor, at, "")
    events.publish(CaseOpened(row.number, row.process, row.unit.path), at=at)
    telling.tell_next(row, version.body, actor=actor, at=at)
    grouping.after_opening(row, charter, actor=actor, at=at)
    return Opened(row.number, row.step, row.due_at)


def checked(body: ProcessDefinition, request: Request, actor: Actor) -> tuple[Place, dict[str, str]]:
    """Where a request belongs and its answers, with what is known of the account. Raises as :func:`open_case`."""
    _require_channel(body, request)
    place = Place.of(request, Scope.of(actor))
    require(actor, *TAKERS, unit_path=place.unit_path)
    given = _with_known(body, request, place)
    if request.is_anonymous:
        # Whoever stays anonymous is kept by neither account, name nor number; where it is and who is responsible stays.
        place = replace(place, account=None)
        naming = {one.code for one in body.fields if one.known_as in NAMING}
        given = {code: text for code, text in given.items() if code not in naming}
    answers = form.checked(body, given)
    _require_known(body, request, place, answers)
    form.require_fields(body, answers, by=[START])
    return place, answers


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case belongs: the account and the transformer as far as they are known, and the unit responsible."""

    account: AccountFacts | None
    transformer: network.TransformerPlace | None
    unit_id: UnitId
    unit_path: str
    locality: str

    @classmethod
    def of(cls, request: Request, scope: Scope) -> Place:
        """Raises :class:`NotFound` for what is not there or outside, :class:`InvalidInput` when nothing is named."""
        account = customers.account(scope, request.account_number) if request.account_number else None
        if request.transformer_code:
            transformer: network.TransformerPlace | None = network.transformer_place(scope, request.transformer_code)
        else:
            transformer = network.transformer_of(account.id) if account else None
        if account:
            unit_id = organization.unit_id(account.unit_code)
            return cls(account, transformer, unit_id, account.unit_path, account.locality)
        if request.unit_code:
            unit = organization.unit(scope, request.unit_code)
            return cls(account, transformer, unit.unit_id, unit.path, request.locality)
        if transformer:
            return cls(account, transformer, transformer.unit_id, transformer.unit_path, request.locality)
        raise InvalidInput("name an account, a transformer or a unit: somebody must be responsible")


def _require_channel(body: ProcessDefinition, request: Request) -> None:
    if request.channel not in body.intake.channels:
        raise InvalidInput(f"cases of {body.process} do not come in by {request.channel}")
    if request.is_anonymous and not body.intake.may_be_anonymous:
        raise InvalidInput(f"a case of {body.process} cannot be anonymous")
    if request.is_confidential and not body.intake.may_be_confidential:
        raise InvalidInput(f"a case of {body.process} cannot be confidential")


def _require_known(body: ProcessDefinition, request: Request, place: Place, answers: Mapping[str, str]) -> None:
    """What must be known before a case is opened; whoever is unknown leaves a name, a number or a place instead."""
    known_as = {one.known_as: answers.get(one.code, "") for one in body.fields if one.known_as}
    lacking = []
    for need in body.intake.needs:
        if need == "ACCOUNT" and place.account is None:
            lacking.append("the account number")
        elif need == "CUSTOMER" and not (
            place.account or request.is_anonymous or known_as.get("CUSTOMER_NAME") or known_as.get("PHONE")
        ):
            lacking.append("the customer, or a name or number")
        elif need == "PLACE" and not (place.account or place.transformer or known_as.get("ADDRESS")):
            lacking.append("the place")
    if lacking:
        raise FormIncomplete(f"this must be known first: {', '.join(lacking)}", fields=[])


def _with_known(body: ProcessDefinition, request: Request, place: Place) -> dict[str, str]:
    """The answers, and what the product knows for fields that were left empty."""
    known = known_values(place.account, place.transformer) if not request.is_anonymous else {}
    filled = {one.code: known.get(one.known_as, "") for one in body.fields if one.known_as and one.by == START}
    return filled | {code: text for code, text in request.answers.items() if text.strip()}


def known_values(account: AccountFacts | None, transformer: network.TransformerPlace | None) -> dict[str, str]:
    """What the product knows, by the names that fields use for it; the telephone number in the clear."""
    found = {}
    if account:
        found = {
            "CUSTOMER_NAME": account.name, "ADDRESS": account.address, "ACCOUNT_NUMBER": account.account_number,
            "LOCALITY": account.locality, "PHONE": contacts.primary_number(account.id),
        }  # fmt: skip
    if transformer:
        found |= {"TRANSFORMER": transformer.code, "VOLTAGE": transformer.voltage_code}
    return {name: value for name, value in found.items() if value}


def built(
    version: ProcessVersion, request: Request, place: Place, answers: Mapping[str, str], actor: Actor, at: datetime, *,
    row_id: int,
) -> Case:  # fmt: skip
    """The case of a request that is not stored yet."""
    body = version.body
    first, second = classes(body, request)
    urgency = on_scale(body.urgency, request.urgency)
    return Case(
        id=row_id, number=f"{local_day(at):%y%m%d}{row_id:08d}", process=version.process,
        defined_from=version.effective_from, defined_hash=version.content_hash, unit_id=place.unit_id,
        account_id=place.account.id if place.account else None,
        transformer_id=place.transformer.id if place.transformer else None,
        locality=place.locality, channel=request.channel,
        first_class=first, second_class=second, grade=on_scale(body.grades, request.grade)[0], urgency=urgency[0],
        urgency_rank=urgency[1], is_anonymous=request.is_anonymous, is_confidential=request.is_confidential,
        outside_number=request.outside_number, step=next(one.code for one in steps_for(body, form.questions(answers))),
        owner=actor.code, opened_at=at, opened_by=actor.code, **form.columns(body, answers),
    )  # fmt: skip


def classes(body: ProcessDefinition, request: Request) -> tuple[str, str]:
    """The classes of the request, which must be those of the process. Raises :class:`InvalidInput`."""
    first = {one.code: one for one in (body.classification.first if body.classification else ())}
    if request.first_class and request.first_class not in first:
        raise InvalidInput(f"{body.process} has no class {request.first_class}")
    second: Mapping[str, Named] = (
        {one.code: one for one in first[request.first_class].second} if request.first_class else {}
    )
    if request.second_class and request.second_class not in second:
        raise InvalidInput(f"{body.process} has no class {request.first_class}/{request.second_class}")
    return request.first_class, request.second_class


def on_scale(scale: Scale | None, wanted: str) -> tuple[str, int]:
    """A value of a scale and its place; the usual one when none was said. Raises :class:`InvalidInput`."""
    if scale is None:
        return "", 0
    codes = [one.code for one in scale.values]
    value = wanted or scale.usual
    if value not in codes:
        raise InvalidInput(f"there is no {value}: expected one of {', '.join(codes)}")
    return value, codes.index(value)


def handed_in(
    row: Case, body: ProcessDefinition, documents: tuple[str, ...], actor: Actor, at: datetime
) -> list[CasePaper]:  # fmt: skip
    """Documents that came with the request, not stored yet. Raises :class:`InvalidInput`."""
    known = {one.code for one in body.documents}
    stray = sorted(set(documents) - known)
    if stray:
        raise InvalidInput(f"{body.process} has no document {', '.join(stray)}")
    return [
        CasePaper(case=row, kind="DOCUMENT", document=one, at=at, actor=actor.code) for one in dict.fromkeys(documents)
    ]
