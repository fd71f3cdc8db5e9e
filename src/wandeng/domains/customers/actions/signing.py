"""Agreements a handful at a time, as people choose them in a list: all of them, or none with the reason of the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.customers.actions import agreements
from wandeng.domains.customers.models import CustomerAgreement
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.periods import FAR_FUTURE


@transaction.atomic
def draft_for(
    *,
    account_numbers: Sequence[str],
    valid_from: date,
    valid_to: date,
    library: RuleLibrary,
    actor: Actor,
    at: datetime,
) -> int:
    """Draft an agreement for each of these accounts, numbered ``<account number>-<valid_from>``; returns how many.

    Raises as :func:`draft_agreement`.
    """
    for account_number in account_numbers:
        agreements.draft_agreement(
            number=_number(account_number, valid_from),
            account_number=account_number,
            valid_from=valid_from,
            valid_to=valid_to,
            library=library,
            actor=actor,
            at=at,
        )
    return len(account_numbers)


@transaction.atomic
def sign_each(*, numbers: Sequence[str], signed_on: date, actor: Actor, at: datetime, reason: str = "") -> int:
    """Sign these drafts on one day; returns how many. Raises as :func:`sign_agreement`."""
    for number in numbers:
        agreements.sign_agreement(number=number, signed_on=signed_on, actor=actor, at=at, reason=reason)
    return len(numbers)


@transaction.atomic
def withdraw_each(*, numbers: Sequence[str], actor: Actor, at: datetime, reason: str) -> int:
    """Give up these drafts; returns how many. Raises :class:`MoveRefused` when one is no draft."""
    for number in numbers:
        agreements.withdraw_agreement(number=number, actor=actor, at=at, reason=reason)
    return len(numbers)


@transaction.atomic
def renew_each(*, numbers: Sequence[str], library: RuleLibrary, actor: Actor, at: datetime) -> int:
    """Draft the successor of each, for a term as long as the old one's; returns how many.

    Raises as :func:`renew_agreement`, and :class:`Conflict` for an agreement without a known end.
    """
    rows = Scope.of(actor).limit(
        CustomerAgreement.objects.filter(number__in=numbers).select_related("account"), "account__unit__path"
    )
    found = {row.number: row for row in rows}
    for number in numbers:
        old = found.get(number)
        if old is not None and old.valid_to >= FAR_FUTURE:
            raise Conflict(f"agreement {number} has no end: there is nothing to renew")
        new_number, valid_to = (
            (number, FAR_FUTURE) if old is None
            else (_number(old.account.account_number, old.valid_to), _same_term(old.valid_from, old.valid_to))
        )  # fmt: skip
        agreements.renew_agreement(
            number=number, new_number=new_number, valid_to=valid_to, library=library, actor=actor, at=at
        )
    return len(numbers)


def next_term(valid_from: date, valid_to: date) -> tuple[date, date]:
    """The term that follows a term and is as long.

    >>> next_term(date(2021, 3, 1), date(2026, 3, 1))
    (datetime.date(2026, 3, 1), datetime.date(2031, 3, 1))
    """
    return valid_to, _same_term(valid_from, valid_to)


def _same_term(valid_from: date, valid_to: date) -> date:
    """The end of a term that begins where this one ends: by whole years where it is some, else by days."""
    is_years = (valid_from.month, valid_from.day) == (valid_to.month, valid_to.day)
    if is_years and (valid_to.month, valid_to.day) != (2, 29):
        return valid_to.replace(year=2 * valid_to.year - valid_from.year)
    return valid_to + (valid_to - valid_from)


def _number(account_number: str, valid_from: date) -> str:
    return f"{account_number}-{valid_from:%Y%m%d}"
