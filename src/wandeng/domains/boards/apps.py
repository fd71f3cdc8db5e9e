"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class BoardsConfig(AppConfig):
    name = "wandeng.domains.boards"
    label = "boards"
