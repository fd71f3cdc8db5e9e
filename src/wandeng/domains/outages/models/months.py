"""The plan of a month, the outages it places, and the solutions found for it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from wandeng.domains.outages.models.plans import PlannedOutage
from wandeng.domains.outages.types.months import LeftOut, MonthPlanState, SolutionKind, SolutionState


class MonthPlan(models.Model):
    """Month plan 月度停电计划 of a unit and all below it. ``problem`` is what is searched, as the network, the history and the
    rules stood when the outages were gathered."""

    id = models.BigIntegerField(primary_key=True)
    unit = models.ForeignKey("organization.Unit", on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7, help_text="YYYY-MM")
    announced_on = models.DateField(help_text="the day on which people are told")
    live_crews = models.SmallIntegerField(default=0, help_text="crews for live work at the same time")
    state = models.CharField(max_length=16, default="OPEN")
    problem = models.TextField(help_text="canonical JSON")
    gathered_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=64, blank=True)
    adopted_at = models.DateTimeField(null=True)
    adopted_solution = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], name="monthplan_once"),
            models.CheckConstraint(
                condition=Q(state__in=[str(one) for one in MonthPlanState]), name="monthplan_state_known"
            ),
            models.CheckConstraint(condition=Q(live_crews__gte=0), name="monthplan_live_crews_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="ADOPTED") | (Q(adopted_at__isnull=False) & Q(adopted_solution__isnull=False)),
                name="monthplan_adopted_has_solution",
            ),
        ]


class MonthPlanJob(models.Model):
    """Job of a month plan 月度计划作业: a planned outage as it was gathered, where its planner proposed it, and what was said
    about it since. ``is_fixed``: submitted or further, so that it stays; ``left_out`` why it cannot be placed within a day."""

    plan = models.ForeignKey(MonthPlan, on_delete=models.CASCADE, related_name="jobs")
    outage = models.ForeignKey(PlannedOutage, on_delete=models.PROTECT, related_name="+")
    version = models.SmallIntegerField(help_text="version of the outage that was gathered")
    minutes = models.IntegerField()
    proposed_on = models.DateField()
    proposed_window = models.CharField(max_length=8)
    is_fixed = models.BooleanField(default=False)
    left_out = models.CharField(max_length=16, blank=True)
    pinned_on = models.DateField(null=True)
    pinned_window = models.CharField(max_length=8, blank=True)
    pinned_live = models.BooleanField(default=False)
    not_before = models.DateField(null=True)
    due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "outage"], name="monthplanjob_once"),
            models.CheckConstraint(
                condition=Q(pinned_on__isnull=True, pinned_window="", pinned_live=False)
                | (Q(pinned_on__isnull=False) & ~Q(pinned_window="")),
                name="monthplanjob_pin_whole",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="monthplanjob_takes_time"),
            models.CheckConstraint(
                condition=Q(left_out__in=["", *[str(one) for one in LeftOut]]), name="monthplanjob_left_out_known"
            ),
            models.CheckConstraint(
                condition=Q(not_before__isnull=True) | Q(due_on__isnull=True) | Q(due_on__gte=F("not_before")),
                name="monthplanjob_due_later",
            ),
        ]


class MonthPlanSolution(models.Model):
    """Solution of a month plan 月度计划方案: searched, or another one with a job moved by hand. ``content`` has the figures of
    the planner's own proposal and of the solution, where each job lies and why, and what breaks which rule."""

    plan = models.ForeignKey(MonthPlan, on_delete=models.CASCADE, related_name="solutions")
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=16, default="QUEUED")
    seconds = models.SmallIntegerField(help_text="at most so long by the clock on the wall")
    work = models.IntegerField(help_text="at most so much of the solver's own work")
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=200, blank=True)
    customer_interruptions = models.BigIntegerField(null=True)
    proposed_interruptions = models.BigIntegerField(null=True)
    areas_over = models.IntegerField(null=True)
    areas_soon = models.IntegerField(null=True)
    unplaced = models.IntegerField(null=True)
    cost = models.BigIntegerField(null=True)
    gap_permille = models.IntegerField(null=True, help_text="null: not searched")
    least_over = models.IntegerField(
        null=True, help_text="interruptions of areas above their most that no plan avoids; null: not proven"
    )
    content = models.TextField(default="{}", help_text="canonical JSON")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="monthplansolution_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(state__in=["QUEUED", "SOLVING"]), name="monthplansolution_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(one) for one in SolutionKind]), name="monthplansolution_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(one) for one in SolutionState]), name="monthplansolution_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="SOLVED") | Q(cost__isnull=False, ended_at__isnull=False),
                name="monthplansolution_solved_has_figures",
            ),
        ]
