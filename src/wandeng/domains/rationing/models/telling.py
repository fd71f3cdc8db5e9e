"""Who was told what of an order, when, and by whose message; and the calls to important users."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.domains.rationing.models.orders import RationingOrder
from wandeng.domains.rationing.types import RationingCallState, RationingHandWay, RationingTellingKind


class RationingTelling(models.Model):
    """Telling 告知批次: one thing told of an order at one time, to everybody it concerns. ``facts`` is what they were told, time
    and place as one text. Written once."""

    id = models.BigIntegerField(primary_key=True)
    order = models.ForeignKey(RationingOrder, on_delete=models.PROTECT, related_name="tellings")
    version = models.SmallIntegerField()
    kind = models.CharField(max_length=16)
    facts = models.CharField(max_length=700)
    due_by = models.DateTimeField(help_text="by when everybody must have been reached")
    notice_key = models.CharField(max_length=128, unique=True)
    accounts = models.IntegerField(help_text="who was to be told")
    messages = models.IntegerField(help_text="messages, one a phone")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[str(one) for one in RationingTellingKind]), name="rationingtelling_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["order", "id"], name="rationingtelling_of_order")]


class RationingTold(models.Model):
    """Told 告知记录: an account that a telling is for. ``recipient`` is the message that tells it, which may be another account's
    of the same phone; or somebody told it by hand. Filled by the hundred thousand, so its keys are not constraints."""

    id = models.BigIntegerField(primary_key=True)
    telling = models.ForeignKey(
        RationingTelling, on_delete=models.PROTECT, related_name="told", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    recipient = models.ForeignKey(
        "notices.NoticeRecipient", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    hand_way = models.CharField(max_length=12, blank=True)
    hand_by = models.CharField(max_length=64, blank=True)
    hand_at = models.DateTimeField(null=True)
    hand_note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["telling", "account"], name="rationingtold_once"),
            models.CheckConstraint(
                condition=Q(hand_way__in=["", *(str(one) for one in RationingHandWay)]), name="rationingtold_way_known"
            ),
            models.CheckConstraint(
                condition=Q(hand_way="", hand_at__isnull=True) | ~Q(hand_way="") & Q(hand_at__isnull=False),
                name="rationingtold_by_hand_has_time",
            ),
        ]
        indexes = [models.Index(fields=["account", "telling"], name="rationingtold_of_account")]


class RationingCall(models.Model):
    """Call 重要用户限电告知: an important user, or a large customer that takes part, is told one by one and confirms."""

    id = models.BigIntegerField(primary_key=True)
    telling = models.ForeignKey(RationingTelling, on_delete=models.PROTECT, related_name="calls")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    importance = models.CharField(max_length=16, blank=True)
    is_participant = models.BooleanField(help_text="takes part itself: it has to lower its load")
    state = models.CharField(max_length=12, default="TO_CALL")
    tries = models.SmallIntegerField(default=0, help_text="calls that nobody answered")
    confirmed_by = models.CharField(max_length=64, blank=True, help_text="post or function of who confirmed there")
    called_by = models.CharField(max_length=64, blank=True)
    called_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["telling", "account"], name="rationingcall_once"),
            models.CheckConstraint(
                condition=Q(state__in=[str(one) for one in RationingCallState]), name="rationingcall_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | ~Q(confirmed_by=""), name="rationingcall_confirmed_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | Q(called_at__isnull=False), name="rationingcall_confirmed_has_time"
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="rationingcall_to_make")]
