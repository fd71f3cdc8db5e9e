from django.apps import AppConfig


class DoorwayConfig(AppConfig):
    name = "wandeng.interfaces.doorway"
    label = "doorway"
