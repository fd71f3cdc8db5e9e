"""What is asked of the customer before a case ends."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class CallBack(models.Model):
    """Call-back 回访: one round of a case is asked about, at most once answered. ``due_at`` ends its limit.

    WANTED until the customer answered, or could not be reached in as many attempts as the definition allows.
    """

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="call_backs")
    round = models.SmallIntegerField()
    state = models.CharField(max_length=12, default="WANTED")
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(help_text="not before: hours of calling, time between attempts")
    channel = models.CharField(max_length=12, blank=True, help_text="PHONE, SMS, PORTAL")
    score = models.SmallIntegerField(null=True, help_text="1 very dissatisfied to 5 very satisfied")
    remark = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    called_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="callback_once_a_round"),
            models.CheckConstraint(
                condition=Q(state__in=["WANTED", "SATISFIED", "DISSATISFIED", "UNREACHED"]), name="callback_state_known"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(1, 5)), name="callback_score_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["SATISFIED", "DISSATISFIED"]) | Q(score__isnull=False),
                name="callback_answer_has_score",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="callback_to_make")]
