"""Deposits held for an account, and plans to pay arrears in parts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Deposit(models.Model):
    """Deposit 电费保证金 taken (positive) or given back to the account's credit (negative), once by ``key``."""

    key = models.CharField(max_length=128, unique=True)
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="deposits")
    amount_fen = models.BigIntegerField()
    on = models.DateField()
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount_fen=0), name="deposit_not_zero")]


class InstalmentPlan(models.Model):
    """Instalment plan 分期付款协议 for an account's arrears: while it is kept, nobody duns for them."""

    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="instalment_plans")
    owed_fen = models.BigIntegerField(help_text="arrears with late fee on the day it was made")
    made_on = models.DateField()
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    reason = models.TextField()
    state = models.CharField(max_length=12, default="ACTIVE")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["ACTIVE", "KEPT", "BROKEN", "CANCELLED"]), name="instalmentplan_state_known"
            ),
            models.UniqueConstraint(fields=["account"], condition=Q(state="ACTIVE"), name="instalmentplan_one_active"),
        ]


class InstalmentPart(models.Model):
    """Instalment 分期: one part of a plan and the last day to pay it."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="parts")
    number = models.SmallIntegerField()
    due_on = models.DateField()
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="instalmentpart_number"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="instalmentpart_above_zero"),
        ]
