from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "wandeng.domains.connections"
    label = "connections"
