from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.network import feeder, overview, switching
from wandeng.interfaces.doorway.lists.network import (
    FEEDERS,
    OPERATIONS,
    POINTS,
    SUBSTATIONS,
    SWITCHES,
    TRANSFORMERS,
)

urlpatterns = [
    path("network/", overview.overview, name="network-overview"),
    path("network/map/", overview.show_map, name="network-map"),
    path("network/map.geojson", overview.geojson, name="network-geojson"),
    path("network/substations/", ListPage.as_view(definition=SUBSTATIONS), name="network-substations"),
    path("network/feeders/", ListPage.as_view(definition=FEEDERS), name="network-feeders"),
    path("network/feeders/<path:code>/", feeder.detail, name="network-feeder"),
    path("network/transformers/", ListPage.as_view(definition=TRANSFORMERS), name="network-transformers"),
    path("network/transformers/<path:code>/panel/", feeder.transformer_panel, name="network-transformer-panel"),
    path("network/transformers/<path:code>/", feeder.transformer, name="network-transformer"),
    path("network/switches/", ListPage.as_view(definition=SWITCHES), name="network-switches"),
    path("network/switches/<path:code>/panel/", switching.panel, name="network-switch-panel"),
    path("network/switches/<path:code>/what-if/", switching.what_if, name="network-what-if"),
    path("network/switches/<path:code>/operate/", switching.operate, name="network-operate"),
    path("network/switches/<path:code>/", switching.detail, name="network-switch"),
    path("network/operations/", ListPage.as_view(definition=OPERATIONS), name="network-operations"),
    path("network/points/", ListPage.as_view(definition=POINTS), name="network-points"),
]
