"""Where people are reached besides their phones, and what they want no more of."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.queries import places
from wandeng.domains.notices.deciding import masked
from wandeng.domains.notices.models import NoticeAddress, OptOut
from wandeng.domains.notices.types import ADDRESS_COLUMN, Channel, Purpose
from wandeng.domains.organization.queries import acting
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids, pii
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

FRONT = (
    Role.CALL_CLERK, Role.HALL_CLERK, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER,
)  # fmt: skip
STAFF_KEEPERS = (Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
SOURCES = ("REPLY", "HALL", "PHONE", "ONLINE")


@transaction.atomic
def opt_out(*, account_number: str, purpose: str, source: str, actor: Actor, at: datetime, reason: str = "") -> int:
    """An account wants no more notices of a purpose (退订); what the law requires goes all the same. Returns its id.

    Raises :class:`InvalidInput` for a purpose or source nobody knows, :class:`Conflict` when it holds already,
    :class:`NotFound` for an account outside the actor's scope.
    """
    if purpose not in set(Purpose) - {Purpose.WORK} or source not in SOURCES:
        raise InvalidInput(f"there is no purpose {purpose}, or nobody opts out by {source}")
    account, unit_path = _account(account_number, actor)
    if OptOut.objects.filter(account_id=account, purpose=purpose, until_at__isnull=True).exists():
        raise Conflict(f"account {account_number} gets no notices of {purpose} already")
    row = OptOut.objects.create(
        id=ids.reserve(OptOut, 1),
        account_id=account,
        purpose=purpose,
        source=source,
        since_at=at,
        made_by=actor.code,
        reason=reason.strip(),
    )
    facts = {"account_number": account_number, "purpose": purpose, "source": source}
    audit.record(
        actor=actor, action="notice.opt_out", subject=row, facts=facts, at=at, reason=reason, unit_path=unit_path
    )
    return row.pk


@transaction.atomic
def opt_in(*, account_number: str, purpose: str, actor: Actor, at: datetime, reason: str = "") -> None:
    """Take an opt-out back. Raises :class:`NotFound` when there is none."""
    account, unit_path = _account(account_number, actor)
    row = OptOut.objects.filter(account_id=account, purpose=purpose, until_at__isnull=True).first()
    if row is None:
        raise NotFound(f"account {account_number} has not opted out of {purpose}")
    OptOut.objects.filter(pk=row.pk).update(until_at=at, ended_by=actor.code)
    facts = {"account_number": account_number, "purpose": purpose}
    audit.record(
        actor=actor, action="notice.opt_in", subject=row, facts=facts, at=at, reason=reason, unit_path=unit_path
    )


@transaction.atomic
def set_address(
    *, channel: str, address: str, actor: Actor, at: datetime, account_number: str = "", person: str = "",
    is_verified: bool = False,
) -> int:  # fmt: skip
    """Where an account is reached by a channel that is no telephone, or where a member of staff is reached. Returns its id.

    An earlier one of the same channel is replaced. Raises :class:`InvalidInput` for an address of the wrong form or
    when not exactly one of account and person is named, :class:`NotFound`.
    """
    plain = "".join(address.split())
    phones = channel in (Channel.SMS, Channel.VOICE)
    if channel not in set(Channel) - {Channel.LETTER} or bool(account_number) == bool(person):
        raise InvalidInput("name a channel, and an account or a person")
    if (phones and not (plain.lstrip("+").isdigit() and 7 <= len(plain) <= 20)) or not 3 <= len(plain) <= 128:
        raise InvalidInput("this is no address of the channel")
    if channel == Channel.EMAIL and plain.count("@") != 1:
        raise InvalidInput("this is no address of the channel")
    if account_number and phones:
        raise InvalidInput("the phone numbers of an account are its contacts")
    owner: dict[str, int] = {}
    if account_number:
        account, unit_path = _account(account_number, actor)
        owner = {"account_id": account}
    else:
        owner = {"person_id": acting.person_place(person)[0]}
        unit_path = Scope.of(actor).prefix
        require(actor, *STAFF_KEEPERS, unit_path=unit_path)
    NoticeAddress.objects.filter(channel=channel, **owner).delete()
    row = NoticeAddress.objects.create(
        id=ids.reserve(NoticeAddress, 1),
        channel=channel,
        address_sealed=pii.seal_many([plain], column=ADDRESS_COLUMN)[0],
        address_index=pii.index_many([plain], column=ADDRESS_COLUMN)[0],
        is_verified=is_verified or bool(person),
        set_by=actor.code,
        set_at=at,
        **owner,
    )
    facts = {"channel": channel, "masked": masked(channel, plain), "account_number": account_number, "person": person}
    audit.record(actor=actor, action="notice.set_address", subject=row, facts=facts, at=at, unit_path=unit_path)
    return row.pk


def _account(account_number: str, actor: Actor) -> tuple[int, str]:
    account = customers.account(Scope.of(actor), account_number).id
    unit_path = places.unit_path_of(account)
    require(actor, *FRONT, unit_path=unit_path)
    return account, unit_path
