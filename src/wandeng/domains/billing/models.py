"""Bill runs and what they make. Bills are written once; a correction is a new bill that refers to the old one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class BillRun(models.Model):
    """Bill run 核算批次 of a unit's subtree and month: inputs frozen once, priced by shard, approved by a second person."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="bill_runs")
    month = models.CharField(max_length=7)
    sequence = models.SmallIntegerField(help_text="1 the ordinary run, 2… take what was parked or came late")
    kind = models.CharField(max_length=16, default="ORDINARY", help_text="ORDINARY, CORRECTION")
    state = models.CharField(max_length=16, default="OPEN")
    book_hash = models.CharField(max_length=64, blank=True, help_text="hash of the frozen price book file")
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    gate_findings = models.TextField(blank=True, help_text="JSON list: what the run-level check found")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month", "sequence"], name="billrun_sequence"),
            models.UniqueConstraint(
                fields=["unit", "month"],
                condition=~Q(state__in=["PUBLISHED", "DISCARDED"]),
                name="billrun_one_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "OPEN",
                        "FROZEN",
                        "PRICED",
                        "HALTED",
                        "CHECKED",
                        "APPROVED",
                        "POSTED",
                        "PUBLISHED",
                        "DISCARDED",
                    ]
                ),
                name="billrun_state_known",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("created_by")), name="billrun_two_persons"
            ),
        ]


class BillShard(models.Model):
    """A set of whole accounts of a run: the unit of freezing, pricing and posting, each done in one transaction."""

    id = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="shards")
    number = models.IntegerField()
    account_from = models.BigIntegerField()
    account_to = models.BigIntegerField(help_text="exclusive")
    accounts = models.IntegerField(default=0)
    input_hash = models.CharField(max_length=64, blank=True, help_text="of the frozen Parquet inputs")
    lines_hash = models.CharField(
        max_length=64, blank=True, help_text="of the priced lines; a re-run must reproduce it"
    )
    stage = models.CharField(max_length=16, default="PLANNED", help_text="PLANNED, FROZEN, PRICED, POSTED")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="billshard_number"),
            models.CheckConstraint(
                condition=Q(stage__in=["PLANNED", "FROZEN", "PRICED", "POSTED"]), name="billshard_stage_known"
            ),
        ]


class Bill(models.Model):
    """Bill 电费账单 of an account and month. Its state is its run's; ``revision`` 0 is the original."""

    id = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="bills", db_index=False)
    shard = models.ForeignKey(BillShard, on_delete=models.PROTECT, related_name="bills")
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="bills", db_index=False
    )
    month_index = models.IntegerField(help_text="kernel Month.index of the bill month")
    revision = models.SmallIntegerField(default=0)
    kind = models.CharField(max_length=12, default="ORDINARY", help_text="ORDINARY, CANCELLATION, REBILL, ADJUSTMENT")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    period_from = models.DateField()
    period_to = models.DateField()
    energy_ckwh = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "month_index", "revision"], name="bill_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["ORDINARY", "CANCELLATION", "REBILL", "ADJUSTMENT"]), name="bill_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="ORDINARY") | Q(corrects__isnull=False), name="bill_correction_has_original"
            ),
        ]


class BillLine(models.Model):
    """Bill line 账单明细: quantity × price, rounded once; ``id`` = bill id × 256 + line number, so lines lie in bill order."""

    id = models.BigIntegerField(primary_key=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False)
    usage_point_id = models.BigIntegerField()
    item_code = models.SmallIntegerField(help_text="the item's stable number in the price book")
    kind = models.SmallIntegerField()
    measure = models.SmallIntegerField()
    tier = models.SmallIntegerField()
    seg_from = models.DateField()
    seg_to = models.DateField()
    quantity = models.BigIntegerField()
    days = models.SmallIntegerField()
    price_e8 = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    version = models.SmallIntegerField(help_text="index into the versions of the run's frozen book")


class BillException(models.Model):
    """A parked account of a run: why, what was found, and what a person decided."""

    id = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="exceptions")
    shard = models.ForeignKey(BillShard, on_delete=models.PROTECT, related_name="exceptions")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="bill_exceptions")
    usage_point_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=32)
    found = models.BigIntegerField(null=True)
    limit_value = models.BigIntegerField(null=True)
    on_date = models.DateField(null=True)
    state = models.CharField(max_length=12, default="PARKED")
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["PARKED", "ACCEPTED", "MENDED", "BILLED"]), name="billexception_state_known"
            ),
        ]
        indexes = [models.Index(fields=["run", "state", "code"], name="billexception_work_list")]
