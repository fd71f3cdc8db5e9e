"""Payments and what they settled. The ledger holds the balances; these rows say what each yuan was for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Payment(models.Model):
    """Payment 收费记录: money received for an account, once by ``key``. RECEIVED, or REVERSED (冲正)."""

    key = models.CharField(max_length=128, unique=True)
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="payments", db_index=False
    )
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=32, help_text="收费渠道: TILL, AGENT, WECHAT, BANK_DEBIT, …")
    tender = models.CharField(max_length=16, help_text="结算方式: CASH, CARD, QR, CHEQUE, TRANSFER, DEBIT, ONLINE")
    debited = models.CharField(max_length=48, help_text="ledger account that received: CASH:<unit>, CLEARING:<channel>")
    amount_fen = models.BigIntegerField()
    received_on = models.DateField(help_text="local day of payment: decides the late fee")
    received_at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    payer = models.CharField(max_length=64, blank=True)
    till_session = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, default="RECEIVED")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_above_zero"),
            models.CheckConstraint(condition=Q(state__in=["RECEIVED", "REVERSED"]), name="payment_state_known"),
        ]
        indexes = [
            models.Index(fields=["account", "received_on"], name="payment_by_account"),
            models.Index(fields=["received_on", "channel"], name="payment_by_day"),
            # As they are listed, newest first: the first page of millions costs as much as that of ten.
            models.Index(fields=["unit", "received_on", "id"], name="payment_listed_by_unit"),
            models.Index(fields=["received_on", "id"], name="payment_listed"),
            # The few that were reversed are found without reading all the others.
            models.Index(fields=["unit", "received_on", "id"], name="payment_reversed", condition=Q(state="REVERSED")),
            models.Index(F("till_session"), name="payment_by_till", condition=Q(till_session__isnull=False)),
        ]


class Allocation(models.Model):
    """Allocation 销账明细: what a part of a payment settled, or, without a payment, a part of the account's credit.

    BILL and LATE_FEE name a bill; CREDIT (预收) is what stays for later bills. ``released_at``: given back again, because
    the payment was reversed or its credit was needed elsewhere.
    """

    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="allocations")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    bill_id = models.BigIntegerField(null=True)
    amount_fen = models.BigIntegerField()
    settled_on = models.DateField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="allocation_above_zero"),
            models.CheckConstraint(condition=Q(kind__in=["BILL", "LATE_FEE", "CREDIT"]), name="allocation_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="CREDIT", bill_id__isnull=True, payment__isnull=False)
                | (~Q(kind="CREDIT") & Q(bill_id__isnull=False)),
                name="allocation_names_its_bill",
            ),
        ]
        indexes = [models.Index(F("bill_id"), name="allocation_by_bill", condition=Q(bill_id__isnull=False))]
