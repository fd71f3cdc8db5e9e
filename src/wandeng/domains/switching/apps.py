"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class SwitchingConfig(AppConfig):
    name = "wandeng.domains.switching"
    label = "switching"
