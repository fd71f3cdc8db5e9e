"""A plan on the map: what is opened and closed, who is off meanwhile, and whom a tie feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from wandeng.domains.network.types import MapTransformer
from wandeng.domains.outages import queries
from wandeng.domains.outages.queries.mapped import PlanMap
from wandeng.domains.outages.types import IsolationKind
from wandeng.interfaces.console.network import geojson as network
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets
from wandeng.interfaces.doorway.words import outages as words

STATES = {IsolationKind.OPEN: "open", IsolationKind.CLOSE: "other", IsolationKind.OUT: "dead"}


@require_safe
def geojson(request: Request, number: str) -> HttpResponse:
    """The features of a plan's map: its feeders as they are fed meanwhile, its areas and isolation points above them."""
    found = queries.plan_map(request.asking.scope, number, on=request.asking.today)
    drawn = network.collection(found.drawn)
    below = [one for one in drawn["features"] if one["properties"]["kind"] not in ("transformer", "switch")]
    for one in below:
        one["properties"].pop("name", None)  # names of substations would cover those of isolation points beside them
    features = [*below, *_transformers(found), *_points(found)]
    body = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/geo+json")
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _transformers(found: PlanMap) -> Iterator[network.Feature]:
    for one in found.drawn.transformers:
        is_off = one.code in found.off
        state, told = ("dead", _("停电")) if is_off else ("live", _("有电"))
        yield _place(
            "transformer", state, f"{one.name}{in_brackets(one.code)} · {_customers(one)} · {told}",
            _("停电台区") if is_off else _("配变"), one.longitude_e6, one.latitude_e6,
        )  # fmt: skip


def _customers(one: MapTransformer) -> str:
    return ngettext("%(n)d 户", "%(n)d 户", one.customers) % {"n": one.customers}


def _points(found: PlanMap) -> Iterator[network.Feature]:
    for one in found.points:
        name = f"{words.ISOLATION[one.kind]} {one.name}"
        feature = _place(
            "outage", STATES[one.kind], f"{name}{in_brackets(one.code)}", _("隔离点"), one.longitude_e6, one.latitude_e6
        )
        feature["properties"]["name"] = name
        yield feature


def _place(kind: str, state: str, label: str, layer: str, longitude_e6: int, latitude_e6: int) -> network.Feature:
    geometry = {
        "type": "Point",
        "coordinates": [round(longitude_e6 / network.E6, 5), round(latitude_e6 / network.E6, 5)],
    }
    return {
        "type": "Feature", "geometry": geometry,
        "properties": {"kind": kind, "state": state, "label": label, "layer": layer},
    }  # fmt: skip
