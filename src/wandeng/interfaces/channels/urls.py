"""Addresses of the channels: where providers call back, and the demo cashier."""

from __future__ import annotations

from django.urls import path

from wandeng.interfaces.channels import texts, voice
from wandeng.interfaces.channels.payments import callbacks, cashier

app_name = "channels"

urlpatterns = [
    path("ivr/", voice.take, name="ivr"),
    path("sms/", texts.take, name="sms"),
    path("payments/<str:channel>/", callbacks.take, name="payment"),
    path("cashier/<str:number>/", cashier.show, name="cashier"),
    path("cashier/<str:number>/play/", cashier.play, name="cashier-play"),
]
