"""A meter stays where it hangs while the account behind it changes (过户, 分户): its place ends and begins on the same day."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.metering.actions.meters import not_to_come, write_last
from wandeng.domains.metering.actions.readings import add_reading, require_digits
from wandeng.domains.metering.events import ReadingsAccepted
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.metering.types import Registers
from wandeng.domains.network import queries as network
from wandeng.infra import audit, events, ids
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import InstallationId


@transaction.atomic
def hand_over_meter(
    *, usage_point: str, to_usage_point: str, reading: Registers, on: date, actor: Actor, at: datetime, reason: str
) -> InstallationId:
    """End the place of the meter at one usage point and begin it at another on the day ``on``, by one special reading
    (特抄): the last of the old and the first of the new. Multiplier, transformers, route and place in it stay.

    Raises :class:`NotFound` when none hangs there, :class:`InvalidInput` for a day to come, for the day it was hung or
    earlier, or a reading below the last one; :class:`Conflict` for a later reading, or when a meter hangs at the other.
    """
    not_to_come(on, at)
    scope = Scope.of(actor)
    point, onto = network.usage_point(scope, usage_point), network.usage_point(scope, to_usage_point)
    hanging = MeterInstallation.objects.select_for_update(of=("self",))
    related = hanging.select_related("meter", "usage_point__account__unit")
    old = related.filter(usage_point_id=point.id, removed_on__isnull=True).first()
    if old is None:
        raise NotFound(f"no meter hangs at {point.code}")
    if MeterInstallation.objects.filter(usage_point_id=onto.id, removed_on__isnull=True).exists():
        raise Conflict(f"a meter hangs at {onto.code} already: exchange it")
    if on <= old.installed_on or on < onto.connected_on:
        raise InvalidInput(f"meter {old.meter.asset_number} cannot be handed over as early as {on}")
    require_digits(reading, old.meter.digits)
    write_last(old, reading, on, actor, at)
    MeterInstallation.objects.filter(pk=old.pk).update(removed_on=on)
    new = MeterInstallation.objects.create(
        id=ids.reserve(MeterInstallation, 1), meter=old.meter, usage_point_id=onto.id, route_id=old.route_id,
        route_position=old.route_position, installed_on=on, multiplier=old.multiplier, source=old.source,
        ct_primary_a=old.ct_primary_a, ct_secondary_a=old.ct_secondary_a, pt_primary_v=old.pt_primary_v,
        pt_secondary_v=old.pt_secondary_v,
    )  # fmt: skip
    first = add_reading(new, on, reading, source="INSTALLATION", actor=actor, at=at)
    events.publish(ReadingsAccepted(first.pk, first.pk, 1, on, on), at=at)
    facts = {"asset_number": old.meter.asset_number, "on": on, "from": point.code, "to": onto.code,
             "total_ckwh": reading.total_ckwh}  # fmt: skip
    audit.record(
        actor=actor, action="meter.hand_over", subject=new, facts=facts, at=at, reason=reason,
        unit_path=old.usage_point.account.unit.path,
    )  # fmt: skip
    return InstallationId(new.pk)


@transaction.atomic
def take_special_reading(
    *, usage_point: str, reading: Registers, on: date, actor: Actor, at: datetime, reason: str
) -> None:
    """Note the special reading (特抄) of a usage point whose meter goes on hanging; the same once more is nothing new.

    Raises :class:`NotFound` when none hangs there, :class:`InvalidInput` for a day to come, for the day it was hung or
    earlier, or a reading below the last one; :class:`Conflict` for a later reading or another one of the day.
    """
    not_to_come(on, at)
    point = network.usage_point(Scope.of(actor), usage_point)
    hanging = MeterInstallation.objects.select_related("meter", "usage_point__account__unit")
    here = hanging.filter(usage_point_id=point.id, removed_on__isnull=True).first()
    if here is None:
        raise NotFound(f"no meter hangs at {point.code}")
    if on <= here.installed_on:
        raise InvalidInput(
            f"meter {here.meter.asset_number} was hung on {here.installed_on}: it is read later than that"
        )
    require_digits(reading, here.meter.digits)
    write_last(here, reading, on, actor, at, source="MANUAL")
    facts = {"asset_number": here.meter.asset_number, "on": on, "total_ckwh": reading.total_ckwh}
    audit.record(
        actor=actor, action="meter.special_reading", subject=here, facts=facts, at=at, reason=reason,
        unit_path=here.usage_point.account.unit.path,
    )  # fmt: skip
