from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "wandeng.interfaces.portal"
    label = "portal"
