"""Templates and their versions, notices, whom they are for, every attempt to reach them, and who wants no more."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

_CHANNELS = ["SMS", "WECHAT", "VOICE", "EMAIL", "LETTER"]
_PURPOSES = ["PAYMENT", "BILL", "ARREARS", "DISCONNECTION", "SUPPLY", "PREPAY", "OUTAGE", "APPOINTMENT", "WORK"]


class NoticeTemplate(models.Model):
    """Notice template 通知模板: what is told on which occasion; its texts stand in versions."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=48, unique=True)
    name = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16, help_text="what opt-outs and sending hours go by")
    audience = models.CharField(max_length=16, default="CUSTOMER")
    is_default = models.BooleanField(default=False, help_text="came with the product")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=_PURPOSES), name="template_purpose_known"),
            models.CheckConstraint(condition=Q(audience__in=["CUSTOMER", "STAFF"]), name="template_audience_known"),
        ]


class NoticeTemplateVersion(models.Model):
    """Notice template version 模板版本: texts by channel, drafted by one person, approved by another, then never changed."""

    id = models.BigIntegerField(primary_key=True)
    template = models.ForeignKey(NoticeTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    state = models.CharField(max_length=16, default="DRAFT")
    valid_from = models.DateField(help_text="the first day it is used; until the next approved one")
    channels = models.CharField(max_length=64, help_text="codes between commas, in the order they are tried")
    slots = models.TextField(blank=True, help_text="names of the slots its texts use, between commas")
    texts = models.TextField(help_text="JSON: channel → title, text, reduced (without personal data)")
    is_default = models.BooleanField(default=False, help_text="the product's own text")
    reason = models.TextField(blank=True)
    drafted_by = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="templateversion_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "APPROVED", "WITHDRAWN"]), name="templateversion_state_known"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("drafted_by")), name="templateversion_two_persons"
            ),
            models.UniqueConstraint(
                fields=["template", "valid_from"], condition=Q(state="APPROVED"), name="templateversion_once_a_day"
            ),
        ]


class Notice(models.Model):
    """Notice 通知: the intention to tell something, by a version of a template, to one or to many; its key is unique."""

    id = models.BigIntegerField(primary_key=True)
    key = models.CharField(max_length=128, unique=True)
    version = models.ForeignKey(NoticeTemplateVersion, on_delete=models.PROTECT, related_name="notices")
    is_urgent = models.BooleanField(default=False)
    not_before = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()


class NoticeRecipient(models.Model):
    """Notice recipient 通知对象: an account or a member of staff that a notice is for, and how far telling them has come.

    Filled by the hundred thousand, so its keys are not constraints of the database (``checks`` looks for orphans).
    """

    id = models.BigIntegerField(primary_key=True)
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, related_name="recipients", db_constraint=False, db_index=False
    )
    account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    person = models.ForeignKey(
        "organization.Person", null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False,
        db_index=False,
    )  # fmt: skip
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    slots = models.TextField(help_text="JSON: slot → text")
    state = models.CharField(max_length=16, default="WAITING")
    channel = models.CharField(max_length=16, default="SMS", help_text="the one tried now, or last")
    round = models.SmallIntegerField(default=1, help_text="grows when a person has it sent again")
    rank = models.SmallIntegerField(default=1, help_text="0 urgent, 1 ordinary")
    tries = models.SmallIntegerField(default=0, help_text="calls of this channel that failed in a row")
    own_channels = models.CharField(
        max_length=64, default="", blank=True,
        help_text="the order that the account chose, codes between commas; empty: the version's",
    )  # fmt: skip
    due_at = models.DateTimeField(null=True, help_text="when something is to be done; null: nothing by itself")
    why = models.CharField(max_length=32, blank=True, help_text="what stands in the way, or stood")
    reached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "WAITING", "SENDING", "SENT", "DELIVERED", "UNKNOWN", "FAILED", "OPTED_OUT", "CANCELLED",
                    ]
                ),
                name="recipient_state_known",
            ),
            models.CheckConstraint(condition=Q(channel__in=_CHANNELS), name="recipient_channel_known"),
            models.UniqueConstraint(
                fields=["notice", "account"], condition=Q(account__isnull=False), name="recipient_account_once"
            ),
            models.UniqueConstraint(
                fields=["notice", "person"], condition=Q(person__isnull=False), name="recipient_person_once"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["state", "channel", "rank", "due_at", "id"],
                condition=Q(due_at__isnull=False),
                name="recipient_due",
            ),
            models.Index(fields=["state", "id"], name="recipient_by_state"),
            models.Index(fields=["unit", "id"], name="recipient_by_unit"),
            models.Index(F("account"), F("id"), condition=Q(account__isnull=False), name="recipient_by_account"),
        ]


