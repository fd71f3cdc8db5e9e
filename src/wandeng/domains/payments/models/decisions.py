"""Decisions about money that one person makes and, above a dated limit, another one checks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class PaymentDecision(models.Model):
    """Payment decision 账务处理: a reversal 冲正 of a whole payment or of a part 部分退回, refund 退费, waiver 违约金减免,
    write-off 坏账核销 or transfer 预收转账.

    PROPOSED by its maker; DONE at once where one person suffices, else when a checker agrees; or REJECTED.
    """

    key = models.CharField(max_length=128, unique=True)
    kind = models.CharField(
        max_length=12, default="WAIVER", help_text="REVERSAL, PART, REFUND, WAIVER, WRITE_OFF, TRANSFER"
    )
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey("payments.Payment", null=True, on_delete=models.PROTECT, related_name="decisions")
    bill_id = models.BigIntegerField(null=True)
    to_account = models.ForeignKey("customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    credited = models.CharField(max_length=48, blank=True, help_text="REFUND: ledger account that pays out")
    till_session = models.BigIntegerField(null=True)
    reason = models.TextField()
    needs_second = models.BooleanField()
    state = models.CharField(max_length=12, default="PROPOSED")
    maker = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    checker = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="paymentdecision_above_zero"),
            models.CheckConstraint(condition=~Q(reason=""), name="paymentdecision_has_reason"),
            models.CheckConstraint(
                condition=Q(kind__in=["REVERSAL", "PART", "REFUND", "WAIVER", "WRITE_OFF", "TRANSFER"]),
                name="paymentdecision_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "DONE", "REJECTED"]), name="paymentdecision_state_known"
            ),
            models.CheckConstraint(
                condition=Q(checker="") | ~Q(checker=F("maker")), name="paymentdecision_two_persons"
            ),
            models.CheckConstraint(
                condition=~Q(state="DONE") | Q(needs_second=False) | ~Q(checker=""),
                name="paymentdecision_second_person",
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(kind="REVERSAL") & ~Q(state="REJECTED"),
                name="paymentdecision_reversed_once",
            ),
        ]
        indexes = [
            models.Index(F("bill_id"), name="paymentdecision_by_bill", condition=Q(bill_id__isnull=False)),
            models.Index(fields=["state", "proposed_at"], name="paymentdecision_waiting"),
        ]
