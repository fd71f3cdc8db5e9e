"""What was bought, and what it cost."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

SOURCES = ["GRID", "SMALL_HYDRO", "SOLAR", "WIND", "DIRECT", "OTHER"]


class EnergyPurchase(models.Model):
    """Energy purchase 购电结算 of a unit, month and supplier. A correction is a new row; the old one stays, no longer
    current."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7, help_text="YYYY-MM in which the energy flowed")
    source = models.CharField(max_length=16)
    supplier = models.CharField(max_length=64)
    energy_ckwh = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    document_number = models.CharField(max_length=64)
    revision = models.SmallIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    reason = models.CharField(max_length=500, blank=True, help_text="why it was corrected")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="purchase_source_known"),
            models.CheckConstraint(condition=Q(energy_ckwh__gte=0), name="purchase_energy_not_negative"),
            models.CheckConstraint(condition=Q(revision=0) | ~Q(reason=""), name="purchase_correction_has_reason"),
            models.UniqueConstraint(
                fields=["unit", "month", "source", "supplier", "revision"], name="purchase_revision_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "month", "source", "supplier"],
                condition=Q(is_current=True),
                name="purchase_one_current",
            ),
        ]
