"""Recording what was switched. The log is append-only: a wrong line is answered by the operation that undoes
it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.network import revision
from wandeng.domains.network.events import SwitchOperated
from wandeng.domains.network.models import Switch, SwitchOperation
from wandeng.domains.network.types import RecordedOperation
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, events, scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import SwitchId


class AlreadyInPosition(Conflict):
    """The switch already stands as asked: nothing was operated."""

    code = "SWITCH_ALREADY_IN_POSITION"


class OperationOutOfOrder(Conflict):
    """A later operation of the same switch is on record; the log of a switch only grows at its end."""

    code = "SWITCH_OPERATION_OUT_OF_ORDER"


@transaction.atomic
def record_switching(*, switch: SwitchId, is_open: bool, at: datetime, actor: Actor, reason: str) -> RecordedOperation:
    """Append one operation to the log of a switch and tell the subscribers of ``SwitchOperated``.

    For dispatchers, on switches of the feeders of their units. Raises :class:`NotFound`, :class:`NotAllowed`,
    :class:`InvalidInput` for a time without zone, :class:`OperationOutOfOrder`, :class:`AlreadyInPosition`.
    """
    if at.utcoffset() is None:
        raise InvalidInput("the time of a switching needs a time zone")
    found = Switch.objects.select_for_update(of=("self",)).select_related("feeder__unit").filter(pk=switch).first()
    if found is None:
        raise NotFound(f"there is no switch {switch}", switch_id=switch)
    unit_path = found.feeder.unit.path
    scope.require(actor, Role.DISPATCHER, unit_path=unit_path)
    last = SwitchOperation.objects.filter(switch=found).order_by("-at", "-id").first()
    if last is not None and last.at >= at:
        raise OperationOutOfOrder(
            f"switch {found.code} has an operation at {last.at.isoformat()} on record; a new one must be later",
            switch=found.code,
        )
    if (found.normal_open if last is None else last.is_open) == is_open:
        raise AlreadyInPosition(
            f"switch {found.code} already stands {'open' if is_open else 'closed'}", switch=found.code
        )
    made = SwitchOperation.objects.create(switch=found, is_open=is_open, at=at, actor=actor.code, reason=reason)
    revision.renew(revision.Part.SWITCHING)
    facts = {"switch": found.code, "is_open": is_open, "at": at}
    audit.record(
        actor=actor, action="switch.operate", subject=found, facts=facts, at=at, reason=reason, unit_path=unit_path
    )
    events.publish(SwitchOperated(found.pk, found.code, is_open, at), at=at)
    return RecordedOperation(made.pk, found.code, is_open, at)
