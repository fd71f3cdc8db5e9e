from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "wandeng.domains.customers"
    label = "customers"
