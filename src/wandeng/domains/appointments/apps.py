from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "wandeng.domains.appointments"
    label = "appointments"
