"""Tables of the plumbing: id blocks, state histories, operation log, events, jobs, import batches, rule texts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from wandeng.infra import upload_models as upload_models  # their tables belong to this application
from wandeng.infra import webhook_models as webhook_models


class IdBlock(models.Model):
    """Next free id of a bulk-loaded table: batches reserve a block and write explicit ids."""

    name = models.CharField(max_length=64, primary_key=True)
    next_id = models.BigIntegerField()


class StateChange(models.Model):
    """One move of one row through its state table: append-only history."""

    subject_type = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    move = models.CharField(max_length=32)
    from_state = models.CharField(max_length=32)
    to_state = models.CharField(max_length=32)
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="statechange_subject")]


class Operation(models.Model):
    """Operation log 操作日志: who did what to which thing, with what before and after."""

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_code = models.CharField(max_length=128)
    unit_path = models.CharField(max_length=255, blank=True)
    facts = models.TextField(blank=True, help_text="canonical JSON, without personal data")
    reason = models.TextField(blank=True)

    class Meta:
        # The id last: a filtered log is read newest first without sorting.
        indexes = [
            models.Index(fields=["actor", "id"], name="operation_by_actor"),
            models.Index(fields=["action", "id"], name="operation_by_action"),
            models.Index(fields=["subject_type", "subject_code", "id"], name="operation_by_subject"),
        ]


class Event(models.Model):
    """A past-tense fact, written in the transaction that made it true."""

    name = models.CharField(max_length=64)
    key = models.CharField(max_length=128, help_text="order is kept per key")
    body = models.TextField(help_text="canonical JSON")
    occurred_at = models.DateTimeField()


class Delivery(models.Model):
    """One subscriber's share of an event: delivered at least once, in order per key, parked after too many failures."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=128)
    state = models.CharField(max_length=16, default="PENDING")
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField()
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once_per_subscriber"),
            models.CheckConstraint(condition=Q(state__in=["PENDING", "DONE", "PARKED"]), name="delivery_state_known"),
        ]
        indexes = [models.Index(fields=["state", "next_at"], name="delivery_due")]


class Job(models.Model):
    """A piece of work as a row, written in the business transaction; leased, fenced, retried, parked."""

    queue = models.CharField(max_length=32, default="default")
    kind = models.CharField(max_length=64)
    dedup_key = models.CharField(max_length=128, unique=True)
    payload = models.TextField(default="{}", help_text="canonical JSON")
    state = models.CharField(max_length=16, default="QUEUED")
    run_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.IntegerField(default=0, help_text="grows with every claim; checked when the work is marked done")
    last_error = models.TextField(blank=True)
    result = models.TextField(blank=True, default="", db_default="", help_text="canonical JSON: what it came to")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "RUNNING", "DONE", "PARKED", "CANCELLED"]), name="job_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["queue", "state", "run_at", "id"], name="job_due"),
            models.Index(fields=["kind", "id"], name="job_by_kind"),
        ]


class TimedWork(models.Model):
    """How far the timetable has got with a kind of work: up to which slot its jobs were written (or passed over)."""

    kind = models.CharField(max_length=64, primary_key=True)
    slot_at = models.DateTimeField(help_text="the last slot that was dealt with")
    first_job = models.BigIntegerField(null=True, help_text="first job of the last slot whose jobs were written")


class ImportBatch(models.Model):
    """One file taken in: its content hash, its counts, its findings' home."""

    kind = models.CharField(max_length=32)
    file_name = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64)
    encoding = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=16, default="RUNNING")
    rows_total = models.BigIntegerField(default=0)
    rows_created = models.BigIntegerField(default=0)
    rows_changed = models.BigIntegerField(default=0)
    rows_unchanged = models.BigIntegerField(default=0)
    rows_parked = models.BigIntegerField(default=0)
    actor = models.CharField(max_length=64)
    unit_path = models.CharField(
        max_length=255, blank=True, default="", db_default="", help_text="what it could touch; empty: everything"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["RUNNING", "DONE", "REFUSED"]), name="importbatch_state_known"
            ),
        ]


class ParkedRow(models.Model):
    """A row an import could not take, whole and as it was written, with what was wrong: mend it and retry."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="parked")
    line = models.BigIntegerField()
    cells = models.TextField(help_text="the row as JSON, column → text")
    findings = models.TextField(help_text="JSON list of {column, code, found, expected}")
    state = models.CharField(max_length=16, default="PARKED")
    mended_by = models.CharField(max_length=64, blank=True)
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="parkedrow_once_per_line"),
            models.CheckConstraint(
                condition=Q(state__in=["PARKED", "MENDED", "DISCARDED"]), name="parkedrow_state_known"
            ),
        ]


class RuleText(models.Model):
    """Every rule file a result has used, word for word: what was priced by it can be priced again in ten years."""

    content_hash = models.CharField(max_length=64, primary_key=True)
    path = models.CharField(max_length=255)
    text = models.TextField()
    first_used_at = models.DateTimeField()


class SearchEntry(models.Model):
    """One thing that can be found, in the form it is compared in (``infra.search.text``): not as it is shown.

    ``id`` = kind × 2⁴⁰ + the thing's own id, so that a kind is a range of ids. What an entry lacks is null and costs its
    index nothing. The pairs of characters of its texts stand in ``infra_searchgram``, which each database keeps in its
    own way (``infra.search.storage``).
    """

    id = models.BigAutoField(primary_key=True)
    unit_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=64)
    tail = models.CharField(max_length=64, null=True, help_text="the code backwards, where people know its end")
    name = models.CharField(max_length=256, null=True)
    initials = models.CharField(max_length=256, null=True, help_text="first letters of the name's pinyin")
    place = models.CharField(max_length=256, null=True, help_text="address or area")

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            models.Index(fields=["code", "unit_id"], opclasses=["varchar_pattern_ops", "int8_ops"], name="search_code"),
            models.Index(
                fields=["tail", "unit_id"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
                condition=Q(tail__isnull=False),
                name="search_tail",
            ),
            models.Index(
                fields=["name", "unit_id"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
                condition=Q(name__isnull=False),
                name="search_name",
            ),
            models.Index(
                fields=["initials", "unit_id"],
                opclasses=["varchar_pattern_ops", "int8_ops"],
                condition=Q(initials__isnull=False),
                name="search_initials",
            ),
        ]


class KeptAnswer(models.Model):
    """The answer to a request that named a key: the same key again is answered, not done again."""

    who = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    asked = models.CharField(max_length=64, help_text="hash of method, address and body")
    status = models.SmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="keptanswer_once")]


class Quota(models.Model):
    """How often something was done within a window that ends at ``ends_at``; ``key`` is a blind index, never a phone."""

    kind = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    ends_at = models.DateTimeField(db_index=True)
    used = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="quota_once")]
