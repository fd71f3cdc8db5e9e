"""On PostgreSQL the guards look after the references of lines, a statement at a time; its own foreign keys did so row by
row, with a lock on every account. SQLite keeps its foreign keys."""

from django.db import migrations

from wandeng.domains.ledger import guards

_DROP = """
DO $$ DECLARE key name; BEGIN
  FOR key IN SELECT conname FROM pg_constraint WHERE conrelid = 'ledger_entryline'::regclass AND contype = 'f' LOOP
    EXECUTE format('ALTER TABLE ledger_entryline DROP CONSTRAINT %I', key);
  END LOOP;
END $$
"""
_ADD = """
ALTER TABLE ledger_entryline
  ADD FOREIGN KEY (entry_id) REFERENCES ledger_entry (id) DEFERRABLE INITIALLY DEFERRED,
  ADD FOREIGN KEY (account_id) REFERENCES customers_customeraccount (id) DEFERRABLE INITIALLY DEFERRED
"""


def by_statement(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        guards.remove(schema_editor.connection)
        guards.install(schema_editor.connection)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_DROP)


def by_row(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_ADD)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]
    operations = [migrations.RunPython(by_statement, by_row)]
