"""The scheme of a unit's year, and who takes part in it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.rationing.states import SCHEME
from wandeng.domains.rationing.types import Measure, ParticipantKind


class RationingScheme(models.Model):
    """Rationing scheme 有序用电方案: version of a unit and year. Its participants change while it is a draft, never afterwards."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    version = models.SmallIntegerField()
    state = models.CharField(max_length=12, default="DRAFT")
    max_demand_kw = models.BigIntegerField(help_text="highest demand expected of the unit in the year, kW")
    document = models.CharField(max_length=200, blank=True, help_text="by which paper the authority approved it")
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "version"], name="rationingscheme_once"),
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(state="DRAFT"), name="rationingscheme_one_draft"
            ),
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(state="APPROVED"), name="rationingscheme_one_approved"
            ),
            models.CheckConstraint(condition=Q(state__in=SCHEME.states), name="rationingscheme_state_known"),
            models.CheckConstraint(condition=Q(max_demand_kw__gt=0), name="rationingscheme_demand_positive"),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "REPLACED"]) | ~Q(approved_by=""),
                name="rationingscheme_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("made_by")), name="rationingscheme_second_person"
            ),
        ]


class RationingParticipant(models.Model):
    """Participant 有序用电参与对象: a large customer's account, or the line behind a switch (a feeder or a section of it)."""

    id = models.BigIntegerField(primary_key=True)
    scheme = models.ForeignKey(RationingScheme, on_delete=models.PROTECT, related_name="participants")
    kind = models.CharField(max_length=8)
    code = models.CharField(max_length=64, help_text="account number, or code of the switch")
    name = models.CharField(max_length=256)
    account = models.ForeignKey("customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+")
    switch = models.ForeignKey("network.Switch", null=True, on_delete=models.PROTECT, related_name="+")
    measure = models.CharField(max_length=8)
    rota = models.CharField(max_length=64, blank=True, help_text="group of the rotation, as the scheme names it")
    sequence = models.IntegerField(default=0, help_text="place in the scheme where burdens are equal")
    before_kw = models.BigIntegerField(help_text="power without rationing")
    shed_kw = models.BigIntegerField(help_text="power given up when it takes part")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="rationingparticipant_once"),
            models.CheckConstraint(
                condition=Q(measure__in=[str(one) for one in Measure]), name="rationingparticipant_measure_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(one) for one in ParticipantKind]), name="rationingparticipant_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=False, switch__isnull=True) | Q(account__isnull=True, switch__isnull=False),
                name="rationingparticipant_names_one",
            ),
            models.CheckConstraint(
                condition=Q(before_kw__gt=0, shed_kw__gte=0, shed_kw__lte=F("before_kw")),
                name="rationingparticipant_power_fits",
            ),
        ]
