"""By which channel an account is told first, and when not (联系偏好)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.customers import queries as customers
from wandeng.domains.notices import quiet, rules
from wandeng.domains.notices.actions.reaching import FRONT, SOURCES
from wandeng.domains.notices.models import ContactPreference
from wandeng.domains.notices.queries import preferring
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

OWN = "ONLINE"
"""The source of what customers choose with their own hands: they owe nobody a reason."""


@transaction.atomic
def prefer(
    *, account_number: str, channel: str = "", quiet_hours: str = "", source: str, actor: Actor, at: datetime,
    library: RuleLibrary, reason: str = "",
) -> None:  # fmt: skip
    """An account is told first by ``channel`` (empty: as the texts say), and not within ``quiet_hours`` (``21:00-07:00``, empty: no
    such hours), as far as the law does not want it told. What it chose before is replaced.

    Raises :class:`InvalidInput` for a channel that does not reach it, for hours that leave too little of a day, and without a reason
    for what staff write down; :class:`NotFound` for an account outside the actor's scope.
    """
    account = customers.account(Scope.of(actor), account_number)
    require(actor, *FRONT, unit_path=account.unit_path)
    if source not in SOURCES or (source != OWN and not reason.strip()):
        raise InvalidInput("a reason is needed" if source in SOURCES else f"nobody says so by {source}")
    if channel and channel not in preferring.channels_of(account.id):
        raise InvalidInput(f"account {account_number} is not reached by {channel}", field="channel")
    first, last = quiet.read(quiet_hours)
    if first is not None and last is not None:
        _require_left(first, last, account.territory, at, library)
    chosen = {"channel": channel, "quiet_first": first, "quiet_last": last, "source": source,
              "set_by": actor.code, "set_at": at}  # fmt: skip
    row = ContactPreference.objects.filter(account_id=account.id).first()
    if row is None:
        row = ContactPreference.objects.create(id=ids.reserve(ContactPreference, 1), account_id=account.id, **chosen)
    else:
        ContactPreference.objects.filter(pk=row.pk).update(**chosen)
    facts = {
        "account_number": account_number,
        "channel": channel,
        "quiet_hours": quiet.written(first, last),
        "source": source,
    }
    audit.record(actor=actor, action="notice.prefer", subject=row, facts=facts, at=at, reason=reason,
                 unit_path=account.unit_path)  # fmt: skip


def _require_left(first: int, last: int, territory: str, at: datetime, library: RuleLibrary) -> None:
    rule = rules.sending_rule(library, at=at, territory=territory)
    stretches = ((rule.first_minute, rule.last_minute), (rule.off_first_minute, rule.off_last_minute))
    if min(quiet.left(first, last, begin=begin, end=end) for begin, end in stretches) < rule.quiet_leaves:
        hours = rule.quiet_leaves // 60
        raise InvalidInput(f"quiet hours leave {hours} of the hours of sending at least", field="quiet_hours")
