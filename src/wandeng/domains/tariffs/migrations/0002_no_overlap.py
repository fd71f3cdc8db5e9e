"""Terms of a usage point never overlap: the database itself refuses it, on both stores."""

from django.db import migrations

_EXCLUSION = """
    ALTER TABLE tariffs_priceassignment ADD CONSTRAINT priceassignment_no_overlap EXCLUDE USING gist (
        int8range(usage_point_id, usage_point_id, '[]') WITH &&, daterange(valid_from, valid_to) WITH &&
    )
"""
# Ranges have their own index class, so that no extension is needed to compare the id beside the dates.

_TRIGGER = """
    CREATE TRIGGER priceassignment_no_overlap_{verb} BEFORE {verb} ON tariffs_priceassignment
    WHEN EXISTS (
        SELECT 1 FROM tariffs_priceassignment t WHERE t.usage_point_id = NEW.usage_point_id AND t.id <> NEW.id
        AND t.valid_from < NEW.valid_to AND t.valid_to > NEW.valid_from
    )
    BEGIN SELECT RAISE(ABORT, 'priceassignment_no_overlap'); END
"""


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_EXCLUSION)
    else:
        for verb in ("INSERT", "UPDATE"):
            schema_editor.execute(_TRIGGER.format(verb=verb))


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE tariffs_priceassignment DROP CONSTRAINT priceassignment_no_overlap")
    else:
        for verb in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER priceassignment_no_overlap_{verb}")


class Migration(migrations.Migration):
    dependencies = [("tariffs", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
