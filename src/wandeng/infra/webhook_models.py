"""Tables of webhooks: who is told of which events, what was sent, and what came back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class WebhookEndpoint(models.Model):
    """An address of another system that is told of events. The secret is sealed; ``kinds`` empty means every kind,
    ``unit_path`` empty the whole installation."""

    name = models.CharField(max_length=64)
    url = models.CharField(max_length=2000)
    secret = models.TextField(help_text="sealed")
    previous_secret = models.TextField(blank=True, help_text="sealed; signs beside the new one until previous_until")
    previous_until = models.DateTimeField(null=True)
    kinds = models.TextField(default="[]", help_text="JSON list of event names")
    unit_path = models.CharField(max_length=255, blank=True)
    active = models.BooleanField(default=True)
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, help_text="since when no delivery has succeeded")
    disabled_at = models.DateTimeField(null=True)
    disabled_why = models.CharField(max_length=32, blank=True)

    class Meta:
        app_label = "infra"
        constraints = [models.UniqueConstraint(fields=["name"], name="webhookendpoint_name")]


class WebhookDelivery(models.Model):
    """One event for one endpoint: sent at least once with the same bytes, or parked after too many failures."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.PROTECT, related_name="deliveries")
    event = models.ForeignKey("infra.Event", null=True, on_delete=models.PROTECT, related_name="webhooks")
    message_id = models.CharField(max_length=64, help_text="the same in every attempt and replay")
    kind = models.CharField(max_length=64)
    body = models.TextField(help_text="what is sent, to the byte")
    state = models.CharField(max_length=16, default="PENDING")
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField()
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "infra"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message_id"], name="webhookdelivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "DONE", "PARKED"]), name="webhookdelivery_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_at"], name="webhookdelivery_due"),
            models.Index(fields=["endpoint", "id"], name="webhookdelivery_log"),
        ]


class WebhookAttempt(models.Model):
    """One call: what it took, and the beginning of what came back. ``status`` is null when nothing came back."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    milliseconds = models.IntegerField(default=0)
    excerpt = models.TextField(blank=True)
    error = models.TextField(blank=True)

    class Meta:
        app_label = "infra"
