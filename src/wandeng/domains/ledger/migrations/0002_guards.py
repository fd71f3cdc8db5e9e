"""The database itself refuses an unbalanced entry and any change to a posted one, on both stores."""

from django.db import migrations

from wandeng.domains.ledger import guards


def install(apps, schema_editor):
    guards.install(schema_editor.connection)


def remove(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
