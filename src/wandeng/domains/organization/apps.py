from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "wandeng.domains.organization"
    label = "organization"
