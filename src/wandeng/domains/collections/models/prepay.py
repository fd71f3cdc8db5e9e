"""Prepay (费控): agreements, what a day's readings come to, episodes of low balance, and what the bill then was.

The tables a night fills by the thousand carry no foreign key constraints; ``checks`` looks for orphans instead.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

STANDINGS = ("NORMAL", "WARNED", "OVERDRAWN", "CUT_ORDERED", "CUT")
"""Where a prepay account stands: without an open episode, in one, with an order out for it, without power."""


class PrepayAgreement(models.Model):
    """Prepay agreement 费控协议: the account pays in advance, is warned, and is cut and restored by its balance.

    ``as_of``, ``balance_fen``, ``warn_fen`` and ``gap`` are of the newest day that was run, for lists; what decides is
    computed anew (``balances``).
    """

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="prepay_agreements")
    state = models.CharField(max_length=8, default="ACTIVE")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="the first day without it")
    document = models.CharField(max_length=64, blank=True, help_text="number of the signed paper")
    agreed_warn_fen = models.BigIntegerField(null=True, help_text="a warning threshold of its own; null: by the rule")
    rule_path = models.CharField(max_length=255, help_text="the terms that were signed")
    rule_hash = models.CharField(max_length=64, blank=True)
    enrolled_by = models.CharField(max_length=64)
    enrolled_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    ended_by = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)
    as_of = models.DateField(null=True)
    balance_fen = models.BigIntegerField(null=True)
    warn_fen = models.BigIntegerField(null=True)
    gap = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["ACTIVE", "ENDED"]), name="prepayagreement_state_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="prepayagreement_forward"
            ),
            models.CheckConstraint(
                condition=Q(state="ACTIVE") | Q(valid_to__isnull=False, ended_at__isnull=False),
                name="prepayagreement_end_told",
            ),
            models.UniqueConstraint(fields=["account"], condition=Q(state="ACTIVE"), name="prepayagreement_one_active"),
        ]


class PrepayDay(models.Model):
    """Prepay day 测算日: the balance of an account by the readings of midnight before ``day`` begins; written once.

    ``estimate_fen`` prices what is used and not billed yet; ``day_fen`` is what was added to it since the day computed
    before; ``balance_fen = ledger_fen − estimate_fen``. A day that cannot be computed has a ``gap`` and no figures, and
    is filled in when the reading comes. Nothing of it is booked.
    """

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(
        PrepayAgreement, on_delete=models.PROTECT, related_name="days", db_index=False, db_constraint=False
    )
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="prepay_days", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    day = models.DateField()
    since_on = models.DateField(
        null=True, help_text="from when day_fen counts: the day computed before, for the first the last billed reading"
    )
    energy_ckwh = models.BigIntegerField(null=True, help_text="used and not billed")
    estimate_fen = models.BigIntegerField(null=True)
    day_ckwh = models.BigIntegerField(null=True)
    day_fen = models.BigIntegerField(null=True)
    ledger_fen = models.BigIntegerField(null=True, help_text="credit − open bills − late fees")
    balance_fen = models.BigIntegerField(null=True)
    warn_fen = models.BigIntegerField(null=True, help_text="below it the customer is warned")
    mean_fen = models.BigIntegerField(null=True, help_text="the mean charge of a day, of the days the rule looks at")
    standing = models.CharField(max_length=12, blank=True, help_text="where the account stood after the run")
    gap = models.CharField(max_length=32, blank=True, help_text="why it cannot be computed: a finding of rating")
    gap_on = models.DateField(null=True)
    doubt = models.CharField(
        max_length=32, blank=True, help_text="computed, but nobody is cut by it: JUMP, OVER_CAPACITY"
    )
    rule_path = models.CharField(max_length=255)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="prepayday_once"),
            models.CheckConstraint(
                condition=Q(gap="", balance_fen__isnull=False) | (~Q(gap="") & Q(balance_fen__isnull=True)),
                name="prepayday_known_or_explained",
            ),
            models.CheckConstraint(
                condition=Q(balance_fen__isnull=True) | Q(balance_fen=F("ledger_fen") - F("estimate_fen")),
                name="prepayday_balance_adds_up",
            ),
        ]
        indexes = [models.Index(fields=["day", "account"], name="prepayday_by_day")]


class PrepayEstimate(models.Model):
    """Prepay estimate 暂估: what of a day's estimate belongs to one bill month; the bill of that month ends it."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()
    month_index = models.IntegerField(help_text="kernel Month.index of the bill to come")
    period_from = models.DateField()
    period_to = models.DateField(help_text="the reading it goes to")
    energy_ckwh = models.BigIntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day", "month_index"], name="prepayestimate_once")]


