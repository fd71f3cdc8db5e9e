"""What is done with community boards: put up, withdrawn, their keeper named, bills due shown or not; printed and seen; cards of people."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from wandeng.domains.boards import queries, rules
from wandeng.domains.boards.models import CommunityBoard, ServiceCard
from wandeng.domains.boards.states import BOARD
from wandeng.domains.network.queries import labels
from wandeng.domains.network.queries.labels import BoardPlace
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, photos
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require, require_role
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import PersonId
from wandeng.kernel.periods import BILLING_ZONE

KEEPERS = ("CELL_MANAGER", "COUNTY_MANAGER")
SEEN_EVERY = timedelta(minutes=5)
MOST_AT_ONCE = 2_000
SUBJECT = "boards.CommunityBoard"


class BoardStands(Conflict):
    """The place has a board already, or its address is another board's."""

    code = "BOARD_STANDS"


@transaction.atomic
def put_up(*, area: str, is_public: bool = False, actor: Actor, at: datetime) -> int:
    """Put up the board of a public transformer area; ``is_public``: its address is the area's code, else nobody guesses it.
    Returns its id.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`BoardStands`.
    """
    require_role(actor, *KEEPERS)
    found = labels.public_areas(Scope.of(actor), code=area)
    if not found:
        raise NotFound(f"there is no public transformer area {area}")
    return _made(found[0], "", is_public, actor, at)


@transaction.atomic
def put_up_community(*, unit_code: str, community: str, is_public: bool = False, actor: Actor, at: datetime) -> int:
    """The same for a community (小区、村) of a unit, with all its public areas. Raises as :func:`put_up`."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *KEEPERS, unit_path=unit.path)
    found = [one for one in labels.public_areas(Scope(unit.path), community=community) if one.unit_code == unit.code]
    if not community or not found:
        raise NotFound(f"{unit_code} has no public transformer area of {community}")
    return _made(found[0], community, is_public, actor, at)


@transaction.atomic
def put_up_all(*, unit_code: str, is_public: bool = False, actor: Actor, at: datetime) -> int:
    """Put up a board for every public area of a unit and below that has none; returns how many."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *KEEPERS, unit_path=unit.path)
    standing = set(CommunityBoard.objects.filter(state="SHOWN").values_list("transformer_id", flat=True))
    wanted = [one for one in labels.public_areas(Scope(unit.path)) if one.id not in standing][:MOST_AT_ONCE]
    CommunityBoard.objects.bulk_create(_row(one, "", is_public, actor, at) for one in wanted)
    if wanted:
        facts = {"boards": len(wanted)}
        audit.record(actor=actor, action="board.put_up", subject=("organization.Unit", unit_code), facts=facts, at=at,
                     unit_path=unit.path)  # fmt: skip
    return len(wanted)


@transaction.atomic
def withdraw(*, board: int, actor: Actor, at: datetime) -> None:
    """Withdraw a board: its address answers to nobody from now on. Raises :class:`NotFound`, :class:`NotAllowed`."""
    row = _row_of(board, actor)
    move(row, BOARD, "withdraw", actor=actor, at=at, withdrawn_at=at)
    _log("board.withdraw", row, {}, actor, at)


@transaction.atomic
def name_keeper(*, board: int, person: str, actor: Actor, at: datetime) -> None:
    """Name who keeps the area; nobody: whoever holds the post. Raises :class:`NotFound`, :class:`NotAllowed`."""
    row = _row_of(board, actor)
    row.keeper_id = None
    if person:
        row.keeper_id = _person_id(person, actor, at)
    row.save(update_fields=["keeper"])
    _log("board.keeper", row, {"person": person}, actor, at)


