"""Where money is taken over a counter, from the float of the morning to the count of the evening."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

UNDONE = ("OPEN", "COUNTED")
"""States of a session whose cash is still in somebody's hands."""


class Till(models.Model):
    """Till 收费台: a place where money is taken. A counter of a hall, a mobile vehicle 流动收费车, a village pay point
    村级代收点."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, default="COUNTER")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["COUNTER", "VEHICLE", "VILLAGE"]), name="till_kind_known")
        ]


class TillSession(models.Model):
    """Till session 班次: one person at one till from the float 备用金 to the day-end 日结; after that it never changes.

    An offline session 离线班次 is the day of a device without a network; it comes into being when its file is uploaded.
    """

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=64, unique=True)
    till = models.ForeignKey(Till, on_delete=models.PROTECT, related_name="sessions")
    cashier = models.CharField(max_length=64, help_text="工号 of the person who holds the cash")
    business_on = models.DateField()
    is_offline = models.BooleanField(default=False)
    state = models.CharField(max_length=16, default="OPEN")
    opened_at = models.DateTimeField()
    float_fen = models.BigIntegerField(default=0)
    control_fen = models.BigIntegerField(
        null=True, help_text="what the device says it took; null for a session at a desk"
    )
    expected_fen = models.BigIntegerField(default=0, help_text="cash that should be in the drawer, float included")
    counted_fen = models.BigIntegerField(default=0, help_text="cash that is in the drawer, float included")
    deposit_fen = models.BigIntegerField(default=0, help_text="缴存: what goes to the bank")
    deposit_number = models.CharField(max_length=64, blank=True, help_text="缴款单号")
    counted_by = models.CharField(max_length=64, blank=True)
    counted_at = models.DateTimeField(null=True)
    difference_reason = models.CharField(max_length=500, blank=True, help_text="why the count differs from the books")
    confirmed_by = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "COUNTED", "CLOSED"]), name="till_session_state_known"
            ),
            models.UniqueConstraint(
                fields=["till"], condition=Q(state__in=UNDONE, is_offline=False), name="till_session_one_per_till"
            ),
            models.UniqueConstraint(
                fields=["cashier"], condition=Q(state__in=UNDONE, is_offline=False), name="till_session_one_per_person"
            ),
            models.UniqueConstraint(
                fields=["till", "business_on"], condition=Q(is_offline=True), name="till_session_one_offline_a_day"
            ),
            models.CheckConstraint(condition=Q(float_fen__gte=0), name="till_session_float_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | Q(closed_at__isnull=False), name="till_session_closed_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | Q(counted_fen=F("expected_fen")) | ~Q(confirmed_by=""),
                name="till_session_difference_confirmed",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by="") | ~Q(confirmed_by=F("counted_by")), name="till_session_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="CLOSED") | Q(deposit_fen=F("counted_fen") - F("float_fen")),
                name="till_session_all_deposited",
            ),
        ]
        indexes = [models.Index(fields=["till", "-business_on"], name="till_session_by_day")]


class TenderCount(models.Model):
    """Tender count 收款方式清点: what the books say came in by a tender, and what the slips or the drawer say."""

    session = models.ForeignKey(TillSession, on_delete=models.PROTECT, related_name="tenders")
    tender = models.CharField(max_length=16)
    receipts = models.IntegerField()
    expected_fen = models.BigIntegerField()
    counted_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "tender"], name="tender_count_once")]


class DenominationCount(models.Model):
    """Denomination count 券别清点: how many notes or coins of a face value lay in the drawer."""

    session = models.ForeignKey(TillSession, on_delete=models.PROTECT, related_name="denominations")
    face_fen = models.IntegerField()
    pieces = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "face_fen"], name="denomination_count_once"),
            models.CheckConstraint(condition=Q(face_fen__gt=0, pieces__gt=0), name="denomination_count_positive"),
        ]


class ReceiptSeries(models.Model):
    """Receipt series 收据号段: the last number a unit has given out in a year. Numbers are gapless: they are drawn in the
    transaction that issues the receipt."""

    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="receipt_series_once")]
        verbose_name_plural = "receipt series"


class TillReceipt(models.Model):
    """Till receipt 收据 of one payment taken at a till. It only grows: it counts as voided 作废 when its payment was
    reversed, and the payment's decision says who did it and why."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=64, unique=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    sequence = models.IntegerField()
    session = models.ForeignKey(TillSession, on_delete=models.PROTECT, related_name="receipts")
    payment = models.OneToOneField("payments.Payment", on_delete=models.PROTECT, related_name="till_receipt")
    slip = models.CharField(max_length=64, blank=True, help_text="number the device printed, for one taken offline")
    tendered_fen = models.BigIntegerField(default=0, help_text="what the customer handed over")
    change_fen = models.BigIntegerField(default=0)
    owed_after_fen = models.BigIntegerField(default=0)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(change_fen__gte=0), name="till_receipt_change_not_negative"),
            models.UniqueConstraint(fields=["unit", "year", "sequence"], name="till_receipt_number_once"),
        ]
