"""Units, people and the posts they hold; how people come in: passwords, tokens, the login log."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q


class Unit(models.Model):
    """Unit 单位: a province, city or county company, a centre, or a power-supply office (供电所)."""

    KINDS = ("PROVINCE", "CITY", "COUNTY", "CENTRE", "OFFICE")

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=128)
    kind = models.CharField(max_length=16)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(
        max_length=255, unique=True, help_text="codes from the root, each followed by '/': a prefix is a subtree"
    )
    territory = models.CharField(max_length=32, help_text="whose rules apply: a folder under rules/")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["PROVINCE", "CITY", "COUNTY", "CENTRE", "OFFICE"]), name="unit_kind_known"
            )
        ]


class People(BaseUserManager["Person"]):
    """People as Django's login finds them: by code."""


class Person(AbstractBaseUser):
    """A member of staff; acts under ``code``, and logs in with it. Without a usable password they cannot."""

    USERNAME_FIELD = "code"
    NO_PASSWORD = "!"

    id = models.BigIntegerField(primary_key=True)
    # In the database too: people come by columns, which know nothing of passwords.
    password = models.CharField(max_length=128, default=NO_PASSWORD, db_default=NO_PASSWORD)
    code = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="people")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False, db_default=False)
    is_demo = models.BooleanField(
        default=False, db_default=False, help_text="made by a demonstration: its login page offers this account"
    )

    objects: ClassVar[People] = People()


class Post(models.Model):
    """A post 岗位: a role held by a person over a unit and all below it, from a day to a day."""

    id = models.BigIntegerField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=32)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "unit", "role", "valid_from"], name="post_once"),
            models.CheckConstraint(condition=Q(valid_to__gt=models.F("valid_from")), name="post_period_forward"),
        ]


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

    OUTCOMES = ("IN", "OUT", "WRONG", "LOCKED", "NO_POST")

    at = models.DateTimeField(db_index=True)
    person_code = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=32, blank=True, help_text="code of the browser, by a signed cookie")
    browser = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["IN", "OUT", "WRONG", "LOCKED", "NO_POST"]), name="login_outcome_known"
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
