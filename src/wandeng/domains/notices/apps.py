from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "wandeng.domains.notices"
    label = "notices"
