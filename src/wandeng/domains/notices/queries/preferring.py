"""What an account wants to be told, by which channel, and when not (联系偏好)."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.customers import queries as customers
from wandeng.domains.notices import quiet, rules
from wandeng.domains.notices.models import ContactPreference, NoticeAddress
from wandeng.domains.notices.queries.opting_out import opted_out_of
from wandeng.domains.notices.types import Channel, ContactPreferenceShown, MessageWish, Purpose
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId

TOLD = tuple(one for one in Purpose if one is not Purpose.WORK)
"""What customers are told of."""


def contact_preference(
    scope: Scope, account_number: str, *, now: datetime, library: RuleLibrary
) -> ContactPreferenceShown:
    """What an account chose. Raises :class:`NotFound`, also outside the scope, ``NoRuleInForce``."""
    account = customers.account(scope, account_number)
    required = rules.sending_rule(library, at=now, territory=account.territory).required
    off = set(opted_out_of(scope, account_number))
    row = ContactPreference.objects.filter(account_id=account.id).first() or ContactPreference()
    return ContactPreferenceShown(
        account_number=account_number,
        messages=tuple(MessageWish(str(one), one in required, one in off) for one in TOLD),
        channel=row.channel, channels=channels_of(account.id), quiet=quiet.written(row.quiet_first, row.quiet_last),
        source=row.source, set_by=row.set_by, set_at=row.set_at,
    )  # fmt: skip


def channels_of(account: AccountId) -> tuple[str, ...]:
    """The channels an account can choose: those of its telephone, and those it gave an address for."""
    known = set(NoticeAddress.objects.filter(account_id=account).values_list("channel", flat=True))
    phones = {str(Channel.SMS), str(Channel.VOICE)}
    return tuple(str(one) for one in Channel if one in phones | known)
