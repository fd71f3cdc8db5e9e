"""Where things of the network belong: for what must be told only to those who stand over their unit."""

from __future__ import annotations

from wandeng.domains.network.models import Switch, UsagePoint
from wandeng.kernel.ids import SwitchId, UsagePointId


def unit_path_of_point(point: UsagePointId) -> str:
    """The path of the unit of a usage point's account; empty for a point that does not exist."""
    return UsagePoint.objects.filter(pk=point).values_list("account__unit__path", flat=True).first() or ""


def unit_path_of_switch(switch: SwitchId) -> str:
    """The path of the unit of a switch's feeder; empty for a switch that does not exist."""
    return Switch.objects.filter(pk=switch).values_list("feeder__unit__path", flat=True).first() or ""
