"""The database itself refuses to change the text of an approved version, on both stores."""

from django.db import migrations

from wandeng.domains.knowledge import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
