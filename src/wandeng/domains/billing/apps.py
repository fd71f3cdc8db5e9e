from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "wandeng.domains.billing"
    label = "billing"
