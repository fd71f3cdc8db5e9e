"""What a resident holds (持有户号): the one place that says whose session or personal token a request is and which accounts it may
see.

Pages and operations of residents take the account from :meth:`Holding.account`; what is not held answers as what does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wandeng.domains.residents import actions, queries
from wandeng.domains.residents.types import HeldAccount, Holder, SessionOpened
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.errors import NotFound

COOKIE = "wd_my"
PATH = "/my/"


@dataclass(frozen=True, slots=True)
class Holding:
    """Who asks, at what time, and the accounts they hold."""

    holder: Holder
    now: datetime

    @property
    def resident_id(self) -> int:
        return self.holder.resident_id

    @property
    def accounts(self) -> tuple[HeldAccount, ...]:
        return self.holder.accounts

    def account(self, number: str) -> HeldAccount:
        """An account that is held. Raises :class:`NotFound`: for one of others, and for one that is not there."""
        for one in self.accounts:
            if one.account_number == number:
                return one
        raise NotFound(f"there is no account {number}")


def admit(request: HttpRequest, *, at: datetime) -> bool:
    """Set ``request.holding`` by the cookie; says whether somebody asks who is logged in."""
    token = request.COOKIES.get(COOKIE, "")
    found = queries.holder(token, now=at) if token else None
    if found is None:
        return False
    actions.seen(session_id=found.session_id, resident_id=found.resident_id, at=at)
    request.holding = Holding(found, at)  # type: ignore[attr-defined]
    return True


def admit_program(request: HttpRequest, *, at: datetime, library: RuleLibrary) -> bool:
    """The same by a personal token on the API. A cookie opens nothing there. Raises :class:`TooManyLooks`."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    found = queries.token_holder(secret.strip(), now=at) if kind.lower() == "bearer" else None
    if found is None:
        return False
    actions.count_question(resident_id=found.resident_id, at=at, library=library)
    request.holding = Holding(found, at)  # type: ignore[attr-defined]
    return True


def of(request: HttpRequest) -> Holding:
    """What the resident who asks holds: on routes of residents there always is one."""
    return cast(Holding, request.holding)  # type: ignore[attr-defined]


def keep(response: HttpResponse, opened: SessionOpened, *, at: datetime) -> None:
    """Give the browser its session: apart from that of staff, for these pages only, out of reach of scripts."""
    response.set_cookie(
        COOKIE, opened.token, max_age=int((opened.ends_at - at).total_seconds()), path=PATH, httponly=True,
        secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip


def drop(response: HttpResponse) -> None:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
