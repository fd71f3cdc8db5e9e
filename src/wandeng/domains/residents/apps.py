"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "wandeng.domains.residents"
    label = "residents"
