"""Units, people and the posts they hold."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from wandeng.domains.organization.types import AtDoor


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
    closed_on = models.DateField(null=True, help_text="the first day without it; its history stays")

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

    at_door: AtDoor | None = None
    """What was read together with the person of a session (``queries.door``); not kept in the database."""


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
