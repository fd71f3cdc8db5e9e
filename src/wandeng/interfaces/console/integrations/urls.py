from __future__ import annotations

from django.urls import path

from wandeng.interfaces.console.integrations import doctor, webhooks
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway.lists.integrations import DELIVERIES, ENDPOINTS

urlpatterns = [
    path(
        "integrations/",
        ListPage.as_view(definition=ENDPOINTS, template="console/integrations/list.html"),
        name="integrations-list",
    ),
    path("integrations/new/", webhooks.NewPage.as_view(), name="integrations-new"),
    path(
        "integrations/deliveries/",
        ListPage.as_view(definition=DELIVERIES, template="console/integrations/deliveries.html"),
        name="integrations-deliveries",
    ),
    path("integrations/deliveries/<int:delivery>/", webhooks.delivery_page, name="integrations-delivery"),
    path("integrations/deliveries/<int:delivery>/replay/", webhooks.replay, name="integrations-replay"),
    path("integrations/<int:endpoint>/", webhooks.detail, name="integrations-detail"),
    path("integrations/<int:endpoint>/change/", webhooks.ChangePage.as_view(), name="integrations-change"),
    path("integrations/<int:endpoint>/switch/", webhooks.switch, name="integrations-switch"),
    path("integrations/<int:endpoint>/rotate/", webhooks.rotate, name="integrations-rotate"),
    path("integrations/<int:endpoint>/ping/", webhooks.ping, name="integrations-ping"),
    path("integrations/<int:endpoint>/replay/", webhooks.replay_range, name="integrations-replay-range"),
    path("doctor/", doctor.doctor_page, name="integrations-doctor"),
]
