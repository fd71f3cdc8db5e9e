"""A person types one reading: it is judged at once, held where it is hard to believe, and put right by typing again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.metering import judging, rules
from wandeng.domains.metering.actions import readings
from wandeng.domains.metering.events import ReadingCorrected, ReadingsAccepted
from wandeng.domains.metering.models import MeterInstallation, Reading
from wandeng.domains.metering.types import Entered, Registers
from wandeng.infra import audit, events, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE


class NotBelieved(Conflict):
    """A value that would be held cannot take the place of an accepted one: that is a correction with a reason."""

    code = "READING_NOT_BELIEVED"


@transaction.atomic
def enter_reading(
    *,
    installation_id: int,
    read_on: date,
    registers: Registers,
    library: RuleLibrary,
    actor: Actor,
    at: datetime,
    reason: str,
) -> Entered:
    """Take in one reading that a person typed, source MANUAL, and judge it (``judging``).

    What stands so already stays. Another value of the same day takes the place of the one that stands, with ``reason``,
    and is judged like the first: a slip of the finger is mended by typing again.

    Raises :class:`NotFound` outside the scope, :class:`InvalidInput` for a day on which the meter does not hang or a
    register over its digits, :class:`NotBelieved` for a doubtful value over an accepted one, :class:`NoRuleInForce`.
    """
    rows = MeterInstallation.objects.select_related("meter", "usage_point__account__unit")
    installation = Scope.of(actor).one(
        rows.select_for_update(of=("self",)), "usage_point__account__unit__path", "installation", pk=installation_id
    )
    meter = installation.meter
    if read_on < installation.installed_on or (installation.removed_on and read_on > installation.removed_on):
        raise InvalidInput(f"meter {meter.asset_number} does not hang there on {read_on}")
    readings.require_digits(registers, meter.digits)
    standing = (
        Reading.objects.filter(installation=installation, read_on=read_on, is_current=True)
        .exclude(state="REFUSED")
        .first()
    )
    if standing is not None and all(getattr(standing, name) == v for name, v in registers.columns().items()):
        return Entered(standing.pk, standing.state, standing.hold_reason, unchanged=True)
    limits = rules.entry_limits(library, territory=installation.usage_point.account.unit.territory, on=read_on)
    doubt = judging.verdict(
        installation,
        read_on,
        registers,
        judging.last_of(installation, read_on),
        limits=limits,
        today=at.astimezone(BILLING_ZONE).date(),
    )
    if standing is None:
        return _stored(_write(installation, read_on, registers, doubt, None, actor, at), None, actor, at, reason)
    if doubt and standing.state == "ACCEPTED":
        raise NotBelieved(
            f"meter {meter.asset_number} has an accepted reading of {read_on}, and {registers.total_ckwh} is doubtful "
            f"({doubt}): correct it with a reason"
        )
    Reading.objects.filter(pk=standing.pk).update(is_current=False)
    made = _write(installation, read_on, registers, doubt, standing.pk, actor, at)
    return _stored(made, standing, actor, at, reason)


def _write(
    installation: MeterInstallation,
    read_on: date,
    registers: Registers,
    doubt: str,
    supersedes: int | None,
    actor: Actor,
    at: datetime,
) -> Reading:
    return Reading.objects.create(
        id=ids.reserve(Reading, 1),
        installation=installation,
        read_on=read_on,
        source="MANUAL",
        state="HELD" if doubt else "ACCEPTED",
        hold_reason=doubt,
        supersedes=supersedes,
        received_at=at,
        actor=actor.code,
        **registers.columns(),
    )


def _stored(made: Reading, old: Reading | None, actor: Actor, at: datetime, reason: str) -> Entered:
    """Tell those who wait, and log what took the place of what."""
    if old is not None:
        readings.settle_rereads(old.pk, actor=actor, at=at)
        point = made.installation.usage_point
        facts = {"superseded": old.pk, "was_ckwh": old.total_ckwh, "is_ckwh": made.total_ckwh, "on": made.read_on}
        path = point.account.unit.path
        audit.record(
            actor=actor, action="reading.correct", subject=made, facts=facts, at=at, reason=reason, unit_path=path
        )
        if old.state == "ACCEPTED":
            events.publish(ReadingCorrected(made.pk, old.pk, point.pk, made.read_on), at=at)
    if made.state == "ACCEPTED" and (old is None or old.state == "HELD"):
        events.publish(ReadingsAccepted(made.pk, made.pk, 1, made.read_on, made.read_on), at=at)
    return Entered(made.pk, made.state, made.hold_reason, None if old is None else old.pk)
