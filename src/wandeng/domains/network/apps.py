from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "wandeng.domains.network"
    label = "network"
