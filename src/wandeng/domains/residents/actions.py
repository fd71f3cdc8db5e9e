"""What residents do with themselves: ask for a code, log in, bind an account and let it go, log out; what staff may end."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from wandeng.domains.customers.queries import places, proving
from wandeng.domains.residents import codes, rules, tokens
from wandeng.domains.residents.models import AccountBinding, Resident, ResidentCode, ResidentSession, ResidentToken
from wandeng.domains.residents.tokens import end_own_token as end_own_token
from wandeng.domains.residents.tokens import make_token as make_token
from wandeng.domains.residents.types import (
    PHONE_COLUMN,
    BindingProof,
    CodeAsked,
    CodePurpose,
    CodeToSend,
    SessionOpened,
    TooManyCodes,
    TooManyLooks,
    actor_of,
)
from wandeng.infra import audit, ids, pii, quotas
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.self_service import SelfService
from wandeng.infra.quotas import Allowance
from wandeng.infra.scope import Scope, require
from wandeng.infra.tokens import digest
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.ids import AccountId

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MOBILE_DIGITS = 11
LONGEST_NUMBER = 20
KEEPERS = ("HALL_CLERK", "CALL_CLERK", "CELL_MANAGER", "COUNTY_MANAGER")
"""Roles that bind and end for residents."""
SEEN_EVERY = timedelta(hours=1)
"""How exactly it is kept when somebody was seen last."""


def cleaned_phone(text: str) -> str:
    """A mobile number as typed. Raises :class:`InvalidInput`."""
    digits = "".join(text.replace("-", " ").split()).removeprefix("+86")
    if not (digits.isascii() and digits.isdigit() and len(digits) == MOBILE_DIGITS and digits[0] == "1"):
        raise InvalidInput("a mobile number has 11 digits and begins with 1", field="phone")
    return digits


@transaction.atomic
def ask_login_code(*, phone: str, address: str, at: datetime, library: RuleLibrary | None = None) -> CodeAsked:
    """Ask for a code to log in by a phone, from a network address. Whether anybody logged in by it before is not looked at.

    Raises :class:`InvalidInput` for what is no mobile number, :class:`TooManyCodes`.
    """
    digits, rule = cleaned_phone(phone), rules.self_service(at, library=library)
    _spend([*_of_phone(digits, rule), *_of_house(address, rule)], at)
    return _new_code(CodePurpose.LOGIN, rule, at, phone=digits)


@transaction.atomic
def ask_binding_code(
    *, resident_id: int, account_number: str, address: str, at: datetime, library: RuleLibrary | None = None
) -> CodeAsked:
    """Ask that a code is sent to the phone that the register holds of an account. What is answered is the same whether there
    is such an account, a phone of it, or one that got too many codes today.

    Raises :class:`InvalidInput` for what is no account number, :class:`TooManyCodes` of the resident or the address.
    """
    number, rule = account_number.strip(), rules.self_service(at, library=library)
    if not 1 <= len(number) <= LONGEST_NUMBER:
        raise InvalidInput(f"an account number has 1 to {LONGEST_NUMBER} signs", field="account_number")
    own = str(resident_id)
    _spend(
        [
            Allowance("residents.ask_minute", own, rule.codes.a_minute_per_phone, MINUTE),
            Allowance("residents.ask_day", own, rule.codes.a_day_per_phone, DAY),
            *_of_house(address, rule),
        ],
        at,
    )
    account = proving.open_account_id(number)
    phone = proving.number_to_prove(account) if account is not None else ""
    if phone and quotas.spend_together(_of_phone(phone, rule), at) is not None:
        phone = ""
    return _new_code(CodePurpose.BIND, rule, at, phone=phone, resident=resident_id, account=account)


def _of_phone(phone: str, rule: SelfService) -> list[Allowance]:
    return [
        Allowance("residents.code_minute", phone, rule.codes.a_minute_per_phone, MINUTE),
        Allowance("residents.code_day", phone, rule.codes.a_day_per_phone, DAY),
    ]


def _of_house(address: str, rule: SelfService) -> list[Allowance]:
    return [
        Allowance("residents.code_address", address, rule.codes.a_day_per_address, DAY),
        Allowance("residents.code_house", "", rule.codes.a_day_altogether, DAY),
    ]


def _spend(allowances: list[Allowance], at: datetime) -> None:
    if quotas.spend_together(allowances, at) is not None:
        raise TooManyCodes("too many codes were asked for: try again later")


def _new_code(
    purpose: CodePurpose, rule: SelfService, at: datetime, *, phone: str, resident: int | None = None,
    account: AccountId | None = None,
) -> CodeAsked:  # fmt: skip
    handle, ends = secrets.token_urlsafe(24), at + timedelta(minutes=rule.codes.good_for_minutes)
    (sealed,) = pii.seal_many([phone], column=PHONE_COLUMN)
    made = ResidentCode.objects.create(
        id=ids.reserve(ResidentCode, 1), handle=handle, purpose=purpose, resident_id=resident, account_id=account,
        phone_sealed=sealed, made_at=at, ends_at=ends,
    )  # fmt: skip
    return CodeAsked(made.pk, handle, ends)


def to_send(code_id: int, *, at: datetime, library: RuleLibrary | None = None) -> CodeToSend | None:
    """A code that was not handed to the gateway yet; ``None`` when it was, when it is over, or goes nowhere."""
    found = ResidentCode.objects.filter(pk=code_id, sent_at__isnull=True, used_at__isnull=True, ends_at__gt=at).first()
    if found is None or not found.phone_sealed:
        return None
    rule = rules.self_service(at, library=library).codes
    phone = pii.open_sealed(found.phone_sealed, column=PHONE_COLUMN)
    text = rule.text.replace("{code}", codes.text_of(found.handle, rule.digits))
    return CodeToSend(f"code-{found.pk}", phone, text.replace("{minutes}", str(rule.good_for_minutes)))


def note_sent(code_id: int, *, at: datetime) -> None:
    """Write down that the gateway has a code."""
    ResidentCode.objects.filter(pk=code_id).update(sent_at=at)


def log_in(*, handle: str, code: str, at: datetime, library: RuleLibrary | None = None) -> SessionOpened:
    """Open a session by a code. Raises :class:`WrongCode`."""
    rule = rules.self_service(at, library=library)
    found = codes.tried(handle, code, CodePurpose.LOGIN, rule=rule, at=at)
    with transaction.atomic():
        resident = _resident(pii.open_sealed(found.phone_sealed, column=PHONE_COLUMN), at)
        token, ends = secrets.token_urlsafe(32), at + timedelta(days=rule.sessions.days)
        ResidentSession.objects.create(
            id=ids.reserve(ResidentSession, 1), resident=resident, token_hash=digest(token), begun_at=at, seen_at=at,
            ends_at=ends,
        )  # fmt: skip
        Resident.objects.filter(pk=resident.pk).update(seen_at=at)
        audit.record(actor=actor_of(resident.pk), action="resident.log_in", subject=resident, facts={}, at=at)
    return SessionOpened(token, resident.pk, ends)


def _resident(phone: str, at: datetime) -> Resident:
    (index,) = pii.index_many([phone], column=PHONE_COLUMN)
    known = Resident.objects.filter(phone_index=index).first()
    if known is not None:
        return known
    (sealed,) = pii.seal_many([phone], column=PHONE_COLUMN)
    try:
        with transaction.atomic():
            return Resident.objects.create(
                id=ids.reserve(Resident, 1), phone_sealed=sealed, phone_index=index, joined_at=at, seen_at=at
            )
    except IntegrityError:
        # Logged in by another process in this moment.
        return Resident.objects.get(phone_index=index)


@transaction.atomic
def bind_own(*, resident_id: int, account_number: str, at: datetime, library: RuleLibrary | None = None) -> bool:
    """Bind an account of which the resident's phone is a contact that was found right within the days of the rule; says
    whether it is. The phone was proved when they logged in; any other account takes a code to its phone on file."""
    account = proving.open_account_id(account_number.strip())
    resident = Resident.objects.get(pk=resident_id)
    phone = pii.open_sealed(resident.phone_sealed, column=PHONE_COLUMN)
    since = rules.checked_since(at, library=library)
    if account is None or not proving.is_checked_contact(account, phone, since=since):
        return False
    _bind(resident_id, account, account_number.strip(), BindingProof.CONTACT, actor_of(resident_id), at)
    return True


def bind_by_code(*, resident_id: int, handle: str, code: str, at: datetime, library: RuleLibrary | None = None) -> str:
    """Bind the account whose phone a code was sent to; returns its number. Raises :class:`WrongCode`, also for a code that
    another resident asked for."""
    rule = rules.self_service(at, library=library)
    if not ResidentCode.objects.filter(handle=handle, resident_id=resident_id).exists():
        handle = ""
    found = codes.tried(handle, code, CodePurpose.BIND, rule=rule, at=at)
    assert found.account is not None, "a phone is known of an account only"
    with transaction.atomic():
        account, number = AccountId(found.account.pk), found.account.account_number
        _bind(resident_id, account, number, BindingProof.CODE, actor_of(resident_id), at)
    return number


@transaction.atomic
def bind_for(*, resident_id: int, account_number: str, actor: Actor, at: datetime, reason: str) -> None:
    """Bind an account for a resident who showed papers to staff: only one of which their phone is a contact. A reason is needed.

    Raises :class:`NotFound`, also for an account outside what the actor stands over, :class:`InvalidInput`.
    """
    if not reason.strip():
        raise InvalidInput("a reason is needed", field="reason")
    account = proving.open_account_id(account_number)
    resident = Resident.objects.filter(pk=resident_id).first()
    if account is None or resident is None or not Scope.of(actor).covers(places.unit_path_of(account)):
        raise NotFound("there is no such account or resident")
    require(actor, *KEEPERS, unit_path=places.unit_path_of(account))
    if not proving.is_contact(account, pii.open_sealed(resident.phone_sealed, column=PHONE_COLUMN)):
        if not _is_known_to(resident_id, actor):
            raise NotFound("there is no such account or resident")
        raise InvalidInput("the resident's phone is no contact of this account: add it to the account first")
    _bind(resident_id, account, account_number, BindingProof.PAPERS, actor, at, reason)


def _bind(
    resident_id: int, account: AccountId, number: str, proof: BindingProof, actor: Actor, at: datetime, reason: str = ""
) -> None:
    if AccountBinding.objects.filter(resident_id=resident_id, account_id=account, ended_at__isnull=True).exists():
        return
    try:
        with transaction.atomic():
            made = AccountBinding.objects.create(
                id=ids.reserve(AccountBinding, 1), resident_id=resident_id, account_id=account, proof=proof, bound_at=at,
                bound_by=actor.code if proof is BindingProof.PAPERS else "",
            )  # fmt: skip
    except IntegrityError:
        return  # bound by another process in this moment
    audit.record(
        actor=actor, action="resident.bind", subject=made, at=at, reason=reason, unit_path=places.unit_path_of(account),
        facts={"account_number": number, "proof": str(proof), "resident": resident_id},
    )  # fmt: skip


@transaction.atomic
def unbind(*, resident_id: int, account_number: str, at: datetime) -> None:
    """Let an account go. Raises :class:`NotFound` for one that the resident does not hold."""
    rows = AccountBinding.objects.filter(resident_id=resident_id, account__account_number=account_number)
    _end(rows.filter(ended_at__isnull=True).select_related("account__unit").first(), actor_of(resident_id), at, "")


@transaction.atomic
def revoke(*, binding_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """End a binding for somebody else. Raises :class:`NotFound`, also outside what the actor stands over,
    :class:`InvalidInput` without a reason."""
    if not reason.strip():
        raise InvalidInput("a reason is needed", field="reason")
    found = AccountBinding.objects.filter(pk=binding_id, ended_at__isnull=True).select_related("account__unit").first()
    if found is not None and not Scope.of(actor).covers(found.account.unit.path):
        found = None
    if found is not None:
        require(actor, *KEEPERS, unit_path=found.account.unit.path)
    _end(found, actor, at, reason)


def _end(found: AccountBinding | None, actor: Actor, at: datetime, reason: str) -> None:
    if found is None or not AccountBinding.objects.filter(pk=found.pk, ended_at__isnull=True).update(
        ended_at=at, ended_by=actor.code
    ):
        raise NotFound("there is no such binding")
    audit.record(
        actor=actor, action="resident.unbind", subject=found, at=at, reason=reason, unit_path=found.account.unit.path,
        facts={"account_number": found.account.account_number, "resident": found.resident_id},
    )  # fmt: skip


def log_out(*, session_id: int, at: datetime) -> None:
    """End a session."""
    ResidentSession.objects.filter(pk=session_id, ended_at__isnull=True).update(ended_at=at)


@transaction.atomic
def end_sessions(*, resident_id: int, actor: Actor, at: datetime, reason: str) -> int:
    """End every session of a resident (a lost telephone); returns how many there were.

    Raises :class:`InvalidInput` without a reason, :class:`NotAllowed`, :class:`NotFound`, also when none of the accounts they
    hold lies below what the actor stands over.
    """
    resident = _kept_by(resident_id, actor, reason)
    ended = ResidentSession.objects.filter(resident=resident, ended_at__isnull=True, ends_at__gt=at).update(ended_at=at)
    audit.record(
        actor=actor, action="resident.end_sessions", subject=resident, facts={"ended": ended}, at=at, reason=reason
    )
    return ended


@transaction.atomic
def end_token(*, resident_id: int, token_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """End a personal token of a resident. Raises as :func:`end_sessions`, and :class:`NotFound` for no such token."""
    _kept_by(resident_id, actor, reason)
    tokens.end(resident_id, token_id, actor, at, reason)


def _kept_by(resident_id: int, actor: Actor, reason: str) -> Resident:
    if not reason.strip():
        raise InvalidInput("a reason is needed", field="reason")
    resident = Resident.objects.filter(pk=resident_id).first()
    if resident is None or not _is_known_to(resident_id, actor):
        raise NotFound("there is no such resident")
    require(actor, *KEEPERS, unit_path=actor.unit_path)
    return resident


def _is_known_to(resident_id: int, actor: Actor) -> bool:
    """Whether an account that the resident holds lies below what the actor stands over."""
    scope, held = Scope.of(actor), AccountBinding.objects.filter(resident_id=resident_id, ended_at__isnull=True)
    return not scope.prefix or scope.limit(held, "account__unit__path").exists()


@transaction.atomic
def forget(*, resident_id: int, at: datetime) -> None:
    """Remove a resident with codes, sessions and bindings, because they want it. Bills and payments are the account's and
    stay; so does the operation log, which holds no personal data. Raises :class:`NotFound`."""
    resident = Resident.objects.filter(pk=resident_id).first()
    if resident is None:
        raise NotFound("there is no such resident")
    bound = AccountBinding.objects.filter(resident=resident, ended_at__isnull=True).count()
    audit.record(
        actor=actor_of(resident_id), action="resident.forget", subject=resident, facts={"bindings": bound}, at=at
    )
    resident.delete()


def count_look(*, resident_id: int, at: datetime, library: RuleLibrary | None = None) -> None:
    """Count a look at bills. Raises :class:`TooManyLooks`."""
    most = rules.self_service(at, library=library).look_ups.a_minute
    if not quotas.spend("residents.look", str(resident_id), most, MINUTE, at):
        raise TooManyLooks(f"bills are looked up {most} times a minute at most")


def count_question(*, resident_id: int, at: datetime, library: RuleLibrary | None = None) -> None:
    """Count a question by a personal token of a resident. Raises :class:`TooManyLooks`."""
    most = rules.self_service(at, library=library).tokens.a_minute
    if not quotas.spend("residents.question", str(resident_id), most, MINUTE, at):
        raise TooManyLooks(f"personal tokens ask {most} times a minute at most")


def count_report(*, account_number: str, at: datetime, library: RuleLibrary | None = None) -> None:
    """Count a fault report about an account. Raises :class:`TooManyLooks`."""
    most = rules.self_service(at, library=library).faults.an_hour_per_account
    if not quotas.spend("residents.report", account_number, most, HOUR, at):
        raise TooManyLooks(f"faults of an account are reported {most} times an hour at most")


def count_request(*, account_number: str, at: datetime, library: RuleLibrary | None = None) -> None:
    """Count a complaint, an opinion, praise or photos sent later about an account. Raises :class:`TooManyLooks`."""
    most = rules.self_service(at, library=library).requests.an_hour_per_account
    if not quotas.spend("residents.request", account_number, most, HOUR, at):
        raise TooManyLooks(f"an account is written about {most} times an hour at most")


def take_turn(*, resident_id: int) -> None:
    """Wait until nothing else of the resident is done, and hold the turn to the end of the caller's transaction: a key that was
    pressed twice is looked at one after the other."""
    Resident.objects.filter(pk=resident_id).update(seen_at=F("seen_at"))


def seen(*, session_id: int, resident_id: int, at: datetime) -> None:
    """Keep, to the hour, when a session was used last."""
    rows = ResidentSession.objects.filter(pk=session_id, seen_at__lt=at - SEEN_EVERY)
    if rows.update(seen_at=at):
        Resident.objects.filter(pk=resident_id).update(seen_at=at)


def forget_old(*, now: datetime) -> int:
    """Remove codes, sessions and tokens that have been over for a day; returns how many."""
    kinds = (ResidentCode, ResidentSession, ResidentToken)
    return sum(int(kind.objects.filter(ends_at__lt=now - DAY).delete()[0]) for kind in kinds)