class PrepayTrueUp(models.Model):
    """Prepay true-up 清算: the estimate that stood last for a month against its bill, and why they differ; written by the
    first run after the bill was posted. The bill is what is owed; nothing is booked here."""

    id = models.BigAutoField(primary_key=True)
    agreement = models.ForeignKey(
        PrepayAgreement, on_delete=models.PROTECT, related_name="true_ups", db_index=False, db_constraint=False
    )
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="prepay_true_ups", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    month_index = models.IntegerField()
    estimated_on = models.DateField(help_text="the last day that was estimated")
    estimated_to = models.DateField(help_text="the reading it went to")
    estimate_ckwh = models.BigIntegerField()
    estimate_fen = models.BigIntegerField()
    billed_to = models.DateField()
    bill_ckwh = models.BigIntegerField()
    bill_fen = models.BigIntegerField()
    difference_fen = models.BigIntegerField()
    reason = models.CharField(max_length=16)
    settled_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "month_index"], name="prepaytrueup_once"),
            models.CheckConstraint(
                condition=Q(reason__in=["SAME", "LATER_USE", "READING", "PRICE", "CORRECTED"]),
                name="prepaytrueup_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(difference_fen=F("bill_fen") - F("estimate_fen")), name="prepaytrueup_adds_up"
            ),
        ]
        indexes = [models.Index(fields=["month_index", "account"], name="prepaytrueup_by_month")]


class PrepayEpisode(models.Model):
    """Prepay episode 余额不足事件: from the balance below the warning threshold until it is above it again. The customer
    is warned once in it, and told again each time the balance is overdrawn; grace runs from when that reached them."""

    id = models.BigIntegerField(primary_key=True)
    agreement = models.ForeignKey(PrepayAgreement, on_delete=models.PROTECT, related_name="episodes")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="prepay_episodes")
    state = models.CharField(max_length=12, default="WARNED")
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    warned_key = models.CharField(max_length=128, help_text="the notice of the warning")
    overdrawn_on = models.DateField(null=True)
    overdrawn_at = models.DateTimeField(null=True)
    overdrawn_key = models.CharField(max_length=128, blank=True, help_text="the notice of the overdraft")
    overdrafts = models.SmallIntegerField(default=0)
    as_of = models.DateField()
    balance_fen = models.BigIntegerField(help_text="of the newest run or payment")
    lowest_fen = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=12, blank=True, help_text="TOPPED_UP, RECOVERED, ENDED")
    rule_path = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["WARNED", "OVERDRAWN", "CLOSED"]), name="prepayepisode_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="OVERDRAWN") | Q(overdrawn_at__isnull=False),
                name="prepayepisode_overdrawn_since",
            ),
            models.CheckConstraint(
                condition=Q(closed_as__in=["", "TOPPED_UP", "RECOVERED", "ENDED"]), name="prepayepisode_end_known"
            ),
            models.UniqueConstraint(fields=["agreement"], condition=~Q(state="CLOSED"), name="prepayepisode_one_open"),
        ]
        indexes = [models.Index(fields=["state", "opened_on"], name="prepayepisode_board")]
