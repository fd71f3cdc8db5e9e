from django.apps import AppConfig


class InfraConfig(AppConfig):
    name = "wandeng.infra"
    label = "infra"
