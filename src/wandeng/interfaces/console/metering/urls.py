from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.metering import exchange, held, meters, routes
from wandeng.interfaces.doorway.lists.metering import HELD, LATE, METERS, REREADS, ROUTES, STOCK

urlpatterns = [
    path("metering/routes/", routes.RoutesPage.as_view(definition=ROUTES), name="metering-routes"),
    path("metering/routes/<path:code>/", routes.sheet, name="metering-route"),
    path("metering/sheets/<int:installation>/<str:day>/", routes.enter, name="metering-enter"),
    path("metering/held/", ListPage.as_view(definition=HELD), name="metering-held"),
    path("metering/held/<int:reading>/", held.detail, name="metering-held-reading"),
    path("metering/held/<int:reading>/<str:verb>/", held.decide, name="metering-decide"),
    path("metering/rereads/", ListPage.as_view(definition=REREADS), name="metering-rereads"),
    path("metering/rereads/<int:order>/", held.reread, name="metering-reread"),
    path("metering/late/", ListPage.as_view(definition=LATE), name="metering-late"),
    path("metering/meters/", ListPage.as_view(definition=METERS), name="metering-meters"),
    path("metering/stock/", ListPage.as_view(definition=STOCK), name="metering-stock"),
    path("metering/meters/<str:asset>/", meters.detail, name="metering-meter"),
    path("metering/meters/<str:asset>/curve/", meters.curve, name="metering-curve"),
    path("metering/meters/<str:asset>/exchange/", exchange.ExchangePage.as_view(), name="metering-exchange"),
]
