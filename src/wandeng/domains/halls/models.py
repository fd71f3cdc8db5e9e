"""Queue tickets of halls, the day they are numbered in, the counters that call them, and the key of a hall's kiosk."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.halls.states import TICKET
from wandeng.domains.halls.types import HallWorkKind, TicketPriority, TicketPurpose, WhyNext


class HallDay(models.Model):
    """Day of a hall 营业日: whoever takes or calls holds this row, so that no number is given twice and no ticket is called by two
    counters."""

    id = models.BigAutoField(primary_key=True)
    outlet = models.ForeignKey("outlets.Outlet", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outlet", "on"], name="hallday_once")]


class HallCounter(models.Model):
    """Counter 窗口 that a clerk opened at a hall, until it is closed. It serves all business; ``is_accessible``: reached with a
    wheelchair (无障碍)."""

    id = models.BigAutoField(primary_key=True)
    outlet = models.ForeignKey("outlets.Outlet", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=8)
    clerk = models.CharField(max_length=64)
    is_accessible = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "code"], condition=Q(closed_at__isnull=True), name="hallcounter_open_once"
            ),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="hallcounter_by_unit")]


class QueueTicket(models.Model):
    """Queue ticket 排队号: a number of a hall's day. Who it is may stay unknown; a telephone number is sealed. ``called_at`` is the
    first call: waiting (``waited_s``) ends there, or when somebody leaves before. ``limit_s`` is the limit of the day it was taken."""

    id = models.BigAutoField(primary_key=True)
    day = models.ForeignKey(HallDay, on_delete=models.PROTECT, related_name="tickets")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=10)
    number = models.IntegerField()
    priority = models.CharField(max_length=8, blank=True, help_text="empty: as they come")
    account = models.ForeignKey("customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+")
    phone_sealed = models.TextField(blank=True)
    appointment = models.CharField(max_length=24, blank=True, help_text="number of the appointment it was taken for")
    due_at = models.DateTimeField(null=True, help_text="when the appointment begins")
    state = models.CharField(max_length=8, default=TICKET.start)
    counter = models.CharField(max_length=8, blank=True, help_text="the counter that called last")
    clerk = models.CharField(max_length=64, blank=True, help_text="who called last")
    wanted_counter = models.CharField(max_length=8, blank=True, help_text="the counter it was handed to")
    calls = models.SmallIntegerField(default=0)
    called_why = models.CharField(max_length=12, blank=True)
    taken_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    last_called_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    waited_s = models.IntegerField(null=True)
    limit_s = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "purpose", "number"], name="queueticket_once"),
            models.CheckConstraint(condition=Q(state__in=TICKET.states), name="queueticket_state_known"),
            models.CheckConstraint(
                condition=Q(purpose__in=[str(one) for one in TicketPurpose]), name="queueticket_purpose_known"
            ),
            models.CheckConstraint(
                condition=Q(priority__in=[*(str(one) for one in TicketPriority), ""]), name="queueticket_priority_known"
            ),
            models.CheckConstraint(
                condition=Q(called_why__in=[*(str(one) for one in WhyNext), ""]), name="queueticket_why_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="SERVED") | Q(ended_at__isnull=False), name="queueticket_served_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(called_at__isnull=True) | Q(called_at__gte=F("taken_at")), name="queueticket_called_later"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-id"], name="queueticket_by_unit"),
            models.Index(fields=["day", "state"], name="queueticket_of_day"),
        ]


class HallWork(models.Model):
    """Business of a ticket 办理业务: a case or a payment that was made while it was served."""

    id = models.BigAutoField(primary_key=True)
    ticket = models.ForeignKey(QueueTicket, on_delete=models.PROTECT, related_name="work")
    kind = models.CharField(max_length=8)
    number = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind", "number"], name="hallwork_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[str(one) for one in HallWorkKind]), name="hallwork_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["number", "kind"], name="hallwork_of_case")]


class KioskKey(models.Model):
    """Key of a hall's kiosk and screen 取号机密钥: whoever has the address takes numbers there. Only its hash is kept; a new one
    ends the one before."""

    id = models.BigAutoField(primary_key=True)
    outlet = models.ForeignKey("outlets.Outlet", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["outlet"], condition=Q(ended_at__isnull=True), name="kioskkey_one_a_hall"),
        ]
