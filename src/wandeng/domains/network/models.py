"""Substation, feeder, node, line, switch, transformer area, usage point. Switch state is the only truth of who is fed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Substation(models.Model):
    """Substation 变电站."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="substations")
    longitude_e6 = models.IntegerField(null=True)
    latitude_e6 = models.IntegerField(null=True)


class Feeder(models.Model):
    """Feeder 馈线: a medium-voltage line by its head. Home of equipment, not a statement of who is fed now."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    substation = models.ForeignKey(Substation, on_delete=models.PROTECT, related_name="feeders")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="feeders")


class ConnectivityNode(models.Model):
    """Connectivity node 节点 of the medium-voltage network; a feeder's head node is a source."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    feeder = models.ForeignKey(Feeder, on_delete=models.PROTECT, related_name="nodes")
    is_source = models.BooleanField(default=False)
    longitude_e6 = models.IntegerField(null=True)
    latitude_e6 = models.IntegerField(null=True)


class LineSegment(models.Model):
    """AC line segment 线路段 between two nodes; always closed."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    node_a = models.ForeignKey(ConnectivityNode, on_delete=models.PROTECT, related_name="+")
    node_b = models.ForeignKey(ConnectivityNode, on_delete=models.PROTECT, related_name="+")
    length_m = models.IntegerField(default=0)


class Switch(models.Model):
    """Switch 开关 between two nodes; ``normal_open`` marks the open ties of the normal state."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    kind = models.CharField(max_length=24, help_text="BREAKER, LOAD_BREAK_SWITCH, DISCONNECTOR, FUSE")
    feeder = models.ForeignKey(Feeder, on_delete=models.PROTECT, related_name="switches")
    node_a = models.ForeignKey(ConnectivityNode, on_delete=models.PROTECT, related_name="+")
    node_b = models.ForeignKey(ConnectivityNode, on_delete=models.PROTECT, related_name="+")
    normal_open = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["BREAKER", "LOAD_BREAK_SWITCH", "DISCONNECTOR", "FUSE"]),
                name="switch_kind_known",
            ),
            models.CheckConstraint(condition=~Q(node_a=F("node_b")), name="switch_joins_two_nodes"),
        ]


class SwitchOperation(models.Model):
    """One operation in the switching log 操作记录; the current state is the normal state and this log replayed."""

    switch = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="operations")
    is_open = models.BooleanField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["switch", "at", "id"], name="switchoperation_replay")]


class PowerTransformer(models.Model):
    """Distribution transformer 配变 and its transformer area 台区: the atom of outage, loss and responsibility."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128)
    feeder = models.ForeignKey(Feeder, on_delete=models.PROTECT, related_name="transformers")
    node = models.ForeignKey(ConnectivityNode, on_delete=models.PROTECT, related_name="transformers")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="transformers")
    capacity_ckva = models.BigIntegerField()
    ownership = models.CharField(max_length=16, help_text="PUBLIC 公变 or CUSTOMER 专变: the ownership boundary")
    area_name = models.CharField(max_length=128, blank=True, help_text="village or community, as notices name it")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ownership__in=["PUBLIC", "CUSTOMER"]), name="transformer_ownership_known"
            )
        ]


class UsagePoint(models.Model):
    """Usage point 计量点/用电点: where an account takes (or feeds in) power, behind which transformer."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="usage_points")
    transformer = models.ForeignKey(PowerTransformer, on_delete=models.PROTECT, related_name="usage_points")
    kind = models.CharField(
        max_length=16, default="LOAD", help_text="LOAD, SUBMETER 扣减表, FEED_IN 上网, SUPPLY 考核表"
    )
    deducts_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="submeters")
    voltage_code = models.CharField(max_length=8, help_text="电压等级, e.g. AC00101 = 10 kV")
    metered_side = models.CharField(max_length=8, default="LOW", help_text="HIGH 高供高计 or LOW 高供低计/低压")
    contract_capacity_ckva = models.BigIntegerField(default=0)
    connected_on = models.DateField()
    disconnected_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["LOAD", "SUBMETER", "FEED_IN", "SUPPLY"]), name="usagepoint_kind_known"
            ),
            models.CheckConstraint(condition=Q(metered_side__in=["HIGH", "LOW"]), name="usagepoint_side_known"),
            models.CheckConstraint(
                condition=~Q(kind="SUBMETER") | Q(deducts_from__isnull=False), name="usagepoint_submeter_has_parent"
            ),
        ]


class NetworkRevision(models.Model):
    """Network revision 网络版本: a mark that is another one after every change of a part, so that every process knows
    when what it keeps of the network is old (``revision``)."""

    part = models.CharField(max_length=16, primary_key=True)
    mark = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(part__in=["EQUIPMENT", "SWITCHING"]), name="networkrevision_part_known")
        ]