@transaction.atomic
def show_arrears(*, unit_code: str, is_shown: bool, actor: Actor, at: datetime) -> int:
    """Show bills due on the boards of a unit and below, or not; returns how many boards changed. What is shown of them is the rule's.

    Raises :class:`NotFound`, :class:`NotAllowed`.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *KEEPERS, unit_path=unit.path)
    rows = Scope(unit.path).limit(CommunityBoard.objects.filter(state="SHOWN"), "unit__path")
    changed = rows.filter(~Q(shows_arrears=is_shown)).update(shows_arrears=is_shown)
    audit.record(actor=actor, action="board.arrears", subject=("organization.Unit", unit_code),
                 facts={"is_shown": is_shown, "boards": changed}, at=at, unit_path=unit.path)  # fmt: skip
    return int(changed)


@transaction.atomic
def set_card(
    *, person: str, title: str, phone: str, photo: bytes = b"", is_photo_kept: bool = True, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> None:  # fmt: skip
    """Write the card of a person: title, the telephone of the work, a photo; without a photo the one before is kept unless said.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for a photo that is none, ``NoRuleInForce``.
    """
    require_role(actor, *KEEPERS)
    if phone and not 3 <= sum(sign.isdigit() for sign in phone) <= 12:
        raise InvalidInput("a telephone number has 3 to 12 digits", field="phone")
    person_id = _person_id(person, actor, at)
    changes: dict[str, object] = {
        "title": title.strip()[:32],
        "phone": phone.strip()[:32],
        "set_by": actor.code,
        "set_at": at,
    }
    if photo:
        limits = rules.shown_on(at.astimezone(BILLING_ZONE).date(), "national", library=library).photos
        most = limits.most_bytes // 1_000_000
        if len(photo) > limits.most_bytes:
            raise InvalidInput(f"a photo has {most} MB at most", field="photo")
        clean = photos.cleaned(photo, most_pixels=limits.most_pixels, longest_side=limits.longest_side)
        changes |= {"photo": clean, "photo_hash": hashlib.sha256(clean).hexdigest()}
    elif not is_photo_kept:
        changes |= {"photo": b"", "photo_hash": ""}
    ServiceCard.objects.update_or_create(person_id=person_id, defaults=changes)
    facts = {"title": title, "has_photo": bool(photo)}
    audit.record(actor=actor, action="board.card", subject=("organization.Person", person), facts=facts, at=at)


def printed(*, boards: Collection[int], actor: Actor, at: datetime) -> None:
    """Keep when boards were printed. Raises :class:`NotFound`, :class:`NotAllowed`."""
    require_role(actor, *KEEPERS)
    queries.boards(Scope.of(actor), list(boards))
    CommunityBoard.objects.filter(pk__in=list(boards)).update(printed_at=at)


def seen(*, handle: str, at: datetime) -> None:
    """Keep when the screen of a board asked last, one write in five minutes."""
    old = Q(seen_at__isnull=True) | Q(seen_at__lt=at - SEEN_EVERY)
    CommunityBoard.objects.filter(old, handle=handle, state="SHOWN").update(seen_at=at)


def _made(place: BoardPlace, community: str, is_public: bool, actor: Actor, at: datetime) -> int:
    row = _row(place, community, is_public, actor, at)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        named = community or place.code
        raise BoardStands(f"{named} has a board already") from None
    _log("board.put_up", row, {"boards": 1}, actor, at)
    return row.pk


def _row(place: BoardPlace, community: str, is_public: bool, actor: Actor, at: datetime) -> CommunityBoard:
    own = f"{place.unit_code}-{community}" if community else place.code
    handle = own.replace("/", "-")[:64] if is_public else secrets.token_urlsafe(12)
    return CommunityBoard(
        unit_id=place.unit_id, transformer_id=None if community else place.id, community=community, handle=handle,
        made_by=actor.code, made_at=at,
    )  # fmt: skip


def _row_of(board: int, actor: Actor) -> CommunityBoard:
    require_role(actor, *KEEPERS)
    rows = CommunityBoard.objects.select_related("unit")
    return Scope.of(actor).one(rows, "unit__path", "community board", pk=board)


def _person_id(code: str, actor: Actor, at: datetime) -> PersonId:
    """Somebody of the actor's scope. Raises :class:`NotFound`."""
    rows = organization.people_rows(Scope.of(actor), on=at.astimezone(BILLING_ZONE).date())
    found: Sequence[int] = list(rows.filter(code=code).values_list("pk", flat=True))
    if not found:
        raise NotFound(f"there is no person {code}")
    return PersonId(found[0])


def _log(action: str, row: CommunityBoard, facts: dict[str, object], actor: Actor, at: datetime) -> None:
    audit.record(
        actor=actor, action=action, subject=(SUBJECT, str(row.pk)), facts=facts, at=at, unit_path=row.unit.path
    )
