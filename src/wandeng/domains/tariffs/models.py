"""Which usage point is priced by what, from when. Prices themselves are rule files, not rows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class PriceAssignment(models.Model):
    """Price assignment 执行电价: the price code and contract terms of a usage point over a period; periods never overlap."""

    id = models.BigIntegerField(primary_key=True)
    usage_point = models.ForeignKey("network.UsagePoint", on_delete=models.PROTECT, related_name="price_assignments")
    valid_from = models.DateField()
    valid_to = models.DateField()
    price_code = models.CharField(max_length=64, help_text="a structure of the price book, e.g. hunan.residential")
    running_capacity_ckva = models.BigIntegerField(
        default=0,
        help_text="运行容量: contract capacity less suspended transformers; interlocked standby as the largest sum",
    )
    basic_method = models.SmallIntegerField(default=0, help_text="calc.rating.frames.BasicMethod")
    contract_demand_ckw = models.BigIntegerField(default=0)
    pf_standard = models.SmallIntegerField(default=0, help_text="0 none, 80, 85, 90")
    household_shift_ckwh = models.BigIntegerField(default=0, help_text="一户多人口: monthly shift of the tier edges")
    free_ckwh = models.BigIntegerField(default=0, help_text="免费电量 a month")
    loss_method = models.SmallIntegerField(default=0, help_text="calc.rating.frames.LossMethod")
    loss_active_ckwh = models.BigIntegerField(default=0)
    loss_reactive_ckvarh = models.BigIntegerField(default=0)
    loss_p0_w = models.BigIntegerField(default=0)
    loss_pk_w = models.BigIntegerField(default=0)
    loss_sn_ckva = models.BigIntegerField(default=0)
    loss_i0_e4 = models.BigIntegerField(default=0)
    loss_uk_e4 = models.BigIntegerField(default=0)
    loss_k_e2 = models.BigIntegerField(default=100)
    line_loss_e4 = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["usage_point", "valid_from"], name="priceassignment_one_start"),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="priceassignment_forward"),
            models.CheckConstraint(condition=Q(basic_method__range=(0, 3)), name="priceassignment_method_known"),
            models.CheckConstraint(condition=Q(pf_standard__in=[0, 80, 85, 90]), name="priceassignment_pf_known"),
        ]
