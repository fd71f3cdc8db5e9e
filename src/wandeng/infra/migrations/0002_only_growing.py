"""Histories, the operation log and used rule texts are never changed or deleted."""

from django.db import migrations

from wandeng.infra import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("infra", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
