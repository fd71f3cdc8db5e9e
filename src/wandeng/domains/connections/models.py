"""A connection to be made: its scheme, its sources, and what the network lacks for it. What the applicant said stays in the
case, sealed where it is personal; the account, once there is one, says the rest."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ConnectionProject(models.Model):
    """Connection project 业扩项目: what a case of a new connection is built by. ``account`` is empty until it is connected."""

    id = models.BigIntegerField(primary_key=True)
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="connection")
    connection_class = models.CharField(max_length=16, help_text="RESIDENTIAL … HV_DUAL, as the form of the case says")
    capacity_ckva = models.BigIntegerField()
    longitude_e6 = models.IntegerField(null=True)
    latitude_e6 = models.IntegerField(null=True)
    surveyor = models.CharField(max_length=64, blank=True, help_text="code of who surveys, chosen by the customer")
    manager = models.CharField(max_length=64, blank=True, help_text="code of the project manager (项目经理)")
    price_code = models.CharField(max_length=64, blank=True)
    basic_method = models.SmallIntegerField(default=0, help_text="calc.rating.frames.BasicMethod")
    contract_demand_ckw = models.BigIntegerField(default=0)
    pf_standard = models.SmallIntegerField(default=0, help_text="0 none, 80, 85, 90")
    route_code = models.CharField(max_length=32, blank=True, help_text="reading route; empty: that of the neighbours")
    drafted_at = models.DateTimeField(null=True, help_text="when the candidates of its scheme were drafted")
    account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="connections"
    )
    connected_on = models.DateField(null=True)
    connected_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(capacity_ckva__gt=0), name="connection_capacity_positive"),
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(connected_on__isnull=False), name="connection_made_has_day"
            ),
            models.CheckConstraint(condition=Q(pf_standard__in=[0, 80, 85, 90]), name="connection_pf_known"),
        ]


class SchemeCandidate(models.Model):
    """Scheme candidate 供电方案备选: a public transformer that could supply, as the network stood when it was drafted.
    ``spare_ckva`` is what is left with the applicant on it; below zero, the transformer must be reinforced."""

    project = models.ForeignKey(ConnectionProject, on_delete=models.PROTECT, related_name="candidates")
    place = models.SmallIntegerField(help_text="1 is proposed first")
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="+")
    capacity_ckva = models.BigIntegerField()
    load_ckva = models.BigIntegerField()
    load_basis = models.CharField(max_length=12, help_text="CONTRACT or METERED")
    reserved_ckva = models.BigIntegerField(help_text="load of other connections under way there")
    spare_ckva = models.BigIntegerField()
    feeder_capacity_ckva = models.BigIntegerField()
    feeder_contract_ckva = models.BigIntegerField()
    distance_m = models.IntegerField(null=True)
    is_in_area = models.BooleanField(default=False, help_text="the address names its village or community")
    is_chosen = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "place"], name="candidate_in_order"),
            models.UniqueConstraint(fields=["project"], condition=Q(is_chosen=True), name="candidate_one_chosen"),
            models.CheckConstraint(condition=Q(load_basis__in=["CONTRACT", "METERED"]), name="candidate_basis_known"),
        ]


class SupplySource(models.Model):
    """Supply source 供电电源 of a project: a public transformer at low voltage, a feeder at high voltage, where the customer's
    own transformer is taken up. ``usage_point`` is empty until it is connected."""

    project = models.ForeignKey(ConnectionProject, on_delete=models.PROTECT, related_name="sources")
    place = models.SmallIntegerField(help_text="1 the main source, 2 the second")
    transformer = models.ForeignKey("network.PowerTransformer", null=True, on_delete=models.PROTECT, related_name="+")
    feeder = models.ForeignKey("network.Feeder", null=True, on_delete=models.PROTECT, related_name="+")
    capacity_ckva = models.BigIntegerField()
    voltage_code = models.CharField(max_length=8)
    metered_side = models.CharField(max_length=8, default="LOW")
    boundary = models.CharField(max_length=200, help_text="产权分界点")
    is_interlocked = models.BooleanField(default=False, help_text="never runs beside the main source (联锁)")
    usage_point = models.OneToOneField(
        "network.UsagePoint", null=True, on_delete=models.PROTECT, related_name="supply_source"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "place"], name="supplysource_in_order"),
            models.CheckConstraint(condition=Q(capacity_ckva__gt=0), name="supplysource_capacity_positive"),
            models.CheckConstraint(condition=Q(metered_side__in=["HIGH", "LOW"]), name="supplysource_side_known"),
            models.CheckConstraint(
                condition=Q(transformer__isnull=True, feeder__isnull=False)
                | Q(transformer__isnull=False, feeder__isnull=True),
                name="supplysource_from_one",
            ),
        ]


class ReinforcementNeed(models.Model):
    """Reinforcement need 配网补强需求: a connection was promised on a transformer that has not the capacity for it (先接入、后改造).
    ``lacking_ckva`` by the scheme; ``noted_at`` when it was chosen."""

    id = models.BigIntegerField(primary_key=True)
    project = models.OneToOneField(ConnectionProject, on_delete=models.PROTECT, related_name="need")
    transformer = models.ForeignKey("network.PowerTransformer", on_delete=models.PROTECT, related_name="needs")
    lacking_ckva = models.BigIntegerField()
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=64)
    planned_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lacking_ckva__gt=0), name="need_lacks_something"),
        ]
        indexes = [models.Index(fields=["done_on", "noted_at"], name="need_open")]
