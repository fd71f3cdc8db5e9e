"""Switching sheets, their steps, and what their check found."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.switching.states import SHEET
from wandeng.domains.switching.types import OF_TRANSFORMERS, SWITCHED, SheetWarning, StepAction


class SwitchingSheet(models.Model):
    """Switching sheet 操作票 (CIM SwitchingPlan): steps in their order, who wrote, checked, issued and executed them. ``outage``
    and ``incident`` are numbers of what it serves."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    feeder = models.ForeignKey("network.Feeder", null=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200)
    outage = models.CharField(max_length=24, blank=True)
    incident = models.CharField(max_length=24, blank=True)
    state = models.CharField(max_length=12, default="DRAFT")
    written_by = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    checked_by = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True)
    issued_by = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True)
    operator = models.CharField(max_length=64, blank=True, help_text="操作人")
    guardian = models.CharField(max_length=64, blank=True, help_text="监护人")
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    voided_by = models.CharField(max_length=64, blank=True)
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SHEET.states), name="switchingsheet_state_known"),
            models.CheckConstraint(
                condition=Q(checked_by="") | ~Q(checked_by=F("written_by")), name="switchingsheet_checked_by_another"
            ),
            models.CheckConstraint(
                condition=Q(operator="") | ~Q(operator=F("guardian")), name="switchingsheet_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["CHECKED", "ISSUED", "EXECUTING", "DONE"]) | Q(checked_at__isnull=False),
                name="switchingsheet_checked_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ISSUED", "EXECUTING", "DONE"]) | Q(issued_at__isnull=False),
                name="switchingsheet_issued_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["EXECUTING", "DONE"]) | ~Q(guardian=""), name="switchingsheet_guarded"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["DONE", "VOIDED"]) | Q(ended_at__isnull=False), name="switchingsheet_ended_at"
            ),
            models.CheckConstraint(
                condition=~Q(state="VOIDED") | ~Q(void_reason=""), name="switchingsheet_voided_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "written_at"], name="switchingsheet_by_state"),
            models.Index(fields=["outage"], name="switchingsheet_by_outage"),
        ]


class SwitchingStep(models.Model):
    """Switching step 操作步骤 (CIM SwitchAction): done by two persons in its order, or skipped by the issuer for a reason. ``key`` is
    what the answer was asked with: the same again does nothing."""

    id = models.BigIntegerField(primary_key=True)
    sheet = models.ForeignKey(SwitchingSheet, on_delete=models.CASCADE, related_name="steps")
    place = models.IntegerField()
    action = models.CharField(max_length=12)
    switch = models.ForeignKey("network.Switch", null=True, on_delete=models.PROTECT, related_name="+")
    transformer = models.ForeignKey("network.PowerTransformer", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200, blank=True)
    expected = models.CharField(max_length=8, blank=True, help_text="OPEN, CLOSED: how the switch stands before")
    done_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=64, blank=True)
    operator = models.CharField(max_length=64, blank=True)
    guardian = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=64, blank=True)
    skipped_at = models.DateTimeField(null=True)
    skipped_by = models.CharField(max_length=64, blank=True)
    skip_reason = models.CharField(max_length=500, blank=True)
    off = models.IntegerField(default=0, help_text="areas that lost supply by it")
    back = models.IntegerField(default=0, help_text="areas that got supply by it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "place"], name="switchingstep_place_once"),
            models.CheckConstraint(
                condition=Q(action__in=[str(one) for one in StepAction]), name="switchingstep_action_known"
            ),
            models.CheckConstraint(
                condition=Q(expected__in=["OPEN", "CLOSED", ""]), name="switchingstep_expected_known"
            ),
            models.CheckConstraint(
                condition=Q(switch__isnull=False) | ~Q(action__in=[str(one) for one in SWITCHED]),
                name="switchingstep_has_switch",
            ),
            models.CheckConstraint(
                condition=Q(transformer__isnull=False) | ~Q(action__in=[str(one) for one in OF_TRANSFORMERS]),
                name="switchingstep_has_transformer",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(skipped_at__isnull=True), name="switchingstep_done_or_skipped"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(operator=F("guardian")), name="switchingstep_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(skipped_at__isnull=True) | ~Q(skip_reason=""), name="switchingstep_skipped_for_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["transformer", "done_at"], name="switchingstep_taken_out")]


class SwitchingFinding(models.Model):
    """Finding of a sheet's check 操作票校核结果: it forbids the sheet, or is answered for with a reason. ``facts``: JSON."""

    id = models.BigIntegerField(primary_key=True)
    sheet = models.ForeignKey(SwitchingSheet, on_delete=models.CASCADE, related_name="findings")
    place = models.IntegerField(help_text="the step, 0: the sheet")
    code = models.CharField(max_length=24)
    forbids = models.BooleanField()
    facts = models.TextField()
    acknowledged_by = models.CharField(max_length=64, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "place", "code"], name="switchingfinding_once"),
            models.CheckConstraint(
                condition=Q(code__in=[str(one) for one in SheetWarning]), name="switchingfinding_code_known"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_by="") | ~Q(acknowledged_reason=""), name="switchingfinding_reason_given"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_by="") | Q(forbids=False), name="switchingfinding_forbids_for_good"
            ),
        ]
