"""Indexes that hold payments in the order in which they are listed: newest day first, among equals the newest number."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("payments", "0007_suspense_second_person")]
    operations: ClassVar = [
        migrations.RemoveIndex(model_name="payment", name="payment_by_unit"),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["unit", "received_on", "id"], name="payment_listed_by_unit"),
        ),
        migrations.AddIndex(
            model_name="payment", index=models.Index(fields=["received_on", "id"], name="payment_listed")
        ),
    ]
