"""Permits to work on a customer's equipment: issued by one, worked under by another, each precondition seen by somebody."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

PERMIT_STATES = ("DRAFT", "ISSUED", "CLOSED", "WITHDRAWN")


class WorkPermit(models.Model):
    """Work permit 工作票: leave to do one step of a case at a customer's equipment, between two times. ``checklist`` is the
    dated list it was written by; ``dangers`` what may hurt, as that list and whoever wrote it said."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    state = models.CharField(max_length=12, default="DRAFT")
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="permits")
    step = models.CharField(max_length=32)
    job = models.CharField(max_length=32, help_text="code of the kind of work in the checklist")
    checklist_path = models.CharField(max_length=255)
    checklist_hash = models.CharField(max_length=64)
    work = models.CharField(max_length=200, help_text="what is to be done")
    dangers = models.TextField(default="[]", help_text="JSON: code, words")
    worker = models.CharField(max_length=64, help_text="who is in charge of the work 工作负责人")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=64)
    issuer = models.CharField(max_length=64, null=True, help_text="who gave leave 工作票签发人")
    issued_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=64, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PERMIT_STATES), name="permit_state_known"),
            models.CheckConstraint(
                condition=Q(issuer__isnull=True) | ~Q(issuer=F("worker")), name="permit_issuer_is_another"
            ),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="permit_valid_forward"),
            models.CheckConstraint(
                condition=~Q(state__in=["ISSUED", "CLOSED"]) | Q(issuer__isnull=False, issued_at__isnull=False),
                name="permit_issued_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CLOSED", "WITHDRAWN"]) | Q(closed_at__isnull=False),
                name="permit_ended_has_time",
            ),
            models.UniqueConstraint(
                fields=["case", "step"], condition=Q(state__in=["DRAFT", "ISSUED"]), name="permit_one_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_to"], name="permit_open")]


class PermitCheck(models.Model):
    """Permit check 安全措施: a precondition of a permit, and who saw it done when."""

    permit = models.ForeignKey(WorkPermit, on_delete=models.PROTECT, related_name="checks")
    place = models.SmallIntegerField()
    code = models.CharField(max_length=32)
    words_zh = models.CharField(max_length=200)
    words_en = models.CharField(max_length=200)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["permit", "code"], name="permitcheck_once"),
            models.CheckConstraint(
                condition=Q(seen_at__isnull=True, seen_by="") | (Q(seen_at__isnull=False) & ~Q(seen_by="")),
                name="permitcheck_seen_by_somebody",
            ),
        ]