class LetterBatch(models.Model):
    """Letter batch 信函批次: letters printed together; printing it again prints the same."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    printed_by = models.CharField(max_length=64)
    printed_at = models.DateTimeField()
    letters = models.IntegerField()


class NoticeAttempt(models.Model):
    """Notice attempt 送达尝试: one message to one recipient by one channel, under one number however often it is called for."""

    id = models.BigIntegerField(primary_key=True)
    recipient = models.ForeignKey(
        NoticeRecipient, on_delete=models.PROTECT, related_name="attempts", db_constraint=False, db_index=False
    )
    channel = models.CharField(max_length=16)
    round = models.SmallIntegerField()
    message_id = models.CharField(max_length=64, unique=True, help_text="what the gateway is told, and asked by")
    gateway = models.CharField(max_length=32)
    is_reduced = models.BooleanField(help_text="the text without personal data was sent: the number is not verified")
    contact = models.ForeignKey(
        "customers.Contact", null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    masked = models.CharField(max_length=64, blank=True, help_text="where to, as lists show it")
    parts = models.SmallIntegerField(default=1, help_text="short messages it takes; pages of a letter")
    calls = models.SmallIntegerField(default=1)
    outcome = models.CharField(max_length=16, blank=True, help_text="empty: on its way, or nobody knows")
    answer = models.CharField(max_length=200, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    letter_batch = models.ForeignKey(LetterBatch, null=True, on_delete=models.PROTECT, related_name="attempts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient", "channel", "round"], name="attempt_once_a_round"),
        ]


class NoticeAddress(models.Model):
    """Notice address 送达地址: where an account is reached besides its contacts' phones, or where a member of staff is."""

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey("customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("organization.Person", null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16)
    address_sealed = models.TextField()
    address_index = models.CharField(max_length=64)
    is_verified = models.BooleanField(default=False)
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "notice addresses"
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=_CHANNELS), name="address_channel_known"),
            models.CheckConstraint(
                condition=Q(account__isnull=True, person__isnull=False) | Q(account__isnull=False, person__isnull=True),
                name="address_of_one",
            ),
            models.UniqueConstraint(
                fields=["account", "channel"], condition=Q(account__isnull=False), name="address_account_once"
            ),
            models.UniqueConstraint(
                fields=["person", "channel"], condition=Q(person__isnull=False), name="address_person_once"
            ),
        ]


class OptOut(models.Model):
    """Opt-out 退订: an account wants no more notices of a purpose, from a moment on, until it is taken back."""

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16)
    source = models.CharField(max_length=16, help_text="how they said so: REPLY, HALL, PHONE, ONLINE")
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=64)
    ended_by = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=_PURPOSES), name="optout_purpose_known"),
            models.CheckConstraint(
                condition=Q(source__in=["REPLY", "HALL", "PHONE", "ONLINE"]), name="optout_source_known"
            ),
            models.UniqueConstraint(
                fields=["account", "purpose"], condition=Q(until_at__isnull=True), name="optout_once_at_a_time"
            ),
        ]


class ContactPreference(models.Model):
    """Contact preference 联系偏好: by which channel an account is told first what it may do without, and when not. What it wants
    no more of at all are its :class:`OptOut` rows."""

    id = models.BigIntegerField(primary_key=True)
    account = models.OneToOneField("customers.CustomerAccount", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=16, blank=True, help_text="empty: as the texts say")
    quiet_first = models.SmallIntegerField(null=True, help_text="minute of the local day from which nothing is sent")
    quiet_last = models.SmallIntegerField(
        null=True, help_text="minute at which that ends; before the first: the next day"
    )
    source = models.CharField(max_length=16, help_text="how they said so: REPLY, HALL, PHONE, ONLINE")
    set_by = models.CharField(max_length=64)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=[*_CHANNELS, ""]), name="preference_channel_known"),
            models.CheckConstraint(
                condition=Q(source__in=["REPLY", "HALL", "PHONE", "ONLINE"]), name="preference_source_known"
            ),
            models.CheckConstraint(
                condition=Q(quiet_first__isnull=True, quiet_last__isnull=True)
                | Q(quiet_first__range=(0, 1439), quiet_last__range=(0, 1439)),
                name="preference_quiet_whole",
            ),
        ]


class NoticeGateway(models.Model):
    """Notice gateway 发送网关 as its breaker sees it: after failures in a row nothing is sent for a while."""

    code = models.CharField(max_length=32, primary_key=True)
    channel = models.CharField(max_length=16)
    failures = models.SmallIntegerField(default=0, help_text="calls that failed in a row")
    openings = models.SmallIntegerField(default=0, help_text="how often it opened in a row: the pause doubles")
    open_until = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
