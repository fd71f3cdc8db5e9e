from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "wandeng.interfaces.console"
    label = "console"
