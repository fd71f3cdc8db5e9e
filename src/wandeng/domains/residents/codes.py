"""What a code is, and trying one."""

from __future__ import annotations

import hmac
from datetime import datetime

from django.db.models import F

from wandeng.domains.residents.models import ResidentCode
from wandeng.domains.residents.types import CODE_COLUMN, CodePurpose, WrongCode
from wandeng.infra import pii
from wandeng.infra.effective.topics.self_service import SelfService


def text_of(handle: str, digits: int) -> str:
    """The code of a handle: so many digits of its keyed hash, so that a stolen database holds none."""
    (hashed,) = pii.index_many([f"code:{handle}"], column=CODE_COLUMN)
    return str(int(hashed, 16) % 10**digits).zfill(digits)


def tried(handle: str, text: str, purpose: CodePurpose, *, rule: SelfService, at: datetime) -> ResidentCode:
    """Try a code, and use it up when it is right. The trial is counted at once, so call this outside a transaction.

    Raises :class:`WrongCode`, for every reason the same.
    """
    rows = ResidentCode.objects.filter(handle=handle, purpose=purpose, used_at__isnull=True, ends_at__gt=at)
    counted = rows.filter(tries__lt=rule.codes.tries).update(tries=F("tries") + 1)
    is_right = hmac.compare_digest(text_of(handle, rule.codes.digits).encode(), text.strip().encode())
    if not counted or not is_right or not rows.update(used_at=at):
        raise WrongCode("the code is wrong or too old")
    found = ResidentCode.objects.select_related("account", "resident").get(handle=handle)
    if not found.phone_sealed:
        raise WrongCode("the code is wrong or too old")
    return found
