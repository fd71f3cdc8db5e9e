"""Bill runs and what they make. Bills are written once; a correction is a new bill that refers to the old one.

Tables that a run fills by the million have rowid keys (``BigAutoField`` with explicit ids): on SQLite any other primary
key costs a second tree. Their foreign keys carry no database constraint, because a check per row would cost more than
the pricing; ``checks.py`` looks for orphans instead.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class BillRun(models.Model):
    """Bill run 核算批次 of a unit's subtree and month: inputs frozen once, priced by shard, approved by a second person."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="bill_runs")
    month = models.CharField(max_length=7)
    sequence = models.SmallIntegerField(help_text="1 the ordinary run, 2… take what was parked or came late")
    kind = models.CharField(max_length=16, default="ORDINARY", help_text="ORDINARY, CORRECTION, FINAL")
    state = models.CharField(max_length=16, default="OPEN")
    territory = models.CharField(max_length=32)
    book_hash = models.CharField(max_length=64, blank=True, help_text="hash of the frozen price book")
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    gate_findings = models.TextField(default="[]", help_text="JSON list: what the run-level check found")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month", "kind", "sequence"], name="billrun_sequence"),
            models.UniqueConstraint(
                fields=["unit", "month"],
                condition=Q(kind="ORDINARY") & ~Q(state__in=["PUBLISHED", "DISCARDED"]),
                name="billrun_one_open",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["ORDINARY", "CORRECTION", "FINAL"]), name="billrun_kind_known"
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
    """A set of whole accounts of a run and one month: frozen, priced and posted, each in one transaction.

    Its bills have the ids ``first_bill_id`` ≤ id < ``first_bill_id + bill_ids``, reserved when it was frozen, so that
    pricing it again gives the same rows to the byte, and its bills and lines are id ranges that need no index.
    """

    id = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="shards", db_index=False)
    number = models.IntegerField()
    takes = models.CharField(
        max_length=12,
        default="RANGE",
        help_text="RANGE; RETAKE: accounts listed for it; CORRECTION, FINAL: one account",
    )
    month_index = models.IntegerField(help_text="kernel Month.index of the bills")
    account_from = models.BigIntegerField()
    account_to = models.BigIntegerField(help_text="exclusive")
    ends_on = models.DateField(null=True, help_text="FINAL: the first day that is no longer the account's")
    accounts = models.IntegerField(default=0, help_text="frozen accounts")
    first_bill_id = models.BigIntegerField(default=0)
    bill_ids = models.IntegerField(default=0)
    stage = models.CharField(max_length=16, default="PLANNED", help_text="PLANNED, FROZEN, PRICED, POSTED")
    input_hash = models.CharField(max_length=64, blank=True, help_text="of the frozen inputs")
    lines_hash = models.CharField(max_length=64, blank=True, help_text="of bills and lines; a re-run must reproduce it")
    bills = models.IntegerField(default=0)
    lines = models.IntegerField(default=0)
    parked = models.IntegerField(default=0, help_text="accounts with exceptions")
    moved = models.IntegerField(default=0, help_text="accounts whose energy moved by more than the jump factor")
    energy_ckwh = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)
    largest_fen = models.BigIntegerField(default=0, help_text="the largest bill, by absolute amount")
    most_lines = models.IntegerField(default=0, help_text="lines of the longest bill")
    revenue = models.TextField(
        default="{}", help_text="JSON: ledger account → fen, the other side of the receivables; by bill for corrections"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="billshard_number"),
            models.CheckConstraint(
                condition=Q(stage__in=["PLANNED", "FROZEN", "PRICED", "POSTED"]), name="billshard_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(takes__in=["RANGE", "RETAKE", "CORRECTION", "FINAL"]), name="billshard_takes_known"
            ),
        ]
        indexes = [models.Index(fields=["account_from"], name="billshard_final", condition=Q(takes="FINAL"))]


class Bill(models.Model):
    """Bill 电费账单 of an account and month. Its state is its run's; ``revision`` 0 is the original."""

    id = models.BigAutoField(primary_key=True)
    shard = models.ForeignKey(
        BillShard, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="bills", db_index=False, db_constraint=False
    )
    month_index = models.IntegerField(help_text="kernel Month.index of the bill month")
    revision = models.SmallIntegerField(default=0)
    kind = models.CharField(max_length=12, default="ORDINARY", help_text="ORDINARY, CANCELLATION, REBILL, ADJUSTMENT")
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrections", db_index=False, db_constraint=False
    )
    period_from = models.DateField()
    period_to = models.DateField()
    energy_ckwh = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            # Month first: a run then appends to the end of the index instead of writing all over it.
            models.UniqueConstraint(fields=["month_index", "account", "revision"], name="bill_once"),
            models.UniqueConstraint(
                fields=["corrects"], condition=Q(kind="CANCELLATION"), name="bill_cancelled_at_most_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["ORDINARY", "CANCELLATION", "REBILL", "ADJUSTMENT"]), name="bill_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="ORDINARY") | Q(corrects__isnull=False), name="bill_correction_has_original"
            ),
        ]
        indexes = [models.Index(F("corrects"), name="bill_by_corrected", condition=Q(corrects__isnull=False))]


