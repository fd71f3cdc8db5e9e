"""Who holds a session or a token and which accounts; what staff ask of residents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.queries import proving
from wandeng.domains.customers.queries.accounts import accounts_verified_by_phone
from wandeng.domains.residents import codes, rules, tokens
from wandeng.domains.residents.models import AccountBinding, Resident, ResidentCode, ResidentSession, ResidentToken
from wandeng.domains.residents.rules import self_service as self_service
from wandeng.domains.residents.types import (
    PHONE_COLUMN,
    BindingShown,
    HeldAccount,
    Holder,
    PersonalTokenShown,
    ResidentGlance,
    ResidentShown,
    StayShown,
)
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.infra.tokens import digest
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import AccountId

UNIT = "account__unit__path"
USED_EVERY = timedelta(minutes=1)
MOST_STAYS = 20


def holder(token: str, *, now: datetime) -> Holder | None:
    """Who holds a session that is not over, with the accounts they hold; ``None`` for nobody."""
    rows = ResidentSession.objects.filter(token_hash=digest(token), ended_at__isnull=True, ends_at__gt=now)
    found = rows.select_related("resident").first()
    return None if found is None else Holder(
        found.pk, found.resident_id, _masked(found.resident), found.ends_at, _accounts(found.resident_id)
    )  # fmt: skip


def token_holder(secret: str, *, now: datetime) -> Holder | None:
    """The same of a personal token. Its use is noted, at most once a minute: a program in a loop writes no row a question."""
    if not secret.startswith(tokens.PREFIX):
        return None
    rows = ResidentToken.objects.filter(token_hash=digest(secret), ended_at__isnull=True, ends_at__gt=now)
    found = rows.select_related("resident").first()
    if found is None:
        return None
    if found.used_at is None or found.used_at < now - USED_EVERY:
        ResidentToken.objects.filter(pk=found.pk).update(used_at=now)
    return Holder(0, found.resident_id, _masked(found.resident), found.ends_at, _accounts(found.resident_id))


def _accounts(resident_id: int) -> tuple[HeldAccount, ...]:
    bound = AccountBinding.objects.filter(resident_id=resident_id, ended_at__isnull=True)
    return tuple(_held(one) for one in bound.select_related("account__unit").order_by("bound_at", "id"))


def tokens_of(resident_id: int, *, now: datetime) -> tuple[PersonalTokenShown, ...]:
    """Personal tokens of a resident, the newest first."""
    return tuple(
        PersonalTokenShown(
            one.pk, one.label, one.hint, one.made_at, one.ends_at, one.used_at, one.ended_at, one.ended_by,
            one.ended_at is None and one.ends_at > now,
        )
        for one in ResidentToken.objects.filter(resident_id=resident_id).order_by("-id")
    )  # fmt: skip


def token_limits(now: datetime, *, library: RuleLibrary | None = None) -> tuple[int, int]:
    """How many personal tokens a resident holds at once, and for how many days at most."""
    rule = rules.self_service(now, library=library).tokens
    return rule.most, rule.longest_days


def _held(row: AccountBinding) -> HeldAccount:
    account, unit = row.account, row.account.unit
    return HeldAccount(
        account.account_number, masked_name(account.name), account.address, unit.code, unit.name, unit.territory,
        account.customer_class, account.closed_on, row.proof, row.bound_at,
    )  # fmt: skip


def masked_name(name: str) -> str:
    """A name as a page shows it that may be read over a shoulder: of a person only the family name's first sign."""
    return f"{name[:1]}{'*' * min(len(name) - 1, 2)}" if 1 < len(name) <= 4 else name


def own_offers(resident_id: int, *, limit: int, now: datetime, library: RuleLibrary | None = None) -> tuple[str, ...]:
    """Numbers of accounts that the resident does not hold yet and of which their phone is a contact that was verified within
    the days of the rule."""
    resident = Resident.objects.get(pk=resident_id)
    phone = pii.open_sealed(resident.phone_sealed, column=PHONE_COLUMN)
    held = AccountBinding.objects.filter(resident=resident, ended_at__isnull=True)
    known = set(held.values_list("account__account_number", flat=True))
    since = rules.checked_since(now, library=library)
    found = accounts_verified_by_phone(phone, limit=limit + len(known), since=since)
    return tuple(one for one in found if one not in known)[:limit]


def own_phone(resident_id: int) -> str:
    """The number that a resident proved, in the clear: for what they send themselves. Raises :class:`NotFound`."""
    resident = Resident.objects.filter(pk=resident_id).first()
    if resident is None:
        raise NotFound("there is no such resident")
    return pii.open_sealed(resident.phone_sealed, column=PHONE_COLUMN)


