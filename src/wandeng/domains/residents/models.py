"""Residents who serve themselves: their phone, codes, sessions, tokens, and the accounts they showed to be theirs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.residents.types import BindingProof, CodePurpose


class Resident(models.Model):
    """Resident 自助用户: whoever proved a phone. The number is sealed and found by its blind index."""

    id = models.BigIntegerField(primary_key=True)
    phone_sealed = models.TextField()
    phone_index = models.CharField(max_length=64, unique=True)
    joined_at = models.DateTimeField()
    seen_at = models.DateTimeField()


class ResidentCode(models.Model):
    """Resident's code 验证码: asked for once, good for some minutes and some trials. The code itself is kept nowhere: it follows
    from the handle and the installation's key. Without a phone it goes nowhere: what was asked about is not known."""

    id = models.BigIntegerField(primary_key=True)
    handle = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=8)
    resident = models.ForeignKey(Resident, null=True, on_delete=models.CASCADE, related_name="codes")
    account = models.ForeignKey("customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+")
    phone_sealed = models.TextField(blank=True)
    tries = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[str(one) for one in CodePurpose]), name="resident_code_purpose_known"
            ),
            models.CheckConstraint(
                condition=~Q(purpose="BIND") | Q(resident__isnull=False), name="resident_code_bind_has_resident"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="resident_code_goes_forward"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="resident_code_by_end")]


class ResidentSession(models.Model):
    """Resident's session 登录: apart from those of staff; only the hash of its token is kept."""

    id = models.BigIntegerField(primary_key=True)
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="sessions")
    token_hash = models.CharField(max_length=64, unique=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begun_at")), name="resident_session_goes_forward")
        ]
        indexes = [models.Index(fields=["ends_at"], name="resident_session_by_end")]


class ResidentToken(models.Model):
    """Personal token 个人令牌 of a resident: reads what they hold; only the hash of it is kept."""

    id = models.BigIntegerField(primary_key=True)
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12, help_text="the first characters, to tell tokens apart")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="resident_token_goes_forward"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_by=""), name="resident_token_end_has_person"
            ),
        ]
        indexes = [models.Index(fields=["resident", "id"], name="token_of_resident")]


class AccountBinding(models.Model):
    """Account binding 户号绑定: an account that a resident showed to be theirs, and how; ended by them or by staff."""

    id = models.BigIntegerField(primary_key=True)
    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="bindings")
    account = models.ForeignKey("customers.CustomerAccount", on_delete=models.PROTECT, related_name="bindings")
    proof = models.CharField(max_length=8)
    bound_at = models.DateTimeField()
    bound_by = models.CharField(max_length=64, blank=True, help_text="code of the member of staff; empty: the resident")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proof__in=[str(one) for one in BindingProof]), name="binding_proof_known"
            ),
            models.CheckConstraint(condition=Q(ended_at__isnull=True) | ~Q(ended_by=""), name="binding_end_has_person"),
            models.UniqueConstraint(
                fields=["resident", "account"], condition=Q(ended_at__isnull=True), name="binding_once"
            ),
        ]
        indexes = [models.Index(fields=["account", "id"], name="binding_of_account")]
