from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "wandeng.domains.ledger"
    label = "ledger"
