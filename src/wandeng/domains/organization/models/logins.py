"""How people come in and what they keep: tokens, the login log, saved views of lists."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.domains.organization.models.units import Person, Unit


class ApiToken(models.Model):
    """API token 接口令牌 of a person: only its digest is kept; it acts with the person's posts, or with less."""

    id = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    label = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token")
    hint = models.CharField(max_length=12, help_text="the first characters, to tell tokens apart")
    may_write = models.BooleanField(default=False)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="tokens")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("created_at")), name="token_period_forward")
        ]


class LoginRecord(models.Model):
    """One line of the login log 登录日志: who tried to come in from where, and what became of it."""

    OUTCOMES = ("IN", "OUT", "WRONG", "LOCKED", "NO_POST", "UNLOCKED")

    at = models.DateTimeField(db_index=True)
    person_code = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=32, blank=True, help_text="code of the browser, by a signed cookie")
    browser = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["IN", "OUT", "WRONG", "LOCKED", "NO_POST", "UNLOCKED"]),
                name="login_outcome_known",
            )
        ]
        indexes = [
            models.Index(fields=["person_code", "at"], name="login_by_person"),
            models.Index(fields=["address", "at"], name="login_by_address"),
        ]


class SavedView(models.Model):
    """A saved view 常用视图: a person's own filters, order and columns of a list, as the address holds them."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="views")
    list_name = models.CharField(max_length=64)
    name = models.CharField(max_length=64)
    query = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "list_name", "name"], name="view_once_by_name")]
