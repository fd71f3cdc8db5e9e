"""What passes between us and the banks: agreements, files and their rows, money nobody knows, and the days' differences."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class BankAgreement(models.Model):
    """Bank agreement 代扣协议: the account may be debited (代扣) or collected from (托收) at a bank. The number of the bank
    account is sealed; ``tail`` is its last four digits."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=32)
    bank = models.CharField(max_length=16)
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    holder = models.CharField(max_length=128)
    bank_account_sealed = models.TextField()
    bank_account_index = models.CharField(max_length=64, db_index=True)
    tail = models.CharField(max_length=4)
    signed_on = models.DateField()
    state = models.CharField(max_length=16, default="ACTIVE")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank", "number"], name="bankagreement_number"),
            models.UniqueConstraint(fields=["account"], condition=Q(state="ACTIVE"), name="bankagreement_one_active"),
            models.CheckConstraint(condition=Q(kind__in=["DEBIT", "COLLECTION"]), name="bankagreement_kind_known"),
            models.CheckConstraint(condition=Q(state__in=["ACTIVE", "ENDED"]), name="bankagreement_state_known"),
        ]
        indexes = [models.Index(fields=["bank", "kind", "state"], name="bankagreement_by_bank")]


class BankFile(models.Model):
    """Bank file 银行文件: one that we made (OUT) or that a bank brought (IN), with its control figures and what became of
    its money. The bytes lie below ``WANDENG_HOME/bank-files``, named by their hash."""

    id = models.BigIntegerField(primary_key=True)
    direction = models.CharField(max_length=4)
    kind = models.CharField(max_length=16, help_text="code of the kind in the bank_files rule")
    task = models.CharField(max_length=20, help_text="what a file of this kind is for")
    bank = models.CharField(max_length=16)
    batch = models.CharField(max_length=32, blank=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True, help_text="as the header says")
    layout = models.CharField(max_length=16)
    rule_path = models.CharField(max_length=128, help_text="the rule file whose layout it was written or read by")
    file_name = models.CharField(max_length=128)
    content_hash = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    state = models.CharField(max_length=16)
    rows = models.IntegerField(default=0)
    total_fen = models.BigIntegerField(default=0, help_text="as the header says")
    unread = models.IntegerField(default=0, help_text="rows whose amount cannot be read")
    unread_fen = models.BigIntegerField(default=0, help_text="what these must come to")
    rows_done = models.IntegerField(default=0, help_text="how far a worker is")
    refusal = models.TextField(blank=True, help_text="JSON of why the file was not taken")
    brought_by = models.CharField(max_length=64)
    brought_at = models.DateTimeField()
    posted_by = models.CharField(max_length=64, blank=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["content_hash"],
                condition=Q(direction="IN") & ~Q(state__in=["REFUSED", "DISCARDED"]) & ~Q(content_hash=""),
                name="bankfile_content_once",
            ),
            models.UniqueConstraint(fields=["bank", "batch"], condition=Q(direction="OUT"), name="bankfile_batch_once"),
            models.CheckConstraint(condition=Q(direction__in=["IN", "OUT"]), name="bankfile_direction_known"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["MADE", "ANSWERED", "WAITING", "CHECKED", "POSTING", "POSTED", "REFUSED", "DISCARDED"]
                ),
                name="bankfile_state_known",
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="bankfile_by_unit")]


