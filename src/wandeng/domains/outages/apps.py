"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class OutagesConfig(AppConfig):
    name = "wandeng.domains.outages"
    label = "outages"
