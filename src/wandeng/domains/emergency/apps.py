"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "wandeng.domains.emergency"
    label = "emergency"
