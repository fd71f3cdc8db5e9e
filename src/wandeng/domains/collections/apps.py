from django.apps import AppConfig


class CollectionsConfig(AppConfig):
    name = "wandeng.domains.collections"
    label = "collections"
