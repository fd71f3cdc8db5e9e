"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class VoltageConfig(AppConfig):
    name = "wandeng.domains.voltage"
    label = "voltage"
