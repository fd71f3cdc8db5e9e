"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class OutletsConfig(AppConfig):
    name = "wandeng.domains.outlets"
    label = "outlets"
