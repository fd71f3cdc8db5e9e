from django.apps import AppConfig


class PurchasesConfig(AppConfig):
    name = "wandeng.domains.purchases"
    label = "purchases"
