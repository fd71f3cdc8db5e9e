"""Orders to cut off and to give supply back, the switch that halts cutting, quotas, and the signed instructions that go
out and the receipts that come in. What must never happen stands as a constraint here, whatever the code above does."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

LIVE = ("PROPOSED", "SECOND_WANTED", "APPROVED", "DISPATCHED", "RECALLED", "CUT")
"""States in which a disconnection order of an account stands: there is at most one."""


class DisconnectionOrder(models.Model):
    """Disconnection order 停电单: one account, the debt it is for, the evidence it was proposed on, who approved it.

    ``approved_by`` and ``second_by`` are other people than ``proposed_by`` and each other; none leaves unapproved.
    """

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="disconnection_orders"
    )
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="disconnection_orders")
    basis = models.CharField(max_length=8, default="ARREARS", help_text="ARREARS; PREPAY: by the balance of an episode")
    episode = models.ForeignKey("PrepayEpisode", null=True, on_delete=models.PROTECT, related_name="orders")
    state = models.CharField(max_length=16, default="PROPOSED")
    level = models.CharField(max_length=16, help_text="ordinary, high_voltage, important: who may approve")
    demanded_fen = models.BigIntegerField(help_text="overdue when it was proposed; PREPAY: what the balance lacked")
    bills = models.TextField(help_text="JSON list: the ids of the overdue bills it is for")
    evidence = models.TextField(help_text="canonical JSON: the chain of steps as it stood")
    evidence_hash = models.CharField(max_length=64)
    reason = models.TextField()
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    approved_by = models.CharField(max_length=64, null=True)
    approved_at = models.DateTimeField(null=True)
    needs_second = models.BooleanField(default=False, help_text="beyond the bulk limit of its unit and day")
    second_by = models.CharField(max_length=64, null=True)
    second_at = models.DateTimeField(null=True)
    dispatched_by = models.CharField(max_length=64, null=True)
    dispatched_at = models.DateTimeField(null=True)
    cut_at = models.DateTimeField(null=True, help_text="when supply went off, as read back")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[*LIVE, "REFUSED", "WITHDRAWN", "FAILED", "SPARED", "RESTORED"],
                ),
                name="disconnection_state_known",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="disconnection_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | (~Q(second_by=F("proposed_by")) & ~Q(second_by=F("approved_by"))),
                name="disconnection_third_person",
            ),
            models.CheckConstraint(
                condition=Q(dispatched_at__isnull=True) | Q(approved_by__isnull=False),
                name="disconnection_sent_approved",
            ),
            models.CheckConstraint(
                condition=Q(dispatched_at__isnull=True) | Q(needs_second=False) | Q(second_by__isnull=False),
                name="disconnection_sent_by_two",
            ),
            models.CheckConstraint(condition=Q(demanded_fen__gt=0), name="disconnection_debt_positive"),
            models.CheckConstraint(
                condition=Q(basis="ARREARS", episode__isnull=True) | Q(basis="PREPAY", episode__isnull=False),
                name="disconnection_basis_told",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(state__in=LIVE), name="disconnection_one_live_per_account"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "id"], name="disconnection_by_unit"),
            models.Index(fields=["unit", "dispatched_at"], name="disconnection_sent"),
        ]


class ReconnectionOrder(models.Model):
    """Reconnection order 复电单: made in the transaction of the payment that clears the debt; needs nobody's approval.

    The clock runs from ``due_from`` (the payment) to ``due_at``; power is back at ``restored_at``.
    """

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="reconnection_orders"
    )
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="reconnection_orders")
    disconnection = models.ForeignKey(DisconnectionOrder, on_delete=models.PROTECT, related_name="reconnections")
    state = models.CharField(max_length=16, default="ORDERED")
    cause = models.CharField(
        max_length=16, default="PAYMENT", help_text="PAYMENT, PERSON, WRONG_CUT: cut although it should not have been"
    )
    payment_key = models.CharField(max_length=128, blank=True)
    due_from = models.DateTimeField()
    due_at = models.DateTimeField()
    rule_path = models.CharField(max_length=255)
    ordered_by = models.CharField(max_length=64)
    ordered_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=64, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["ORDERED", "RESTORED"]), name="reconnection_state_known"),
            models.CheckConstraint(
                condition=Q(cause__in=["PAYMENT", "PERSON", "WRONG_CUT"]), name="reconnection_cause_known"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("due_from")), name="reconnection_clock_forward"),
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="ORDERED"), name="reconnection_one_open_per_account"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_at"], name="reconnection_board"),
            models.Index(fields=["unit", "due_from"], name="reconnection_by_payment"),
        ]


class DisconnectionHalt(models.Model):
    """Disconnection halt 停电闸: pulled for a unit, it stops every dispatch in it and below; lifted by somebody else."""

    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="disconnection_halts")
    state = models.CharField(max_length=16, default="PULLED")
    is_drill = models.BooleanField(default=False)
    reason = models.TextField()
    pulled_by = models.CharField(max_length=64)
    pulled_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=64, null=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["PULLED", "LIFTED"]), name="halt_state_known"),
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True) | ~Q(lifted_by=F("pulled_by")), name="halt_two_persons"
            ),
            models.UniqueConstraint(fields=["unit"], condition=Q(state="PULLED"), name="halt_once_per_unit"),
        ]


class DisconnectionQuota(models.Model):
    """Disconnection quota 停电限额: how many orders may leave for a unit and all below it within sixty minutes. A unit
    without its own figure (null) follows the dated rule; its row is what dispatches wait for, one after another."""

    unit = models.OneToOneField("organization.Unit", on_delete=models.PROTECT, related_name="disconnection_quota")
    per_hour = models.IntegerField(null=True)
    set_by = models.CharField(max_length=64, blank=True)
    set_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(per_hour__isnull=True) | Q(per_hour__gte=0), name="disconnection_quota_positive"
            )
        ]


class InstructionChannel(models.Model):
    """Instruction channel 指令通道 to the field or to a remote-control gateway: the last number sent and the last taken."""

    code = models.CharField(max_length=64, unique=True, help_text="FIELD:<unit> or REMOTE:<unit>")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="instruction_channels")
    last_sent = models.BigIntegerField(default=0)
    last_taken = models.BigIntegerField(default=0)


class SignedInstruction(models.Model):
    """Signed instruction 签名指令: what the field or the gateway was told, word for word; written once."""

    channel = models.ForeignKey(InstructionChannel, on_delete=models.PROTECT, related_name="instructions")
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=12, help_text="DISCONNECT, RECONNECT")
    disconnection = models.ForeignKey(
        DisconnectionOrder, null=True, on_delete=models.PROTECT, related_name="instructions"
    )
    reconnection = models.ForeignKey(
        ReconnectionOrder, null=True, on_delete=models.PROTECT, related_name="instructions"
    )
    text = models.TextField(help_text="the signed message")
    key_id = models.CharField(max_length=16)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, help_text="when the gateway had it; null for the field")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "sequence"], name="instruction_numbered"),
            models.CheckConstraint(condition=Q(kind__in=["DISCONNECT", "RECONNECT"]), name="instruction_kind_known"),
        ]


class InstructionReceipt(models.Model):
    """Instruction receipt 指令回执: a message that came in, taken or refused with its reason; nothing is thrown away."""

    channel_code = models.CharField(max_length=64, blank=True, db_index=True, help_text="as the message claims")
    sequence = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=32, help_text="TAKEN, or the code of the refusal")
    sentence = models.TextField(blank=True)
    supply = models.CharField(max_length=8, blank=True, help_text="ON, OFF as read back")
    instruction = models.ForeignKey(SignedInstruction, null=True, on_delete=models.PROTECT, related_name="receipts")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what came")
    received_at = models.DateTimeField(db_index=True)


class DispatchRefusal(models.Model):
    """Dispatch refusal 拒发记录: an approved order that was not sent, and why."""

    order = models.ForeignKey(DisconnectionOrder, on_delete=models.PROTECT, related_name="refusals")
    code = models.CharField(max_length=48)
    sentence = models.TextField()
    actor = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