class BankFileRow(models.Model):
    """Bank file row 银行文件明细: a record of a file and its verdict. In a file of ours ASKED, then PAID or FAILED; in a
    bank's READY or TO_SUSPENSE until it is posted, then POSTED or SUSPENSE; REJECTED, REPEAT and FAILED move no money."""

    VERDICTS = (
        "ASKED", "PAID", "READY", "TO_SUSPENSE", "POSTED", "SUSPENSE", "REJECTED", "REPEAT", "FAILED", "TOLD",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="file_rows", db_index=False)
    line = models.IntegerField()
    serial = models.CharField(max_length=32, blank=True)
    account_number = models.CharField(max_length=20, blank=True)
    account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    payer = models.CharField(max_length=128, blank=True)
    tail = models.CharField(max_length=4, blank=True, help_text="last four digits of the bank account")
    amount_fen = models.BigIntegerField(null=True, help_text="null: cannot be read")
    day = models.DateField(null=True)
    pay_mode = models.CharField(max_length=16, blank=True)
    result = models.CharField(max_length=16, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(max_length=12)
    reason = models.CharField(max_length=32, blank=True, help_text="code of the reason of the verdict")
    payment_key = models.CharField(max_length=128, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="bankfilerow_line"),
            models.CheckConstraint(
                condition=Q(
                    verdict__in=[
                        "ASKED", "PAID", "READY", "TO_SUSPENSE", "POSTED", "SUSPENSE", "REJECTED", "REPEAT", "FAILED",
                        "TOLD",
                    ]
                ),
                name="bankfilerow_verdict_known",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(F("account"), name="bankfilerow_asked", condition=Q(verdict="ASKED")),
        ]


class SuspenseItem(models.Model):
    """Suspense item 待查款: money that came in and belongs to nobody we know, until a person matches it to an account or
    gives it back: RETURNING while a second person has to agree to that, above the limit of the day."""

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=128, unique=True, help_text="the key that a payment of it will have")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=24)
    pay_mode = models.CharField(max_length=16, blank=True)
    received_on = models.DateField()
    amount_fen = models.BigIntegerField()
    account_number = models.CharField(max_length=20, blank=True, help_text="as the bank wrote it")
    payer = models.CharField(max_length=128, blank=True)
    tail = models.CharField(max_length=4, blank=True)
    reason = models.CharField(max_length=32)
    row = models.ForeignKey(BankFileRow, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=16, default="OPEN")
    looked_on = models.DateField(null=True, help_text="when somebody last left it as it is")
    note = models.CharField(max_length=500, blank=True)
    matched_account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    document = models.CharField(max_length=64, blank=True, help_text="the transfer by which it is given back")
    asked_by = models.CharField(max_length=64, blank=True, help_text="who asked to give it back")
    asked_at = models.DateTimeField(null=True)
    needs_second = models.BooleanField(default=False)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="suspenseitem_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "MATCHED", "RETURNING", "RETURNED"]), name="suspenseitem_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="RETURNED")
                | Q(needs_second=False)
                | (~Q(asked_by="") & ~Q(asked_by=F("decided_by"))),
                name="suspenseitem_returned_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="MATCHED") | Q(matched_account__isnull=False),
                name="suspenseitem_matched_has_account",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "id"], name="suspenseitem_work_list")]


class ReconciliationDay(models.Model):
    """Reconciliation day 对账日: what a channel took on a day by our books against the channel's own detail."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=24)
    day = models.DateField()
    file = models.ForeignKey(BankFile, null=True, on_delete=models.PROTECT, related_name="+")
    ours = models.IntegerField()
    ours_fen = models.BigIntegerField()
    theirs = models.IntegerField()
    theirs_fen = models.BigIntegerField()
    matched = models.IntegerField()
    matched_fen = models.BigIntegerField()
    state = models.CharField(max_length=16)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "channel", "day"], name="reconciliationday_once"),
            models.CheckConstraint(condition=Q(state__in=["OPEN", "CLOSED"]), name="reconciliationday_state_known"),
        ]


class ReconciliationItem(models.Model):
    """Reconciliation item 对账差异: LONG 长款, money the channel has and we have no record of; SHORT 短款, money we recorded
    and the channel has not. A different amount is one of the two, by the difference."""

    id = models.BigIntegerField(primary_key=True)
    day = models.ForeignKey(ReconciliationDay, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=8)
    key = models.CharField(max_length=128, help_text="key of the payment, as ours or as the channel's")
    account_number = models.CharField(max_length=20, blank=True)
    ours_fen = models.BigIntegerField()
    theirs_fen = models.BigIntegerField()
    state = models.CharField(max_length=16, default="OPEN")
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "key"], name="reconciliationitem_once"),
            models.CheckConstraint(condition=Q(kind__in=["LONG", "SHORT"]), name="reconciliationitem_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind="LONG") & Q(theirs_fen__gt=F("ours_fen")))
                | (Q(kind="SHORT") & Q(theirs_fen__lt=F("ours_fen"))),
                name="reconciliationitem_kind_says_which",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "TO_SUSPENSE", "BOOKED", "REVERSED", "ARRIVED"]),
                name="reconciliationitem_state_known",
            ),
            models.CheckConstraint(condition=Q(state="OPEN") | ~Q(decided_by=""), name="reconciliationitem_decided"),
        ]
        indexes = [models.Index(fields=["state", "kind"], name="reconciliationitem_open")]
