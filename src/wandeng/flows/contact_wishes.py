"""What an account wants to be told, chosen at once on one page (联系偏好): purposes it does without are opt-outs, the same that a
short message writes; channel and quiet hours are its preference."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wandeng.domains.notices import actions
from wandeng.domains.notices.queries import contact_preference
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor


@transaction.atomic
def choose(
    *, account_number: str, wanted: Collection[str], channel: str, quiet_hours: str, source: str, actor: Actor, at: datetime,
    library: RuleLibrary, reason: str = "",
) -> None:  # fmt: skip
    """Make it so that of the purposes that may be left the account is told of those ``wanted`` and no others, by a channel first and
    outside quiet hours; what the rule requires stays as it is. Nothing is written of what is so already.

    Raises what :func:`~wandeng.domains.notices.actions.prefer` raises.
    """
    shown = contact_preference(Scope.of(actor), account_number, now=at, library=library)
    for one in shown.messages:
        if one.is_required or one.is_off == (one.purpose not in wanted):
            continue
        if one.is_off:
            actions.opt_in(account_number=account_number, purpose=one.purpose, actor=actor, at=at, reason=reason)
        else:
            actions.opt_out(
                account_number=account_number, purpose=one.purpose, source=source, actor=actor, at=at, reason=reason
            )
    if (channel, quiet_hours) != (shown.channel, shown.quiet):
        actions.prefer(
            account_number=account_number, channel=channel, quiet_hours=quiet_hours, source=source, actor=actor, at=at,
            library=library, reason=reason,
        )  # fmt: skip
