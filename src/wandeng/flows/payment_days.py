"""What the clock asks of payments: plans are judged, online channels' days settled, accountants told of days that wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from wandeng.domains.notices import actions as notices
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import actions as payments
from wandeng.domains.payments.queries import online, reconciliation
from wandeng.flows.online_payments import daily
from wandeng.flows.online_payments.providers import NotOffered
from wandeng.infra import jobs
from wandeng.infra.outgoing import CallFailed
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM

REVIEW_PLANS = "payments.review_plans"
SETTLE_ONLINE = "payments.settle_online"
REMIND = "payments.remind_reconciliation"
LOOKED_BACK = timedelta(days=30)

Clock = Callable[[], datetime]


def review_plans(*, on: date, at: datetime) -> jobs.Payload:
    """Judge the active instalment plans; judging again finds them judged."""
    with transaction.atomic():
        kept, broken = payments.review_plans(on=on, actor=SYSTEM, at=at)
    return {"kept": kept, "broken": broken}


def settle_online(*, day: date, at: datetime) -> jobs.Payload:
    """Hold the day of every online channel in use against our books. Channels that have no detail to offer are left out;
    one that cannot be reached does not keep the others waiting.

    Raises :class:`CallFailed` at the end, so that the job is tried again: a day that is settled is not settled twice.
    """
    found = {"channels": 0, "settled": 0, "missing": 0, "unknown": 0}
    failed: CallFailed | None = None
    for channel in online.channels_shown(active_only=True):
        try:
            done = daily.settle_day(channel=channel.code, day=day, actor=SYSTEM, at=at)
        except NotOffered:
            continue
        except CallFailed as error:
            failed = error
            continue
        found["channels"] += 1
        found["settled"] += done.settled
        found["missing"] += done.missing
        found["unknown"] += done.unknown
    if failed is not None:
        raise failed
    return found


@transaction.atomic
def remind(*, on: date, at: datetime) -> jobs.Payload:
    """Tell each accountant, once a day, which days of channels before ``on`` wait to be reconciled in their unit."""
    posts = organization.post_rows(Scope.everywhere(), on=on).filter(role=Role.ACCOUNTANT)
    paths = {unit.code: unit.path for unit in organization.unit_tree(Scope.everywhere())}
    waiting = {
        code: reconciliation.waiting_days(Scope(paths[code]), since=on - LOOKED_BACK, before=on)
        for code in {str(post["unit_code"]) for post in posts}
    }
    told: dict[str, str] = {
        str(post["person_code"]): str(post["unit_code"]) for post in posts if waiting[post["unit_code"]]
    }
    for person, unit in sorted(told.items()):
        days = waiting[unit]
        notices.send(
            key=f"reconciliation:{on.isoformat()}:{person}", template="reconciliation_due", person=person,
            slots={"days": str(len(days)), "oldest": days[0].day.isoformat()}, at=at, actor=SYSTEM,
        )  # fmt: skip
    return {"waiting": max((len(days) for days in waiting.values()), default=0), "told": len(told)}


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def on(payload: jobs.Payload) -> date:
        return date.fromisoformat(payload["on"])

    return {
        REVIEW_PLANS: lambda payload, _held: review_plans(on=on(payload), at=clock()),
        SETTLE_ONLINE: lambda payload, _held: settle_online(day=on(payload) - timedelta(days=1), at=clock()),
        REMIND: lambda payload, _held: remind(on=on(payload), at=clock()),
    }
