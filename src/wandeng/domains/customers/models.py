"""Parties, accounts, agreements, contacts. Phone and identity numbers are stored encrypted with a blind index."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Customer(models.Model):
    """Customer 客户: the person or organization behind one or more accounts."""

    id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=256)
    kind = models.CharField(max_length=16)
    id_number_sealed = models.TextField(blank=True)
    id_number_index = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["PERSON", "ORGANIZATION"]), name="customer_kind_known")
        ]


class CustomerAccount(models.Model):
    """Customer account 户号: what is billed. ``account_number`` is text, its length a rule of the region."""

    id = models.BigIntegerField(primary_key=True)
    account_number = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="accounts")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="accounts")
    name = models.CharField(max_length=256)
    address = models.CharField(max_length=256)
    customer_class = models.CharField(max_length=16, help_text="用户分类: HIGH_VOLTAGE, LOW_VOLTAGE, RESIDENTIAL")
    locality = models.CharField(max_length=16, help_text="URBAN, RURAL, REMOTE: drives arrival limits")
    importance = models.CharField(max_length=16, blank=True, help_text="重要性等级: SPECIAL, FIRST, SECOND, TEMPORARY")
    household_size = models.SmallIntegerField(default=0)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(customer_class__in=["HIGH_VOLTAGE", "LOW_VOLTAGE", "RESIDENTIAL"]),
                name="account_class_known",
            ),
            models.CheckConstraint(
                condition=Q(locality__in=["URBAN", "RURAL", "REMOTE"]), name="account_locality_known"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "id"], name="account_by_unit"),
            models.Index(fields=["customer_class", "account_number"], name="account_by_class"),
            models.Index(fields=["importance", "unit"], name="account_important", condition=~Q(importance="")),
            models.Index(
                fields=["unit"],
                name="account_foremost",
                condition=Q(closed_on__isnull=True) & (~Q(importance="") | Q(customer_class="HIGH_VOLTAGE")),
            ),
        ]


class CustomerAgreement(models.Model):
    """Supply agreement 供用电合同 of an account: drafted, signed, renewed, expired."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=32, unique=True)
    account = models.ForeignKey(CustomerAccount, on_delete=models.PROTECT, related_name="agreements")
    state = models.CharField(max_length=16, default="DRAFT")
    valid_from = models.DateField()
    valid_to = models.DateField()
    signed_on = models.DateField(null=True)
    late_fee_rate_e4 = models.SmallIntegerField(
        null=True,
        help_text="约定违约金日利率, 10⁻⁴ of the arrears a day (2 ‰ = 20); null: none agreed, the rule decides",
    )
    renews = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="renewed_by")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["DRAFT", "SIGNED", "EXPIRED", "TERMINATED", "WITHDRAWN"]),
                name="agreement_state_known",
            ),
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="agreement_period_forward"),
            models.CheckConstraint(
                condition=~Q(state="SIGNED") | Q(signed_on__isnull=False), name="agreement_signed_has_day"
            ),
            models.CheckConstraint(
                condition=Q(late_fee_rate_e4__isnull=True) | Q(late_fee_rate_e4__gt=0),
                name="agreement_late_fee_positive",
            ),
        ]
        indexes = [
            models.Index(fields=["valid_to", "account"], name="agreement_signed_until", condition=Q(state="SIGNED")),
            models.Index(fields=["account"], name="agreement_draft", condition=Q(state="DRAFT")),
        ]


class Contact(models.Model):
    """A phone number of an account and how sure we are that it reaches the right person."""

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(CustomerAccount, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(max_length=64, blank=True)
    phone_sealed = models.TextField()
    phone_index = models.CharField(max_length=64, db_index=True)
    phone_tail_index = models.CharField(max_length=64, db_index=True, help_text="blind index of the last four digits")
    is_primary = models.BooleanField(default=True)
    verification = models.CharField(max_length=16, default="UNVERIFIED")
    verified_at = models.DateTimeField(null=True)
    assigned_to = models.CharField(
        max_length=64, blank=True, default="", db_default="", db_index=True, help_text="code of who is to check it next"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verification__in=["UNVERIFIED", "RIGHT", "WRONG"]), name="contact_verification_known"
            ),
            models.UniqueConstraint(fields=["account", "phone_index"], name="contact_once_per_account"),
        ]
        indexes = [
            models.Index(
                fields=["verification", "account"], name="contact_to_verify", condition=~Q(verification="RIGHT")
            ),
        ]
