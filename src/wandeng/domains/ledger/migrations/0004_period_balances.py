"""What stood on each account when a month was closed, kept as it was."""

import django.db.models.deletion
from django.db import migrations, models

from wandeng.domains.ledger import guards


def guard(apps, schema_editor):
    guards.remove(schema_editor.connection)
    guards.install(schema_editor.connection)


def unguard(apps, schema_editor):
    guards.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_references_by_statement")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard),
        migrations.CreateModel(
            name="PeriodBalance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ledger_account", models.CharField(max_length=48)),
                ("balance_fen", models.BigIntegerField()),
                (
                    "close",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="balances",
                        to="ledger.periodclose",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("close", "ledger_account"), name="periodbalance_once")
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
