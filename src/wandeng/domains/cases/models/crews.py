"""Repair crews, what they have in hand, and which crew was proposed for what. Where a crew stands follows from what its people
tell; a proposal is kept so that it can be said how many were taken."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

CREW_STATES = ("OFF", "FREE", "ON_THE_WAY", "WORKING")
SKILLS = ("LOW_VOLTAGE", "HIGH_VOLTAGE", "METERING")


class Crew(models.Model):
    """Crew 抢修队: people who go to a fault together. ``leader`` has its cases in hand; ``skills`` are words of
    :data:`SKILLS` in order of the alphabet, one blank between."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="crews")
    leader = models.CharField(max_length=64)
    skills = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="OFF")
    on_duty_from = models.DateTimeField(null=True)
    on_duty_to = models.DateTimeField(null=True)
    longitude_e6 = models.IntegerField(null=True)
    latitude_e6 = models.IntegerField(null=True)
    placed_at = models.DateTimeField(null=True, help_text="when it was last known to be there")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CREW_STATES), name="crew_state_known"),
            models.CheckConstraint(condition=~Q(skills=""), name="crew_can_do_something"),
            models.CheckConstraint(
                condition=Q(state="OFF") | (Q(on_duty_from__isnull=False) & Q(on_duty_to__gt=F("on_duty_from"))),
                name="crew_on_duty_has_hours",
            ),
            models.CheckConstraint(
                condition=Q(longitude_e6__isnull=True, latitude_e6__isnull=True, placed_at__isnull=True)
                | Q(longitude_e6__isnull=False, latitude_e6__isnull=False, placed_at__isnull=False),
                name="crew_place_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["state", "unit"], name="crew_on_duty")]


class CrewMember(models.Model):
    """Crew member 队员: who goes with a crew, from when to when; in one crew at a time."""

    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, related_name="members")
    person = models.CharField(max_length=64)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="crewmember_in_one_crew"),
        ]


class CrewPosition(models.Model):
    """Crew position 位置上报: where a crew was, as its people told; a key tells the same thing once."""

    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, related_name="positions")
    longitude_e6 = models.IntegerField()
    latitude_e6 = models.IntegerField()
    at = models.DateTimeField()
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crew", "key"], name="crewposition_told_once")]
        indexes = [models.Index(fields=["crew", "-at"], name="crewposition_latest")]


class CrewJob(models.Model):
    """Crew job 派工: a case or an incident in the hands of a crew. ``place`` is where the crew stood in the proposal of that
    moment (1: it was the one proposed), null when there was none."""

    crew = models.ForeignKey(Crew, on_delete=models.PROTECT, related_name="jobs")
    case = models.ForeignKey("Case", null=True, on_delete=models.PROTECT, related_name="jobs")
    incident = models.ForeignKey("RepairIncident", null=True, on_delete=models.PROTECT, related_name="jobs")
    place = models.SmallIntegerField(null=True)
    travel_m = models.IntegerField(null=True, help_text="how far it was then, as the crow flies")
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, help_text="DONE, TAKEN_BACK; empty while in hand")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, incident__isnull=True) | Q(case__isnull=True, incident__isnull=False),
                name="crewjob_is_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | (Q(ended_at__isnull=False) & Q(outcome__in=["DONE", "TAKEN_BACK"])),
                name="crewjob_ended_with_outcome",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True, case__isnull=False), name="crewjob_case_in_one_hand"
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(ended_at__isnull=True, incident__isnull=False),
                name="crewjob_incident_in_one_hand",
            ),
        ]
        indexes = [
            models.Index(fields=["crew", "ended_at"], name="crewjob_in_hand"),
            models.Index(fields=["sent_at"], name="crewjob_by_time"),
        ]


class CrewProposal(models.Model):
    """Crew proposal 派工建议: which crew was the nearest that could, for a case or an incident that waits; a further row each
    time it became another one."""

    crew = models.ForeignKey(Crew, null=True, on_delete=models.PROTECT, related_name="proposals")
    case = models.ForeignKey("Case", null=True, on_delete=models.PROTECT, related_name="proposals")
    incident = models.ForeignKey("RepairIncident", null=True, on_delete=models.PROTECT, related_name="proposals")
    at = models.DateTimeField()
    travel_m = models.IntegerField(null=True)
    minutes = models.IntegerField(null=True)
    because = models.CharField(max_length=24, help_text="OPENED, CREW_FREE, CREW_MOVED, CREW_SENT, DUTY, GROUPED")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(case__isnull=False, incident__isnull=True) | Q(case__isnull=True, incident__isnull=False),
                name="crewproposal_is_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "-id"], name="crewproposal_of_case"),
            models.Index(fields=["incident", "-id"], name="crewproposal_of_incident"),
        ]