class BillCharge(models.Model):
    """What many lines of a shard have in common: the item, its tier, the days, the price and the rule that set it.

    A shard has hundreds of these and hundreds of thousands of lines; a line that names one is half as wide as a line that
    repeats it. ``id`` = shard id × 2²⁰ + place. ``item`` and ``version`` index the frozen book of the run; those of a
    cancellation index the cancelled bill's.
    """

    id = models.BigAutoField(primary_key=True)
    item = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    measure = models.SmallIntegerField()
    tier = models.SmallIntegerField()
    seg_from = models.DateField()
    seg_to = models.DateField()
    days = models.SmallIntegerField()
    price_e8 = models.BigIntegerField()
    version = models.SmallIntegerField()


class BillLine(models.Model):
    """Bill line 账单明细: quantity × the charge's price, rounded once. ``id`` = bill id × 1024 + line number: a bill's lines
    are an id range, and need no index of their own."""

    id = models.BigAutoField(primary_key=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    usage_point_id = models.BigIntegerField()
    charge = models.ForeignKey(
        BillCharge, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    quantity = models.BigIntegerField()
    amount_fen = models.BigIntegerField()


class BillPoint(models.Model):
    """Billed energy per usage point, kept only for accounts with several: the others' is the bill's own.

    ``id`` = bill id × 1024 + the point's place. Annual tiers and the comparison with last month go by point.
    """

    id = models.BigAutoField(primary_key=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    account_id = models.BigIntegerField()
    month_index = models.IntegerField()
    usage_point_id = models.BigIntegerField()
    energy_ckwh = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["month_index", "account_id"], name="billpoint_history")]


class BillException(models.Model):
    """A parked account of a run: why, what was found, and what a person decided. ``retaken_by`` is the shard that priced
    it again."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="exceptions", db_index=False)
    shard = models.ForeignKey(BillShard, on_delete=models.PROTECT, related_name="exceptions", db_index=False)
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="bill_exceptions")
    usage_point_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=32)
    found = models.BigIntegerField(null=True)
    limit_value = models.BigIntegerField(null=True)
    on_date = models.DateField(null=True)
    state = models.CharField(max_length=12, default="PARKED")
    reason = models.TextField(default="", blank=True)
    retaken_by = models.ForeignKey(BillShard, null=True, on_delete=models.PROTECT, related_name="retaken")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["PARKED", "ACCEPTED", "MENDED"]), name="billexception_state_known"
            ),
        ]
        indexes = [models.Index(fields=["run", "state", "code"], name="billexception_work_list")]


class BillCorrection(models.Model):
    """One decision to correct (退补) an account's month, with its reason; the run holds both persons, the bills refer to
    the original."""

    id = models.BigAutoField(primary_key=True)
    shard = models.OneToOneField(BillShard, on_delete=models.PROTECT, related_name="correction")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="bill_corrections")
    original = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="corrections_made", db_constraint=False)
    action = models.CharField(max_length=12, help_text="CANCEL, REBILL, ADJUST")
    case_code = models.CharField(max_length=48, blank=True, help_text="row of the back-billing rules, where it is one")
    document_number = models.CharField(max_length=64, blank=True)
    energy_ckwh = models.BigIntegerField(null=True, help_text="ADJUST: energy to add, negative to refund")
    amount_fen = models.BigIntegerField(null=True, help_text="ADJUST by amount: fen to add, negative to refund")
    reason = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(action__in=["CANCEL", "REBILL", "ADJUST"]), name="correction_action"),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_reason"),
        ]


class ShardSale(models.Model):
    """What a posted shard sold (分片售电), by the unit and class of customer of its accounts when it was posted; ``amount_fen``
    with what was fed in (``fed_fen``, negative). Written once with the posting; the statement of a month adds these up."""

    id = models.BigAutoField(primary_key=True)
    shard = models.ForeignKey(BillShard, on_delete=models.PROTECT, related_name="sales")
    month_index = models.IntegerField(db_index=True, help_text="of the shard")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    customer_class = models.CharField(max_length=16)
    energy_ckwh = models.BigIntegerField()
    amount_fen = models.BigIntegerField()
    fed_ckwh = models.BigIntegerField()
    fed_fen = models.BigIntegerField()


class ShardPriceSale(models.Model):
    """What a posted shard sold under a price code (分片分价售电), what was fed in left out; the code is empty where no price was
    assigned any more."""

    id = models.BigAutoField(primary_key=True)
    shard = models.ForeignKey(BillShard, on_delete=models.PROTECT, related_name="price_sales")
    month_index = models.IntegerField(db_index=True, help_text="of the shard")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    price_code = models.CharField(max_length=64, blank=True)
    energy_ckwh = models.BigIntegerField()
    amount_fen = models.BigIntegerField()


class MonthMove(models.Model):
    """What the ledger did to the bills of a month (账期应收变动), by the unit of their accounts: written by triggers
    (``moves.py``) with every posted entry, put together every night. ``posted_fen`` stays with the unit that posted it;
    ``billed_fen`` and ``open_fen`` go along when an account comes to another unit."""

    id = models.BigAutoField(primary_key=True)
    month_index = models.IntegerField(db_index=True, help_text="of the bills")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    posted_fen = models.BigIntegerField()
    billed_fen = models.BigIntegerField()
    open_fen = models.BigIntegerField()
