"""How calls are grouped while a storm lasts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class StormGrouping(models.Model):
    """Storm grouping 风暴归并门限: in a unit and all below it, other thresholds than the dated rule's stand until they are lifted.
    What orders them is the storm mode of the domain above."""

    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    window_minutes = models.IntegerField()
    transformer_cases = models.IntegerField()
    feeder_transformers = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit"], condition=Q(until__isnull=True), name="stormgrouping_one_a_unit"),
            models.CheckConstraint(
                condition=Q(window_minutes__gt=0, transformer_cases__gt=0, feeder_transformers__gt=1),
                name="stormgrouping_positive",
            ),
        ]
