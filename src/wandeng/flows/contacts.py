"""One conversation (统一会话): every contact about a case or an account, by short message, telephone, at a hall or in the portal, in one
order; and how long the words are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from wandeng.domains.cases.queries import one as cases
from wandeng.domains.conversations import actions
from wandeng.domains.conversations import queries as conversations
from wandeng.domains.conversations.types import ContactMade, OldWords
from wandeng.domains.halls import queries as halls
from wandeng.domains.halls.types import TicketGlance
from wandeng.domains.residents import queries as residents
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.conversations import Conversations
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import BILLING_ZONE

TERRITORY = "national"
MOST = 100


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact: ``what`` SMS, PHONE, CALLED (a machine called the customer), HALL, BOUND (a resident bound the account in the portal) or UNBOUND. ``about``: what was asked or
    the purpose of a number, as a code; ``where``: the masked number, or the hall with its ticket. ``link``: (kind, code) of what may be
    opened, empty for nothing."""

    at: datetime
    what: str
    about: str
    where: str
    case_number: str
    link: tuple[str, str]


def of_case(scope: Scope, number: str) -> tuple[Contact, ...]:
    """The contacts in which a case was opened or asked about again, newest first. Raises :class:`NotFound`, also for a case
    of another office that is in hand here."""
    if not cases.is_own(scope, number):
        raise NotFound(f"there is no case {number}")
    found = [_said(one) for one in conversations.contacts_of_case(scope, number, most=MOST)]
    found += [_came(one, number) for one in halls.tickets_of_case(scope, number, most=MOST)]
    return _newest(found)


def of_account(scope: Scope, account_number: str, account_id: int) -> tuple[Contact, ...]:
    """The contacts about an account that the caller looked up within the scope, newest first."""
    found = [_said(one) for one in conversations.contacts_of_account(scope, account_id, most=MOST)]
    found += [_came(one) for one in halls.tickets_of_account(scope, account_id, most=MOST)]
    return _newest([*found, *_bound(scope, account_number)])


def _newest(found: list[Contact]) -> tuple[Contact, ...]:
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:MOST])


def _said(one: ContactMade) -> Contact:
    link = ("conversation", str(one.conversation_id)) if one.conversation_id is not None else ("", "")
    return Contact(one.at, one.medium, one.asked, one.masked, one.case_number, link)


def _came(one: TicketGlance, case_number: str = "") -> Contact:
    link = ("ticket", str(one.id)) if one.is_inside else ("", "")
    number = case_number or (one.case_numbers[0] if one.case_numbers else "")
    return Contact(one.at, "HALL", one.purpose, f"{one.hall} {one.number}", number, link)


def _bound(scope: Scope, account_number: str) -> Iterator[Contact]:
    for one in residents.bindings_of(scope, account_number=account_number):
        yield Contact(one.bound_at, "BOUND", "", one.masked, "", ("", ""))
        if one.ended_at is not None:
            yield Contact(one.ended_at, "UNBOUND", "", one.masked, "", ("", ""))


def kept_since(now: datetime, library: RuleLibrary | None = None) -> datetime:
    """What was said before this moment is emptied. Raises ``NoRuleInForce``."""
    on = now.astimezone(BILLING_ZONE).date()
    rule = (library or current.library()).version(Conversations, on=on, territory=TERRITORY).body
    return now - timedelta(days=rule.kept.words_days)


def preview(*, now: datetime, library: RuleLibrary | None = None) -> OldWords:
    """What :func:`empty_old` would empty. Raises ``NoRuleInForce``."""
    return conversations.old_words(kept_since(now, library))


def empty_old(*, now: datetime, library: RuleLibrary | None = None) -> int:
    """Empty the words whose time is over (会话内容到期清空); returns of how many turns. Raises ``NoRuleInForce``."""
    return actions.empty_words(before=kept_since(now, library), at=now)
