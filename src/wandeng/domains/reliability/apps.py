"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class ReliabilityConfig(AppConfig):
    name = "wandeng.domains.reliability"
    label = "reliability"