def known_phones(phones: Sequence[str]) -> frozenset[str]:
    """Which of these numbers somebody proved."""
    indexes = dict(zip(pii.index_many(list(phones), column=PHONE_COLUMN), phones, strict=True))
    there = Resident.objects.filter(phone_index__in=indexes).values_list("phone_index", flat=True)
    return frozenset(indexes[one] for one in there)


def demo_code(handle: str, *, now: datetime, library: RuleLibrary | None = None) -> str:
    """The code of a handle, for the page of a demonstration, which has no telephones; empty for none."""
    if not ResidentCode.objects.filter(handle=handle, used_at__isnull=True, ends_at__gt=now).exists():
        return ""
    return codes.text_of(handle, rules.self_service(now, library=library).codes.digits)


def binding_rows(scope: Scope) -> QuerySet[Any, Any]:
    """Bindings: id, resident_id, account_number, unit_id, unit_code, unit_name, proof, bound_at, bound_by, ended_at, ended_by,
    is_held, seen_at of the resident."""
    return scope.limit(AccountBinding.objects.all(), UNIT).values(
        "id", "proof", "bound_at", "bound_by", "ended_at", "ended_by", "resident_id", unit_id=F("account__unit_id"),
        account_number=F("account__account_number"), unit_code=F("account__unit__code"), unit_name=F("account__unit__name"),
        seen_at=F("resident__seen_at"), is_held=Q(ended_at__isnull=True),
    )  # fmt: skip


def of_phone(rows: QuerySet[Any, Any], phone: str) -> QuerySet[Any, Any]:
    """Those of :func:`binding_rows` whose resident proved this number."""
    (index,) = pii.index_many([phone.strip()], column=PHONE_COLUMN)
    return rows.filter(resident__phone_index=index)


def bindable(account: AccountId) -> tuple[ResidentGlance, ...]:
    """Residents who do not hold an account of which their phone is a contact: those that staff may bind to it."""
    indexes = pii.index_many(proving.numbers(account), column=PHONE_COLUMN)
    held = AccountBinding.objects.filter(account_id=account, ended_at__isnull=True).values("resident_id")
    found = Resident.objects.filter(phone_index__in=indexes).exclude(pk__in=held).order_by("id")
    return tuple(ResidentGlance(one.pk, _masked(one)) for one in found)


def bindings_of_account(scope: Scope, account_number: str) -> tuple[BindingShown, ...]:
    """Who holds and held an account, the newest first. Raises :class:`NotFound`, also outside the scope."""
    customers.account(scope, account_number)
    return bindings_of(scope, account_number=account_number)


def resident(scope: Scope, resident_id: int, *, now: datetime) -> ResidentShown:
    """A resident with what they hold and held inside the scope, sessions and tokens.

    Raises :class:`NotFound`, also when none of the accounts they hold or held lies inside the scope.
    """
    found = Resident.objects.filter(pk=resident_id).first()
    bound = bindings_of(scope, resident_id=resident_id)
    if found is None or (scope.prefix and not bound):
        raise NotFound("there is no such resident")
    stays = ResidentSession.objects.filter(resident=found).order_by("-id")[:MOST_STAYS]
    return ResidentShown(
        found.pk, _masked(found), found.joined_at, found.seen_at, bound,
        tuple(
            StayShown(
                one.pk, one.begun_at, one.seen_at, one.ends_at, one.ended_at, one.ended_at is None and one.ends_at > now
            )
            for one in stays
        ),
        tokens_of(resident_id, now=now),
    )  # fmt: skip


def bindings_of(scope: Scope, *, resident_id: int | None = None, account_number: str = "") -> tuple[BindingShown, ...]:
    """Bindings of a resident or an account inside the scope, the newest first."""
    rows = scope.limit(AccountBinding.objects.select_related("account__unit", "resident"), UNIT)
    if resident_id is not None:
        rows = rows.filter(resident_id=resident_id)
    if account_number:
        rows = rows.filter(account__account_number=account_number)
    return tuple(_shown(one) for one in rows.order_by("-bound_at", "-id"))


def binding(scope: Scope, binding_id: int) -> BindingShown:
    """One binding. Raises :class:`NotFound`, also outside the scope."""
    rows = AccountBinding.objects.select_related("account__unit", "resident")
    return _shown(scope.one(rows, UNIT, "binding", pk=binding_id))


def _shown(row: AccountBinding) -> BindingShown:
    account = row.account
    return BindingShown(
        row.pk, row.resident_id, _masked(row.resident), account.account_number, account.unit.code, account.unit.name,
        row.proof, row.bound_at, row.bound_by, row.ended_at, row.ended_by,
    )  # fmt: skip


def _masked(resident: Resident) -> str:
    return pii.mask_phone(pii.open_sealed(resident.phone_sealed, column=PHONE_COLUMN))
