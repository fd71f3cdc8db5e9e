"""Line loss of transformer areas, by month."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.metering import queries
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.doorway.asking import Request
from wandeng.kernel.periods import Month


@require_safe
def losses(request: Request) -> HttpResponse:
    """Areas with a master meter, the highest loss first. The work grows with a unit's meters, so an office is chosen
    where the scope holds several."""
    asking = request.asking
    month = Month.parse(request.GET.get("month", "") or str(Month.of(asking.today).plus(-1)))
    units = organization.unit_tree(asking.scope)
    offices = [unit for unit in units if not any(other.path.startswith(unit.path) for other in units if other != unit)]
    wanted = request.GET.get("unit", "") or (offices[0].code if offices else asking.unit.code)
    unit = organization.unit(asking.scope, wanted)
    rows = queries.area_losses(unit.path, month)
    areas = network.transformer_names(asking.scope, [row.transformer_id for row in rows])
    known = [row for row in rows if row.loss_ckwh is not None]
    supplied = sum(row.supplied_ckwh or 0 for row in known)
    loss = sum(row.loss_ckwh or 0 for row in known)
    context = {
        "month": month,
        "earlier": month.plus(-1),
        "later": month.plus(1),
        "units": units,
        "unit": unit,
        "rows": [(areas.get(row.transformer_id), row) for row in rows],
        "supplied_ckwh": supplied,
        "loss_ckwh": loss,
        "rate": loss * 10_000 // supplied if supplied else None,
        "unknown": len(rows) - len(known),
    }
    return render(request, "console/metering/losses.html", context)
