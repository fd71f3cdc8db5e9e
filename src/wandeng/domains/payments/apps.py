from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "wandeng.domains.payments"
    label = "payments"
