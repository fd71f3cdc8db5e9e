"""What can be found, and the pairs of characters it is found by."""

from django.db import migrations, models
from django.db.models import Q

from wandeng.infra.search import storage

PATTERN = ["varchar_pattern_ops", "int8_ops"]


def install(apps, schema_editor):
    storage.install(schema_editor.connection)


def remove(apps, schema_editor):
    storage.remove(schema_editor.connection)


def partial(column):
    condition = Q(**{f"{column}__isnull": False})
    return models.Index(
        fields=[column, "unit_id"], opclasses=PATTERN, condition=condition, name=f"search_{column}"
    )


class Migration(migrations.Migration):
    dependencies = [("infra", "0003_operating")]
    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("code", models.CharField(max_length=64)),
                (
                    "tail",
                    models.CharField(
                        help_text="the code backwards, where people know its end", max_length=64, null=True
                    ),
                ),
                ("name", models.CharField(max_length=256, null=True)),
                (
                    "initials",
                    models.CharField(help_text="first letters of the name's pinyin", max_length=256, null=True),
                ),
                ("place", models.CharField(help_text="address or area", max_length=256, null=True)),
            ],
            options={
                "verbose_name_plural": "search entries",
                "indexes": [
                    models.Index(fields=["code", "unit_id"], opclasses=PATTERN, name="search_code"),
                    partial("tail"),
                    partial("name"),
                    partial("initials"),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
