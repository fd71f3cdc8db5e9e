"""Addresses of the channels: where providers call back, and the demo cashier."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.channels import texts, voice
from wandeng.interfaces.channels.payments import callbacks, cashier

app_name = "channels"

urlpatterns = [
    path("ivr/", voice.take, name="ivr"),
    path("ivr/outbound/", voice.take_outbound, name="ivr-outbound"),
    path("ivr/outbound/ended/", voice.end_outbound, name="ivr-outbound-ended"),
    path("sms/", texts.take, name="sms"),
    path("payments/<str:channel>/", callbacks.take, name="payment"),
    path("cashier/<str:number>/", cashier.show, name="cashier"),
    path("cashier/<str:number>/play/", cashier.play, name="cashier-play"),
]
