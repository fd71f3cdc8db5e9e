"""Which door answers which address."""

from __future__ import annotations

from django.urls import include, path

from wandeng.config import health
from wandeng.interfaces.api import app

urlpatterns = [
    path("", health.root, name="root"),
    path("health", health.health, name="health"),
    path("api/v1/", app.load().urls),
    path("channels/", include("wandeng.interfaces.channels.urls", namespace="channels")),
    path("track/", include("wandeng.interfaces.portal.urls", namespace="portal")),
    path("my/", include("wandeng.interfaces.portal.my.urls", namespace="my")),
    path("power/", include("wandeng.interfaces.portal.power_urls", namespace="power")),
    path("hall/", include("wandeng.interfaces.portal.halls_urls", namespace="hall")),
    path("boards/", include("wandeng.interfaces.portal.boards_urls", namespace="board")),
    path("outlets/", include("wandeng.interfaces.portal.outlets_urls", namespace="outlets")),
    path("status/", include("wandeng.interfaces.portal.status_urls", namespace="status")),
    path("console/", include("wandeng.interfaces.console.urls", namespace="console")),
]

handler400 = "wandeng.interfaces.doorway.errors.malformed"
handler404 = "wandeng.interfaces.doorway.errors.not_found"
handler500 = "wandeng.interfaces.doorway.errors.failed"
