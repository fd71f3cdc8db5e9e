"""An order to ration, and whom it takes or leaves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.rationing.models.schemes import RationingParticipant, RationingScheme
from wandeng.domains.rationing.states import ORDER
from wandeng.domains.rationing.types import ShareWhy, ShortageKind


class RationingOrder(models.Model):
    """Rationing order 限电指令: so many kW are short from when to when. ``version`` counts how often it was changed."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=32, unique=True)
    scheme = models.ForeignKey(RationingScheme, on_delete=models.PROTECT, related_name="orders")
    shortage = models.CharField(max_length=8)
    level = models.CharField(max_length=4, blank=True, help_text="by the rule of the day; empty: no gap")
    gap_kw = models.BigIntegerField()
    shed_kw = models.BigIntegerField(default=0, help_text="what those chosen give up")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    notice_by = models.DateTimeField(help_text="by when everyone it takes must have been told")
    state = models.CharField(max_length=12, default="DRAFT")
    version = models.SmallIntegerField(default=1)
    changed_why = models.CharField(max_length=500, blank=True)
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    canceled_why = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ORDER.states), name="rationingorder_state_known"),
            models.CheckConstraint(
                condition=Q(shortage__in=[str(one) for one in ShortageKind]), name="rationingorder_shortage_known"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="rationingorder_ends_later"),
            models.CheckConstraint(condition=Q(gap_kw__gt=0), name="rationingorder_gap_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "PUBLISHED", "RUNNING", "DONE"]) | ~Q(approved_by=""),
                name="rationingorder_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("created_by")), name="rationingorder_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="CANCELED") | ~Q(canceled_why=""), name="rationingorder_canceled_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="DONE") | Q(ended_at__isnull=False), name="rationingorder_done_has_end"
            ),
        ]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="rationingorder_by_time")]


class RationingShare(models.Model):
    """Share 限电安排: a participant in an order, chosen or not and why; and what really happened to it."""

    id = models.BigIntegerField(primary_key=True)
    order = models.ForeignKey(RationingOrder, on_delete=models.CASCADE, related_name="shares")
    participant = models.ForeignKey(RationingParticipant, on_delete=models.PROTECT, related_name="shares")
    rank = models.IntegerField(help_text="whose turn it is, 0 first")
    is_chosen = models.BooleanField()
    why = models.CharField(max_length=16)
    detail = models.CharField(max_length=64, blank=True, help_text="kind of protection, or number of the other order")
    burden_s = models.BigIntegerField(help_text="seconds borne this year before the order, as fairness counts them")
    swap_reason = models.CharField(max_length=500, blank=True)
    off_at = models.DateTimeField(null=True)
    on_at = models.DateTimeField(null=True)
    before_kw = models.BigIntegerField()
    allowed_kw = models.BigIntegerField(help_text="what it may use meanwhile")
    equivalent_s = models.BigIntegerField(default=0, help_text="equivalent seconds without supply, once it is over")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "participant"], name="rationingshare_once"),
            models.CheckConstraint(
                condition=Q(why__in=[str(one) for one in ShareWhy]), name="rationingshare_why_known"
            ),
            models.CheckConstraint(
                condition=~Q(why__in=["SWAPPED_IN", "SWAPPED_OUT"]) | ~Q(swap_reason=""),
                name="rationingshare_swapped_why",
            ),
            models.CheckConstraint(
                condition=Q(is_chosen=True) | Q(off_at__isnull=True), name="rationingshare_only_chosen_off"
            ),
            models.CheckConstraint(
                condition=Q(on_at__isnull=True) | Q(on_at__gt=F("off_at")), name="rationingshare_ends_later"
            ),
            models.CheckConstraint(condition=Q(before_kw__gt=0, allowed_kw__gte=0), name="rationingshare_power_fits"),
        ]
        indexes = [models.Index(fields=["participant", "off_at"], name="rationingshare_by_time")]


class RationingShareArea(models.Model):
    """Area 停电台区 that goes dark with a share, traced when the order was made."""

    id = models.BigIntegerField(primary_key=True)
    share = models.ForeignKey(RationingShare, on_delete=models.CASCADE, related_name="areas")
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "transformer"], name="rationingarea_once")]
