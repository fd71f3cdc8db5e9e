"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class RationingConfig(AppConfig):
    name = "wandeng.domains.rationing"
    label = "rationing"
