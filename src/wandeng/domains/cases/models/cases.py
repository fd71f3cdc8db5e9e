"""A case, what happened to it, its clocks and its papers. What happened is never edited; where a case stands and when its
clocks end is told from that, and kept beside it so that a queue can be sorted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

STATES = ("OPEN", "FINISHED", "CLOSED", "MERGED", "WITHDRAWN")
KINDS = (
    "OPENED", "FINISHED", "RETURNED", "PAUSED", "RESUMED", "REOPENED", "ASSIGNED", "FILLED", "ATTACHED", "PRESSED",
    "SUPERVISED", "NOTED", "TRANSFERRED", "RECLASSIFIED", "JOINED", "SPLIT", "MERGED", "WITHDRAWN", "WARNED", "BREACHED",
    "CALLED_BACK", "CLOSED", "REVEALED", "HELD", "RELEASED", "DESTROYED", "ANSWERED", "OWNED",
)  # fmt: skip


class Case(models.Model):
    """Case 工单: one thing a customer asks, under the definition of its process that held when it was opened.

    ``owner`` took it first and stays responsible to the call-back (首问负责); ``handler`` has it in hand, empty: whoever
    holds ``role`` there. ``step``, ``stage``, ``due_at`` and ``due_clock`` follow from the entries.
    """

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=24, unique=True)
    process = models.CharField(max_length=64)
    defined_from = models.DateField(help_text="first day of the definition it was opened under")
    defined_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="OPEN")
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="cases")
    account = models.ForeignKey("customers.CustomerAccount", null=True, on_delete=models.PROTECT, related_name="cases")
    transformer = models.ForeignKey(
        "network.PowerTransformer", null=True, on_delete=models.PROTECT, related_name="cases"
    )
    locality = models.CharField(max_length=16, blank=True, help_text="URBAN, RURAL, REMOTE: drives arrival limits")
    channel = models.CharField(max_length=16)
    first_class = models.CharField(max_length=32, blank=True)
    second_class = models.CharField(max_length=32, blank=True)
    grade = models.CharField(max_length=16, blank=True)
    urgency = models.CharField(max_length=16, blank=True)
    urgency_rank = models.SmallIntegerField(default=0, help_text="place of the urgency in its scale, the least is 0")
    is_anonymous = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)
    outside_number = models.CharField(
        max_length=64, blank=True, help_text="number at 12345, 12398 or a superior company"
    )
    matter = models.CharField(max_length=200, blank=True, help_text="the beginning of what the customer says")
    form = models.TextField(default="{}", help_text="canonical JSON: field → text, without personal data")
    form_sealed = models.TextField(blank=True, help_text="the personal fields, sealed")
    phone_index = models.CharField(max_length=64, blank=True)
    place_index = models.CharField(max_length=64, blank=True, help_text="blind index of the place, for duplicates")
    step = models.CharField(max_length=32, blank=True)
    stage = models.CharField(max_length=32, blank=True)
    role = models.CharField(max_length=32, blank=True)
    owner = models.CharField(max_length=64)
    handler = models.CharField(max_length=64, blank=True)
    rounds = models.SmallIntegerField(default=1)
    is_paused = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True, help_text="when the first of its running clocks ends")
    due_clock = models.CharField(max_length=32, blank=True)
    pressed = models.SmallIntegerField(default=0)
    supervised_at = models.DateTimeField(null=True)
    asked_again_at = models.DateTimeField(
        null=True, help_text="since when the customer, who came again, waits for the owner's word"
    )
    returned = models.SmallIntegerField(default=0)
    result = models.CharField(max_length=32, blank=True)
    into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_cases")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    finished_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    kept_until = models.DateField(
        null=True, help_text="until when the evidence is kept, by grade; null: no bound of its own"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="case_state_known"),
            models.CheckConstraint(
                condition=~Q(state="MERGED") | Q(into__isnull=False), name="case_merged_into_another"
            ),
            models.CheckConstraint(condition=Q(into__isnull=True) | ~Q(into=F("id")), name="case_not_into_itself"),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "FINISHED"]) | Q(ended_at__isnull=False), name="case_ended_has_time"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at", "id"], name="case_queue"),
            models.Index(fields=["unit", "state", "due_at", "id"], name="case_queue_of_unit"),
            models.Index(fields=["unit", "opened_at"], name="case_by_unit"),
            models.Index(fields=["process", "state", "opened_at"], name="case_by_process"),
            models.Index(fields=["phone_index", "opened_at"], name="case_by_phone"),
            models.Index(fields=["place_index", "opened_at"], name="case_by_place"),
            models.Index(fields=["transformer", "state"], name="case_by_transformer"),
            models.Index(fields=["handler", "state", "due_at"], name="case_in_hand"),
            models.Index(fields=["owner", "asked_again_at"], condition=Q(state="OPEN"), name="case_by_owner"),
            models.Index(fields=["kept_until", "id"], condition=Q(kept_until__isnull=False), name="case_evidence_kept"),
        ]


class CaseEntry(models.Model):
    """Case entry 工单日志: one thing that happened, in order; written once. ``at`` is when it happened, ``noted_at`` when it
    was written down: a telephone without signal tells later. ``key`` makes telling twice telling once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    place = models.IntegerField(help_text="1, 2, 3 within the case")
    kind = models.CharField(max_length=16)
    what = models.CharField(max_length=64, blank=True, help_text="step, pause, clock or document it is about")
    at = models.DateTimeField()
    noted_at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    facts = models.TextField(default="{}", help_text="canonical JSON")
    key = models.CharField(max_length=64, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "place"], name="caseentry_in_order"),
            models.UniqueConstraint(fields=["case", "key"], name="caseentry_told_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="caseentry_kind_known"),
        ]


