"""How the utility set up its system: parameters, words of its own, notices, its name and colours."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.organization.models.units import Person, Unit


class ParameterValue(models.Model):
    """Parameter value 参数取值: a decision of the utility, from a day on; drafted by one person, approved by another."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, help_text="a parameter the product knows")
    value = models.BigIntegerField()
    valid_from = models.DateField(help_text="the first day it holds; until the next approved one")
    state = models.CharField(max_length=16, default="DRAFT")
    reason = models.TextField()
    drafted_by = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "APPROVED", "WITHDRAWN"]), name="parameter_state_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("drafted_by")), name="parameter_two_persons"
            ),
            models.UniqueConstraint(
                fields=["code", "valid_from"], condition=Q(state="APPROVED"), name="parameter_once_a_day"
            ),
        ]


class DictionaryEntry(models.Model):
    """Dictionary entry 字典项: a word of the utility's own in a dictionary that the product leaves open."""

    id = models.BigIntegerField(primary_key=True)
    dictionary = models.CharField(max_length=64)
    code = models.CharField(max_length=32)
    label = models.CharField(max_length=128)
    place = models.SmallIntegerField(default=0, help_text="order in lists; equal places by code")
    is_offered = models.BooleanField(default=True, help_text="no: kept for old records, not offered any more")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dictionary", "code"], name="dictionary_entry_once")]


class Announcement(models.Model):
    """Announcement 通知公告 to those who hold a role in a unit and below, from a day to a day."""

    id = models.BigIntegerField(primary_key=True)
    title = models.CharField(max_length=128)
    body = models.TextField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="announcements")
    roles = models.CharField(max_length=255, blank=True, help_text="role codes between commas; empty: everybody")
    is_urgent = models.BooleanField(default=False)
    visible_from = models.DateField()
    visible_to = models.DateField(help_text="the first day it is not shown")
    state = models.CharField(max_length=16, default="DRAFT")
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    published_by = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "PUBLISHED", "RECALLED"]), name="announcement_state_known"
            ),
            models.CheckConstraint(condition=Q(visible_to__gt=F("visible_from")), name="announcement_period_forward"),
        ]
        indexes = [models.Index(fields=["state", "visible_to"], name="announcement_shown")]


class AnnouncementRead(models.Model):
    """Read mark 已读 of a person on an announcement."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "person"], name="announcement_read_once")]


class Brand(models.Model):
    """Brand 品牌: the utility's name, logo and colours on every page. The newest row holds, older ones are history."""

    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=64, blank=True)
    logo = models.BinaryField(default=b"", help_text="a cleaned PNG, or nothing")
    logo_hash = models.CharField(max_length=64, blank=True)
    colours = models.TextField(default="{}", help_text="JSON: colour name → #rrggbb")
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()
