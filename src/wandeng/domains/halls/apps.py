"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class HallsConfig(AppConfig):
    name = "wandeng.domains.halls"
    label = "halls"
