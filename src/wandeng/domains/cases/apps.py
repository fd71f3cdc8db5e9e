from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wandeng.domains.cases"
    label = "cases"
