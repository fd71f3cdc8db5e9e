"""For how long what proves a case is kept: what must not be destroyed, and what was, by two persons."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

DESTRUCTION_STATES = ("PROPOSED", "DONE", "REFUSED", "WITHDRAWN")


class EvidenceHold(models.Model):
    """Evidence hold 证据保全: until it is released, nothing that proves the case is destroyed, whatever its years say."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=200)
    held_at = models.DateTimeField()
    held_by = models.CharField(max_length=64)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(released_at__isnull=True), name="evidencehold_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by="")
                | (Q(released_at__isnull=False) & ~Q(released_by="")),
                name="evidencehold_released_by_somebody",
            ),
        ]


class EvidenceDestruction(models.Model):
    """Evidence destruction 证据销毁: proposed by one, approved by another. ``what`` lists each destroyed file by kind, step and
    the hash of its content, so that a copy that turns up can be recognized."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="destructions")
    state = models.CharField(max_length=12, default="PROPOSED")
    reason = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=64)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, null=True)
    note = models.CharField(max_length=200, blank=True)
    what = models.TextField(default="{}", help_text="JSON: files, each with kind, step, hash")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DESTRUCTION_STATES), name="evidencedestruction_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="evidencedestruction_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DONE", "REFUSED"]) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="evidencedestruction_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="PROPOSED"), name="evidencedestruction_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="evidencedestruction_open")]
