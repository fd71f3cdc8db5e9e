"""Entries and their lines. The database refuses what accounting forbids; see migrations for the triggers."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Entry(models.Model):
    """Journal entry 记账凭证: a posting batch that sums to zero, posted once by ``biz_key``, never changed."""

    id = models.BigIntegerField(primary_key=True)
    biz_key = models.CharField(max_length=128, unique=True)
    kind = models.CharField(max_length=32)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7, help_text="accounting month YYYY-MM")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    posted_at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    is_posted = models.BooleanField(default=False, help_text="set once, last, when the lines sum to zero")

    class Meta:
        verbose_name_plural = "entries"


class EntryLine(models.Model):
    """One line: debit positive, credit negative, in fen. Receivables carry the customer account."""

    id = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="lines")
    ledger_account = models.CharField(
        max_length=48, help_text="RECEIVABLE, REVENUE:<group>, FUND:<code>, PAYABLE:FEED_IN, …"
    )
    account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    source = models.BigIntegerField(null=True, help_text="id of the bill (or payment) the line is for")
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_fen=0), name="entryline_not_zero"),
            models.CheckConstraint(
                condition=~Q(ledger_account="RECEIVABLE") | Q(account__isnull=False),
                name="entryline_receivable_has_account",
            ),
        ]
        indexes = [
            models.Index(F("account"), name="entryline_by_account", condition=Q(account__isnull=False)),
            # What is earned and bought: a few dozen lines among the thousands of an entry (queries.earned_and_bought).
            models.Index(
                fields=["ledger_account", "entry", "amount_fen"],
                name="entryline_earned",
                condition=Q(ledger_account__gte="FUND:", ledger_account__lt="FUND;")
                | Q(ledger_account__gte="PURCHASE:", ledger_account__lt="PURCHASE;")
                | Q(ledger_account__gte="REVENUE:", ledger_account__lt="REVENUE;"),
            ),
        ]


class PeriodClose(models.Model):
    """A closed accounting month of a unit: no entry may be posted into it any more."""

    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    closed_at = models.DateTimeField()
    actor = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "month"], name="periodclose_once")]


class PeriodBalance(models.Model):
    """What a ledger account of a unit stood at when a month was closed, in fen. Later months begin from here instead of
    from the first entry ever; ``checks`` recomputes it."""

    id = models.BigAutoField(primary_key=True)
    close = models.ForeignKey(PeriodClose, on_delete=models.PROTECT, related_name="balances")
    ledger_account = models.CharField(max_length=48)
    balance_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["close", "ledger_account"], name="periodbalance_once")]
