"""App configuration; importing this package alone pulls in nothing."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "wandeng.domains.conversations"
    label = "conversations"
