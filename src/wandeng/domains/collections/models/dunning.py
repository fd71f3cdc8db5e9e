"""An account in arrears and what was done about it. Rows of cases and steps are written by columns, with explicit ids."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

STEP_KINDS = ["SMS", "VOICE", "VISIT", "NOTICE", "SECOND_NOTICE", "CUT"]


class DunningCase(models.Model):
    """Dunning case 催费单: an account in arrears, what is overdue as of a day, how far the ladder went, and who is
    responsible. At most one of an account is not CLOSED.

    ``step`` is the last one taken and ``rung`` its place on the ladder (-1: none); ``next_step`` and ``next_on`` are what
    the last run found to come next. ``noticed_on``: the first written notice reached somebody; ``cut_at``: power was cut.
    """

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="dunning_cases", db_constraint=False
    )
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    customer_class = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="OPEN")
    opened_on = models.DateField()
    as_of = models.DateField(help_text="the day of the amounts")
    open_fen = models.BigIntegerField(help_text="overdue on that day, late fee not counted")
    bills = models.IntegerField()
    oldest_due_on = models.DateField()
    responsible = models.CharField(max_length=64, blank=True, help_text="code of the person responsible (催费责任人)")
    rung = models.SmallIntegerField(default=-1)
    step = models.CharField(max_length=16, blank=True)
    step_on = models.DateField(null=True)
    attempt = models.SmallIntegerField(default=0)
    standing = models.CharField(max_length=16, blank=True, help_text="STEP, READY, TASK, PROTECTED, DONE")
    next_step = models.CharField(max_length=16, blank=True)
    next_on = models.DateField(null=True)
    noticed_on = models.DateField(null=True)
    cut_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    closed_as = models.CharField(max_length=16, blank=True)
    rule_path = models.CharField(max_length=255)
    rule_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=~Q(state="CLOSED"), name="dunningcase_one_open"),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "PROMISED", "CUT", "CLOSED"]), name="dunningcase_state_known"
            ),
            models.CheckConstraint(
                condition=Q(closed_as__in=["", "PAID", "PROMISE_KEPT", "PLAN", "WRITTEN_OFF", "SMALL"]),
                name="dunningcase_closed_as_known",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "next_on"], name="dunningcase_board"),
            models.Index(fields=["responsible", "state"], name="dunningcase_by_person"),
            models.Index(fields=["state", "closed_on"], name="dunningcase_closed"),
        ]


class DunningStep(models.Model):
    """Dunning step 催费步骤: one rung taken once, and whom it reached. PENDING until a gateway or a person says; a message
    is found under ``notice_key``; a visit or a paper notice is a task of ``responsible`` until they say how it went.
    """

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(DunningCase, on_delete=models.PROTECT, related_name="steps", db_index=False)
    unit = models.ForeignKey(
        "organization.Unit", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=16)
    rung = models.SmallIntegerField()
    attempt = models.SmallIntegerField()
    by = models.CharField(max_length=8, help_text="MESSAGE, CALL, PERSON, ORDER")
    state = models.CharField(max_length=16, default="PENDING")
    taken_on = models.DateField()
    taken_at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    responsible = models.CharField(max_length=64, blank=True)
    open_fen = models.BigIntegerField()
    oldest_due_on = models.DateField()
    notice_key = models.CharField(max_length=128, blank=True, db_default="")
    reached_at = models.DateTimeField(null=True)
    reached_whom = models.CharField(max_length=16, blank=True, db_default="")
    channel = models.CharField(max_length=16, blank=True, db_default="")
    evidence = models.CharField(max_length=255, blank=True, db_default="", help_text="number of a photo or signature")
    authority_reference = models.CharField(max_length=64, blank=True, db_default="", help_text="报送电力管理部门文号")
    note = models.TextField(blank=True, db_default="")
    recorded_by = models.CharField(max_length=64, blank=True, db_default="")
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "rung", "attempt"], name="dunningstep_once"),
            models.CheckConstraint(condition=Q(kind__in=STEP_KINDS), name="dunningstep_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=["PENDING", "REACHED", "MISSED", "CANCELLED"]), name="dunningstep_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="REACHED") | Q(reached_at__isnull=False), name="dunningstep_reached_has_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["responsible", "taken_on"], condition=Q(state="PENDING", by="PERSON"), name="dunningstep_tasks"
            ),
            models.Index(fields=["id"], condition=Q(state="PENDING", by="MESSAGE"), name="dunningstep_unheard"),
            models.Index(fields=["taken_at"], condition=Q(state="PENDING", by="CALL"), name="dunningstep_to_call"),
        ]


class PromiseToPay(models.Model):
    """Promise to pay 承诺缴费: holds the ladder through ``promised_on``. ``open_fen`` was overdue when it was made, of
    bills due by ``covers_due_to``; what of these was paid by then decides whether it was kept."""

    id = models.BigIntegerField(primary_key=True)
    case = models.ForeignKey(DunningCase, on_delete=models.PROTECT, related_name="promises")
    promised_on = models.DateField()
    amount_fen = models.BigIntegerField()
    open_fen = models.BigIntegerField()
    covers_due_to = models.DateField()
    channel = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="HOLDING")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    paid_fen = models.BigIntegerField(null=True)
    decided_on = models.DateField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "promises to pay"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="HOLDING"), name="promise_one_holding"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="promise_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=["HOLDING", "KEPT", "BROKEN", "WITHDRAWN"]), name="promise_state_known"
            ),
        ]


class ProtectedCustomer(models.Model):
    """Protected customer 不停电保护: dunned but never cut, from a day to a day, for a kind of reason with its evidence;
    proposed by one person and approved by another."""

    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(
        "customers.CustomerAccount", on_delete=models.PROTECT, related_name="protections", db_constraint=False
    )
    kind = models.CharField(max_length=16)
    evidence = models.CharField(max_length=255)
    valid_from = models.DateField()
    valid_to = models.DateField()
    state = models.CharField(max_length=16, default="PROPOSED")
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="protected_period_forward"),
            models.CheckConstraint(
                condition=Q(kind__in=["LIFE_SUPPORT", "HOSPITAL", "WELFARE", "APPROVED"]), name="protected_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PROPOSED", "APPROVED", "REFUSED", "ENDED"]), name="protected_state_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("proposed_by")), name="protected_two_persons"
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_to"], name="protected_in_force")]
