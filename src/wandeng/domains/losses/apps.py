"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class LossesConfig(AppConfig):
    name = "wandeng.domains.losses"
    label = "losses"
