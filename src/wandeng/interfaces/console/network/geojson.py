"""The network as GeoJSON features with what the map wants to know of each (``frontend/src/map.js``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wandeng.domains.network.types import MapLine, MapSwitch, MapTransformer, NetworkMap
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets
from wandeng.interfaces.doorway.words import network as words

E6 = 1_000_000
Feature = dict[str, Any]


def collection(drawn: NetworkMap) -> dict[str, Any]:
    """A FeatureCollection, what lies below first."""
    features = [
        *(_line(line) for line in drawn.lines),
        *(_transformer(transformer) for transformer in drawn.transformers),
        *(_switch(switch) for switch in drawn.switches),
        *_substations(drawn),
        *_important(drawn),
    ]
    return {"type": "FeatureCollection", "features": features}


def _degrees(place: tuple[int, int]) -> list[Any]:
    """Longitude and latitude to the fifth decimal, about a metre."""
    return [round(place[0] / E6, 5), round(place[1] / E6, 5)]


def _feature(kind: str, geometry: Feature, **properties: Any) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": {"kind": kind, **properties}}


def _point(longitude: int, latitude: int) -> Feature:
    return {"type": "Point", "coordinates": _degrees((longitude, latitude))}


def _line(line: MapLine) -> Feature:
    geometry = {"type": "MultiLineString", "coordinates": [[_degrees(a), _degrees(b)] for a, b in line.spans]}
    if line.is_open:
        state, told, layer = "planned", _("开断的一段"), _("开断处")
    elif not line.fed_code:
        state, told, layer = "dead", _("停电"), _("线路")
    elif line.fed_code != line.home_code:
        state, told, layer = "other", _("由 %(name)s 转供") % {"name": line.fed_name}, _("线路")
    else:
        state, told, layer = "live", _("带电"), _("线路")
    label = f"{line.home_name}{in_brackets(line.home_code)} · {told}"
    href = reverse("console:network-feeder", args=[line.home_code])
    return _feature("line", geometry, state=state, label=label, layer=layer, href=href)


def _switch(switch: MapSwitch) -> Feature:
    position = words.POSITIONS[str(switch.is_open)]
    told = _("%(position)s位") % {"position": position}
    if switch.is_open != switch.normal_open:
        told += _("，与正常方式不符")
    state = "open" if switch.is_open else "closed"
    label = f"{switch.name}{in_brackets(switch.code)} · {words.SWITCH_KINDS[switch.kind]} · {told}"
    url = reverse("console:network-switch-panel", args=[switch.code])
    geometry = _point(switch.longitude_e6, switch.latitude_e6)
    return _feature("switch", geometry, state=state, label=label, layer=_("开关"), url=url)


def _transformer(transformer: MapTransformer) -> Feature:
    told = ngettext("%(n)d 户", "%(n)d 户", transformer.customers) % {"n": transformer.customers}
    if not transformer.fed_by:
        told += _("，停电")
    state = "live" if transformer.fed_by else "dead"
    label = f"{transformer.name}{in_brackets(transformer.code)} · {words.OWNERSHIPS[transformer.ownership]} · {told}"
    url = reverse("console:network-transformer-panel", args=[transformer.code])
    geometry = _point(transformer.longitude_e6, transformer.latitude_e6)
    return _feature("transformer", geometry, state=state, label=label, layer=_("配变"), url=url)


def _substations(drawn: NetworkMap) -> Iterator[Feature]:
    for station in drawn.substations:
        geometry = _point(station.longitude_e6, station.latitude_e6)
        yield _feature("substation", geometry, state="info", name=station.name, label=station.name, layer=_("变电站"))


def _important(drawn: NetworkMap) -> Iterator[Feature]:
    for customer in drawn.important:
        geometry = _point(customer.longitude_e6, customer.latitude_e6)
        label = _("重要用户 %(name)s") % {"name": customer.name}
        href = reverse("console:customers-detail", args=[customer.code])
        yield _feature("customer", geometry, state="warn", label=label, layer=_("重要用户"), href=href)
