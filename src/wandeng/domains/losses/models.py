"""Losses of areas by day, areas that are followed up, and leads to stolen energy."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.domains.losses.states import LEAD, WORK
from wandeng.domains.losses.types import LossCause, LossStatus, Reason, WorkKind


class AreaLoss(models.Model):
    """Loss of a transformer area on a day 台区日线损. Readings that come late make a new revision; the old one stays.

    Energy in 0.01 kWh, the rate in 10⁻⁴ of what was supplied. Unit and feeder are those of the time it was computed.
    ``relation`` stands for the set of customers' points that were counted.
    """

    id = models.BigIntegerField(primary_key=True)
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    feeder = models.ForeignKey("network.Feeder", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    revision = models.SmallIntegerField()
    is_current = models.BooleanField()
    status = models.CharField(max_length=16)
    reason = models.CharField(max_length=24, blank=True)
    hints = models.CharField(max_length=80, blank=True)
    supplied_ckwh = models.BigIntegerField(null=True)
    fed_ckwh = models.BigIntegerField()
    sold_ckwh = models.BigIntegerField()
    loss_ckwh = models.BigIntegerField(null=True)
    rate_e4 = models.BigIntegerField(null=True)
    points = models.IntegerField()
    read = models.IntegerField()
    relation = models.BigIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[str(one) for one in LossStatus]), name="arealoss_status_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["", *(str(one) for one in Reason)]), name="arealoss_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(status="NOT_COMPUTABLE", loss_ckwh__isnull=True, rate_e4__isnull=True) & ~Q(reason="")
                | ~Q(status="NOT_COMPUTABLE") & Q(loss_ckwh__isnull=False, rate_e4__isnull=False, reason=""),
                name="arealoss_rate_or_reason",
            ),
            models.UniqueConstraint(fields=["transformer", "day", "revision"], name="arealoss_revision_once"),
            models.UniqueConstraint(
                fields=["day", "transformer"], condition=Q(is_current=True), name="arealoss_one_current"
            ),
        ]


class LossWork(models.Model):
    """An area whose loss is followed up 线损治理: who looks at it, what it came from, whether it is mended."""

    id = models.BigIntegerField(primary_key=True)
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="OPEN")
    opened_on = models.DateField(help_text="last day of those that opened it")
    odd_days = models.SmallIntegerField()
    rate_e4 = models.BigIntegerField(help_text="mean of those days")
    opened_at = models.DateTimeField()
    taken_by = models.CharField(max_length=64, blank=True)
    cause = models.CharField(max_length=24, blank=True)
    finding = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WORK.states), name="losswork_state_known"),
            models.CheckConstraint(condition=Q(kind__in=[str(one) for one in WorkKind]), name="losswork_kind_known"),
            models.CheckConstraint(
                condition=Q(cause__in=[*(str(one) for one in LossCause), ""]), name="losswork_cause_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["FOUND", "DONE"]) | ~Q(cause=""), name="losswork_found_has_cause"
            ),
            models.UniqueConstraint(
                fields=["transformer"], condition=~Q(state="DONE"), name="losswork_one_open_an_area"
            ),
        ]


class LossLead(models.Model):
    """Lead to stolen energy 窃电线索: a customer whose readings go like the loss of the area. Reasons, never a verdict.

    Shares, coefficient and correlation in 10⁻⁴; ``evidence`` is JSON of everything else the computation came to.
    """

    id = models.BigIntegerField(primary_key=True)
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")
    usage_point = models.ForeignKey("network.UsagePoint", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default="NEW")
    from_on = models.DateField()
    to_on = models.DateField()
    rank = models.SmallIntegerField()
    attributed_ckwh = models.BigIntegerField()
    coefficient_e4 = models.IntegerField()
    share_e4 = models.IntegerField()
    explained_e4 = models.IntegerField()
    correlation_e4 = models.IntegerField()
    days = models.SmallIntegerField()
    whole_days = models.SmallIntegerField()
    tests = models.CharField(max_length=120, blank=True, help_text="codes of the tests that speak against it")
    evidence = models.TextField()
    case_number = models.CharField(max_length=32, blank=True)
    note = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LEAD.states), name="losslead_state_known"),
            models.CheckConstraint(condition=Q(state="NEW") | ~Q(case_number=""), name="losslead_case_named"),
            models.UniqueConstraint(
                fields=["usage_point"], condition=Q(state__in=["NEW", "IN_CASE"]), name="losslead_one_open_a_point"
            ),
        ]
        indexes = [models.Index(fields=["case_number"], name="losslead_by_case")]
