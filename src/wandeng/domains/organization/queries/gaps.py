"""Accounts as a check of the installation sees them: who could log in and should not, or should and cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q

from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.domains.organization.types import Role

STALE_AFTER = timedelta(days=90)
"""GB/T 22239-2019 8.1.4.1 asks for accounts nobody uses to be found and removed; the term is common practice."""


@dataclass(frozen=True, slots=True)
class AccountGaps:
    """Codes of active people. ``administrators`` can log in over a root unit; ``without_password`` hold a post and
    cannot log in; ``first_password`` still have the one-time one; ``stale`` have not logged in for ninety days; ``demo``
    were made by a demonstration, ``people`` by somebody else."""

    administrators: tuple[str, ...]
    without_password: tuple[str, ...]
    first_password: tuple[str, ...]
    stale: tuple[str, ...]
    demo: tuple[str, ...]
    people: tuple[str, ...]


def account_gaps(*, on: date, now: datetime) -> AccountGaps:
    """Who stands out among the active accounts of the whole installation; who left their posts is not asked for."""
    held = Post.objects.filter(person=OuterRef("pk"), valid_from__lte=on, valid_to__gt=on)
    rows = Person.objects.filter(is_active=True).filter(Exists(held)).order_by("code")
    unusable = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    able = rows.exclude(unusable)
    top = held.filter(role=Role.ADMINISTRATOR, unit__parent=None)

    def codes(found: object) -> tuple[str, ...]:
        return tuple(found.values_list("code", flat=True))  # type: ignore[attr-defined]

    return AccountGaps(
        administrators=codes(able.filter(Exists(top))),
        without_password=codes(rows.filter(unusable)),
        first_password=codes(able.filter(must_change_password=True)),
        stale=codes(able.filter(last_login__lt=now - STALE_AFTER)),
        demo=codes(rows.filter(is_demo=True)),
        people=codes(able.filter(is_demo=False)),
    )


def territories() -> tuple[str, ...]:
    """Whose rules apply anywhere in this installation."""
    return tuple(Unit.objects.order_by("territory").values_list("territory", flat=True).distinct())
