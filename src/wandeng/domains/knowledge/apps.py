from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "wandeng.domains.knowledge"
    label = "knowledge"
