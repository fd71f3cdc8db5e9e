"""Sums of the shards that are posted already, and of what the ledger has of their bills; from now on they write themselves."""

from django.db import migrations

from wandeng.domains.billing import moves
from wandeng.domains.billing.frames import sums

_SHARDS = "SELECT id, month_index, first_bill_id, first_bill_id + bill_ids FROM billing_billshard WHERE stage = 'POSTED'"
_TABLES = (
    ("billing_shardsale", "unit_id, customer_class, energy_ckwh, amount_fen, fed_ckwh, fed_fen", sums.SALES),
    ("billing_shardpricesale", "unit_id, price_code, energy_ckwh, amount_fen", sums.AT_PRICE),
)


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(_SHARDS)
        for shard_id, month, first, end in cursor.fetchall():
            for (table, columns, question), params in zip(_TABLES, sums.given(first, end), strict=True):
                cursor.execute(
                    f"INSERT INTO {table} (shard_id, month_index, {columns}) "
                    f"SELECT {int(shard_id)}, {int(month)}, {columns} FROM ({question.replace('?', '%s')}) AS sums",
                    params,
                )
    moves.recount(schema_editor.connection)
    moves.install(schema_editor.connection)


def forget(apps, schema_editor):
    moves.remove(schema_editor.connection)
    with schema_editor.connection.cursor() as cursor:
        for table in ("billing_shardsale", "billing_shardpricesale", "billing_monthmove"):
            cursor.execute(f"DELETE FROM {table}")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0003_sums"),
        ("customers", "0003_contact_assigned"),
        ("ledger", "0005_earned"),
        ("tariffs", "0002_no_overlap"),
    ]
    operations = [migrations.RunPython(fill, forget)]