class CaseClock(models.Model):
    """Case clock 时限: one run of a clock of the definition, with the limit it runs by and where that comes from. Told from
    the entries each time something happens; a corrected calendar moves ``due_at`` and nothing else."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    clock = models.CharField(max_length=32)
    round = models.SmallIntegerField()
    run = models.SmallIntegerField(help_text="1, 2, 3 within the round")
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    is_finished = models.BooleanField(default=False, help_text="stopped because its last step was done")
    is_paused = models.BooleanField(default=False)
    pauses = models.TextField(default="[]", help_text="JSON: [from, to or null] in UTC microseconds")
    amount = models.IntegerField()
    measure = models.CharField(max_length=12, help_text="MINUTE, HOUR, DAY, WORKING_DAY")
    commitment = models.CharField(max_length=64, blank=True, help_text="whose promise it is; empty: the process's own")
    rule_path = models.CharField(max_length=255)
    due_at = models.DateTimeField(null=True, help_text="null while an open pause hides it")
    told_percent = models.SmallIntegerField(
        default=0, help_text="the share of the limit at which somebody was told last"
    )
    next_percent = models.SmallIntegerField(null=True)
    next_at = models.DateTimeField(null=True, help_text="when somebody is to be told next")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "clock", "round", "run"], name="caseclock_once"),
            models.CheckConstraint(
                condition=Q(measure__in=["MINUTE", "HOUR", "DAY", "WORKING_DAY"]), name="caseclock_measure_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="caseclock_limit_positive"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")), name="caseclock_forward"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(next_at__isnull=True), name="caseclock_stopped_is_silent"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="caseclock_to_tell"),
            models.Index(fields=["due_at", "stopped_at"], name="caseclock_kept"),
        ]


class CasePaper(models.Model):
    """Case paper 资料/凭证: a document handed in, or what proves a step: photo, place, recording, signature. The file lies
    below ``WANDENG_HOME/cases``; a paper that was only seen, or a number of a recording, has none."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, help_text="DOCUMENT, PHOTO, PLACE, SIGNATURE, RECORDING, PAPER")
    document = models.CharField(max_length=32, blank=True, help_text="code of the definition's document")
    step = models.CharField(max_length=32, blank=True)
    round = models.SmallIntegerField(default=1)
    label = models.CharField(
        max_length=128, blank=True, help_text="number of a recording, name of a file, words about it"
    )
    file_name = models.CharField(max_length=128, blank=True)
    file_hash = models.CharField(max_length=64, blank=True)
    longitude_e6 = models.IntegerField(null=True)
    latitude_e6 = models.IntegerField(null=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    destroyed_at = models.DateTimeField(null=True, help_text="when its file was destroyed, its years over 证据销毁")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["DOCUMENT", "PHOTO", "PLACE", "SIGNATURE", "RECORDING", "PAPER"]),
                name="casepaper_kind_known",
            ),
            models.CheckConstraint(condition=~Q(kind="DOCUMENT") | ~Q(document=""), name="casepaper_document_named"),
            models.CheckConstraint(
                condition=~Q(kind="PLACE") | (Q(longitude_e6__isnull=False) & Q(latitude_e6__isnull=False)),
                name="casepaper_place_is_one",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "kind"], name="casepaper_of_case"),
            models.Index(fields=["file_hash"], condition=~Q(file_hash=""), name="casepaper_of_file"),
        ]
