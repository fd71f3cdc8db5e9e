"""An index of the few payments that were reversed: their list read every payment of the units it was asked for."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("payments", "0008_payment_order")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                fields=["unit", "received_on", "id"], name="payment_reversed", condition=Q(state="REVERSED")
            ),
        ),
    ]
