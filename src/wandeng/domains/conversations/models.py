"""Conversations with customers by short message and telephone, turn by turn."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.conversations.types import CallPurpose, CallResult, Direction, Medium, TurnOutcome


class Conversation(models.Model):
    """Conversation 会话: by short message all turns with one number; by telephone one call. The number is sealed; ``account``
    is the one that was spoken of last, and the unit the one responsible for it."""

    id = models.BigIntegerField(primary_key=True)
    medium = models.CharField(max_length=8)
    key = models.CharField(max_length=80, help_text="SMS: blind index of the number; PHONE: number of the call")
    phone_sealed = models.TextField()
    phone_index = models.CharField(max_length=64, db_index=True)
    is_verified = models.BooleanField(default=False, help_text="the number was a verified contact when it last spoke")
    account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="conversations"
    )
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    pending = models.CharField(max_length=16, blank=True, help_text="what was asked while a choice of accounts is open")
    offered = models.CharField(max_length=200, blank=True, help_text="account numbers in the order they were offered")
    offered_until = models.DateTimeField(null=True)
    node = models.CharField(max_length=32, blank=True, help_text="PHONE: where in the menu the caller is")
    tries = models.SmallIntegerField(default=0)
    case_number = models.CharField(max_length=32, blank=True, help_text="case that was opened in this conversation")
    ended_at = models.DateTimeField(null=True, help_text="PHONE: hung up, or handed to a person")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["medium", "key"], name="conversation_once"),
            models.CheckConstraint(
                condition=Q(medium__in=[str(one) for one in Medium]), name="conversation_medium_known"
            ),
            models.CheckConstraint(condition=Q(last_at__gte=F("opened_at")), name="conversation_goes_forward"),
            models.CheckConstraint(
                condition=Q(pending="") | Q(offered_until__isnull=False), name="conversation_choice_ends"
            ),
        ]
        indexes = [models.Index(fields=["last_at", "id"], name="conversation_by_time")]


class Turn(models.Model):
    """Turn 往来: something one side said. What comes in is kept before it is answered; ``outside_id`` is its number at the
    gateway and taken once."""

    id = models.BigIntegerField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="turns")
    direction = models.CharField(max_length=4)
    outside_id = models.CharField(max_length=80, unique=True, null=True)
    answers = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="answer")
    account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="+", help_text="spoken of in it"
    )
    case_number = models.CharField(
        max_length=32, blank=True, db_default="", help_text="case that it opened or was about"
    )
    text = models.CharField(max_length=1000)
    asked = models.CharField(max_length=16, blank=True, help_text="what was understood, or which answer this is")
    code = models.CharField(max_length=32, blank=True, help_text="of the text at the gateway; PHONE: what comes next")
    spoken = models.TextField(blank=True, help_text="PHONE: the whole answer, for whoever asks for this turn again")
    outcome = models.CharField(max_length=12, help_text="PENDING until it was acted on, or handed to the gateway")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    emptied_at = models.DateTimeField(null=True, help_text="when its words were emptied, their time being over")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=[str(one) for one in Direction]), name="turn_way_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=[str(one) for one in TurnOutcome]), name="turn_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(direction="IN") | Q(outside_id__isnull=False), name="turn_in_has_outside_id"
            ),
            models.CheckConstraint(
                condition=Q(outcome="PENDING") | Q(done_at__isnull=False), name="turn_done_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "at"], name="turn_of_conversation"),
            models.Index(fields=["case_number"], condition=~Q(case_number=""), name="turn_of_case"),
            models.Index(fields=["at"], condition=Q(emptied_at__isnull=True), name="turn_with_words"),
        ]


class OutboundCall(models.Model):
    """Outbound call 自动外呼: one attempt of a machine to call a customer, about a dunning step (its id) or the call-back of a case
    (number and round). PLACED is committed before the exchange is asked to dial; what came of it is written once."""

    id = models.BigIntegerField(primary_key=True)
    purpose = models.CharField(max_length=12)
    about = models.CharField(max_length=40)
    attempt = models.SmallIntegerField()
    account = models.ForeignKey(
        "customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="outbound_calls"
    )
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    phone_sealed = models.TextField()
    state = models.CharField(max_length=8, default="PLACED")
    result = models.CharField(max_length=12, blank=True)
    choice = models.CharField(max_length=16, blank=True, help_text="what was pressed, as the action of the menu")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "about", "attempt"], name="outboundcall_once"),
            models.CheckConstraint(
                condition=Q(purpose__in=[str(one) for one in CallPurpose]), name="outboundcall_purpose_known"
            ),
            models.CheckConstraint(condition=Q(state__in=["PLACED", "ENDED"]), name="outboundcall_state_known"),
            models.CheckConstraint(
                condition=Q(result__in=[*(str(one) for one in CallResult), ""]), name="outboundcall_result_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="ENDED") | Q(ended_at__isnull=False), name="outboundcall_ended_has_time"
            ),
            models.CheckConstraint(condition=~Q(state="ENDED") | ~Q(result=""), name="outboundcall_ended_has_result"),
        ]
        indexes = [
            models.Index(fields=["placed_at"], condition=Q(state="PLACED"), name="outboundcall_open"),
            models.Index(fields=["unit", "-id"], name="outboundcall_by_unit"),
        ]
