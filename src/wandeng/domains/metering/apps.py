from django.apps import AppConfig


class MeteringConfig(AppConfig):
    name = "wandeng.domains.metering"
    label = "metering"
