from django.apps import AppConfig


class TariffsConfig(AppConfig):
    name = "wandeng.domains.tariffs"
    label = "tariffs"
