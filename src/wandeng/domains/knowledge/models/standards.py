"""The register of standards: which hold, who owns them, when they are looked at again."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

STANDARD_KINDS = ("MANAGEMENT", "TECHNICAL", "WORK")
STATUSES = ("DRAFT", "IN_FORCE", "REVISING", "ABOLISHED")


class Standard(models.Model):
    """Standard 标准: one of the utility's standards 标准体系, with its owner and the day of its next review.

    ``status`` comes with the register's file or from a review; ``supersedes`` is the code of the one it replaced, which
    need not stand here.
    """

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, help_text="MANAGEMENT, TECHNICAL, WORK")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="standards")
    post = models.CharField(max_length=64, blank=True, help_text="the post that answers for it")
    status = models.CharField(max_length=12)
    valid_from = models.DateField(null=True)
    review_on = models.DateField(null=True, help_text="when it is to be looked at again")
    supersedes = models.CharField(max_length=64, blank=True)
    link = models.CharField(max_length=255, blank=True, help_text="where its text is: an address or a file's name")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=STANDARD_KINDS), name="standard_kind_known"),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="standard_status_known"),
            models.CheckConstraint(condition=~Q(supersedes=F("code")), name="standard_not_itself"),
            models.CheckConstraint(
                condition=Q(status__in=["DRAFT", "ABOLISHED"]) | Q(review_on__isnull=False), name="standard_is_reviewed"
            ),
        ]
        indexes = [models.Index(fields=["status", "review_on"], name="standard_review_due")]


class StandardReview(models.Model):
    """Standard review 标准复审: a standard was looked at on a day, and what came of it."""

    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="reviews")
    on = models.DateField()
    outcome = models.CharField(max_length=12, help_text="KEPT, REVISE, ABOLISH")
    remark = models.TextField(blank=True)
    next_on = models.DateField(null=True)
    person = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["KEPT", "REVISE", "ABOLISH"]), name="standardreview_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="ABOLISH") | Q(next_on__gt=F("on")), name="standardreview_looks_ahead"
            ),
        ]
