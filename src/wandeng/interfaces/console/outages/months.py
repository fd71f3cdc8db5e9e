"""Month plans: begun, shown as calendar, Gantt chart and table, searched, moved by hand, compared, adopted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.outages.actions import months as actions
from wandeng.domains.outages.queries import months as queries
from wandeng.domains.outages.types.months import (
    FiguresShown,
    MonthFinding,
    MonthJob,
    MonthPlanView,
    SolutionBrief,
    SolutionShown,
    SolutionState,
)
from wandeng.flows import outage_months as flow
from wandeng.infra.scope import Scope
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.outages import months_drawing as drawing
from wandeng.interfaces.console.outages.months_forms import LimitForm, NewForm, PlaceForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import outage_months as words
from wandeng.interfaces.doorway.words import outages as outage_words
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import Month

_P = "console:outages-"
VIEWS = ("calendar", "gantt", "table")
QUICK_SECONDS = 10
SHOWN_FINDINGS = 60


class NewPage(View):
    """Gather the outages of a month."""

    def get(self, request: Request) -> HttpResponse:
        month = Month.of(request.asking.today).next()
        initial = {"month": str(month), "announced_on": request.asking.today + timedelta(days=1)}
        return self._shown(request, self._form(request, initial=initial))

    def post(self, request: Request) -> HttpResponse:
        asking, form = request.asking, self._form(request, request.POST)
        made: list[int] = []

        def new() -> None:
            given = form.cleaned_data
            made.append(
                actions.new(
                    unit_code=given["unit_code"], month=Month.parse(given["month"]), announced_on=given["announced_on"],
                    live_crews=given["live_crews"], actor=asking.actor, at=asking.now, library=rulebook.library(),
                )
            )  # fmt: skip

        if not console_forms.attempt(form, new):
            return self._shown(request, form, status=422)
        messages.success(request, _("本月停电计划已归集。"))
        return _to(made[0])

    def _form(self, request: Request, *arguments: Any, **named: Any) -> NewForm:
        return NewForm(*arguments, units=organization.unit_tree(request.asking.scope), **named)

    def _shown(self, request: Request, form: NewForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/outages/month_new.html", {"form": form}, status=status)


@require_safe
def page(request: Request, plan_id: int) -> HttpResponse:
    """A plan; ``?solution=`` another than the latest, ``?view=`` calendar, gantt or table."""
    return show(request, plan_id)


def show(request: Request, plan_id: int, *, errors: list[str] | None = None, status: int = 200) -> HttpResponse:
    """The page, with what a person was refused if anything."""
    asking = request.asking
    plan = queries.month_plan(asking.scope, plan_id, library=rulebook.library())
    chosen = _chosen(request, plan)
    found = queries.solution(asking.scope, plan_id, chosen.number) if chosen else None
    view = request.GET.get("view", "")
    names = window_names(plan)
    placed = {one.number: one for one in found.placed} if found else {}
    told = found.findings if found else ()
    entries = drawing.entries(plan, placed, told, names)
    may = asking.may(f"{_P}month-solve", write=True)
    context = {
        "plan": plan, "brief": plan.brief, "found": found, "view": view if view in VIEWS else "calendar",
        "weeks": drawing.month_grid(Month.parse(plan.brief.month), entries), "gantt": drawing.gantt(plan, entries),
        "rows": [(one, placed.get(one.job.number), words.WHY) for one in entries],
        "kpis": figures(found) if found else None, "findings": _findings(told, plan)[:SHOWN_FINDINGS],
        "more": max(0, len(told) - SHOWN_FINDINGS), "unplaced": _unplaced(plan, placed, told),
        "work": _work(plan, asking.now), "window_names": names, "states": words.STATES, "tones": words.TONES,
        "outage_states": outage_words.STATES, "kinds": words.SOLUTION_KINDS, "solution_states": words.SOLUTION_STATES,
        "why": words.WHY, "rules": words.RULES, "rule_tones": words.RULE_TONES, "left_out": words.LEFT_OUT,
        "is_open": plan.brief.state == "OPEN", "may": may, "errors": errors or [], "quick": QUICK_SECONDS,
        "weekdays": [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")],
    }  # fmt: skip
    return render(request, "console/outages/month.html", context, status=status)


@require_safe
def progress(request: Request, plan_id: int) -> HttpResponse:
    """How far the search is; the page anew once it is done."""
    plan = queries.month_plan(request.asking.scope, plan_id, library=rulebook.library())
    work = _work(plan, request.asking.now)
    response = render(request, "console/outages/month_work.html", {"work": work, "brief": plan.brief})
    if work is None:
        response["HX-Refresh"] = "true"
    return response


def window_names(plan: MonthPlanView) -> dict[str, str]:
    """Parts of the day with their times, in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return {
        one.code: f"{one.name_en if is_english else one.name_zh} {one.first_minute // 60:02}:{one.first_minute % 60:02}"
        for one in plan.windows
    }


def figures(found: SolutionShown) -> dict[str, Any]:
    """The proposal beside the solution, and what is saved."""
    before, after = found.proposal, found.figures
    saved = before.customer_interruptions - after.customer_interruptions
    percent = 100 * saved // before.customer_interruptions if before.customer_interruptions else 0
    gap = found.brief.gap_permille
    return {
        "before": before, "after": after, "greedy": found.greedy, "saved": saved, "percent": percent,
        "least": _least(found.brief.least_over),
        "gap": None if gap is None else f"{gap // 10}.{gap % 10}", "rows": _compared(before, after, found.greedy),
    }  # fmt: skip


def _least(over: int | None) -> str:
    """What was proven about areas above their most; nothing when they can all be kept."""
    return "" if not over else ngettext("已证明至少超 %(n)d 次", "已证明至少超 %(n)d 次", over) % {"n": over}


def _compared(before: FiguresShown, after: FiguresShown, greedy: FiguresShown | None) -> list[tuple[Any, ...]]:
    def row(name: str, value: Callable[[FiguresShown], Any]) -> tuple[Any, ...]:
        return name, value(before), value(greedy) if greedy else "–", value(after)

    return [
        row(_("停电户次"), lambda one: one.customer_interruptions),
        row(_("停供电量（kWh）"), lambda one: one.load_kw_hours),
        row(_("超过全年次数的台区"), lambda one: len(one.areas_over)),
        row(_("已到全年次数的台区"), lambda one: len(one.areas_at_limit)),
        row(_("短期内频繁停电的台区"), lambda one: len(one.areas_soon)),
        row(_("宜避开的时段"), lambda one: one.avoided),
        row(_("逾期天数"), lambda one: one.late_days),
        row(_("未排入"), lambda one: one.unplaced),
        row(_("规则问题"), lambda one: one.broken),
    ]


def _chosen(request: Request, plan: MonthPlanView) -> SolutionBrief | None:
    solved = [one for one in plan.solutions if one.state is SolutionState.SOLVED]
    number = request.GET.get("solution", "")
    if not number:
        return solved[0] if solved else None
    found = next((one for one in solved if str(one.number) == number), None)
    if found is None:
        raise NotFound(f"there is no solution {number}")
    return found


def _work(plan: MonthPlanView, now: Any) -> dict[str, Any] | None:
    """The search under way, with how much of its time is gone."""
    for one in plan.solutions:
        if one.state in (SolutionState.QUEUED, SolutionState.SOLVING):
            gone = int((now - one.started_at).total_seconds()) if one.started_at else 0
            return {"number": one.number, "gone": min(gone, one.seconds), "seconds": one.seconds, "state": one.state}
    return None


def _findings(told: tuple[MonthFinding, ...], plan: MonthPlanView) -> list[dict[str, Any]]:
    titles = {one.number: one.title for one in plan.jobs}
    codes = {area for one in told[:SHOWN_FINDINGS] for area in one.areas}
    rows = network.transformers_rows(Scope.everywhere(), on=plan.brief.announced_on).filter(code__in=codes)
    areas = dict(rows.values_list("code", "name")) if codes else {}
    return [finding_shown(one, titles, areas) for one in told]


def finding_shown(one: MonthFinding, titles: Mapping[str, str], areas: Mapping[str, str]) -> dict[str, Any]:
    """A finding in words."""
    return {
        "number": one.number, "title": titles.get(one.number, one.number), "rule": words.RULES[one.rule],
        "tone": words.RULE_TONES.get(one.rule, "late"), "is_placed": one.is_placed,
        "details": [*one.details, *(areas.get(area, area) for area in one.areas)], "others": one.others,
    }  # fmt: skip


def _unplaced(plan: MonthPlanView, placed: Mapping[str, Any], told: tuple[MonthFinding, ...]) -> list[dict[str, Any]]:
    """Jobs without a place, each with the reasons."""
    found = []
    for job in plan.jobs:
        reasons = [words.RULES[one.rule] for one in told if one.number == job.number and not one.is_placed]
        others = sorted(
            {other for one in told if one.number == job.number and not one.is_placed for other in one.others}
        )
        if job.left_out:
            found.append({"job": job, "reasons": [words.LEFT_OUT[job.left_out]], "others": []})
        elif placed and job.number not in placed:
            found.append({"job": job, "reasons": reasons, "others": others})
    return found


class JobPage(View):
    """One job: where it lies and why, what moving it would do, and its pin."""

    def get(self, request: Request, plan_id: int, number: str) -> HttpResponse:
        plan, job = self._looked_up(request, plan_id, number)
        return self._shown(request, plan, job)

    def post(self, request: Request, plan_id: int, number: str) -> HttpResponse:
        asking = request.asking
        plan, job = self._looked_up(request, plan_id, number)
        who: dict[str, Any] = {"plan_id": plan_id, "number": number, "actor": asking.actor, "at": asking.now}
        done = request.POST.get("do", "")
        form: forms.Form
        if done == "limit":
            form = LimitForm(request.POST)
            ok = console_forms.attempt(form, lambda: actions.limit(**form.cleaned_data, **who))
        elif done == "unpin":
            form = forms.Form(request.POST)
            ok = console_forms.attempt(form, lambda: actions.unpin(**who))
        elif done in ("move", "pin"):
            form = place = self._form(plan, job, request.POST)
            act = actions.move if done == "move" else actions.pin
            ok = console_forms.attempt(form, lambda: act(place=place.place, **who))
        else:
            raise InvalidInput("say what is to be done")
        if not ok:
            return self._shown(request, plan, job, form=form, status=422)
        messages.success(request, _("已记录。"))
        return _to(plan_id)

    def _looked_up(self, request: Request, plan_id: int, number: str) -> tuple[MonthPlanView, MonthJob]:
        plan = queries.month_plan(request.asking.scope, plan_id, library=rulebook.library())
        job = next((one for one in plan.jobs if one.number == number), None)
        if job is None:
            raise NotFound(f"there is no job {number} in the plan")
        return plan, job

    def _form(self, plan: MonthPlanView, job: MonthJob, *arguments: Any, **named: Any) -> PlaceForm:
        windows = list(window_names(plan).items())
        return PlaceForm(*arguments, plan=plan, windows=windows, can_be_live=job.can_be_live, **named)

    def _shown(
        self, request: Request, plan: MonthPlanView, job: MonthJob, *, form: forms.Form | None = None, status: int = 200
    ) -> HttpResponse:
        latest = next((one for one in plan.solutions if one.state is SolutionState.SOLVED), None)
        found = queries.solution(request.asking.scope, plan.brief.id, latest.number) if latest else None
        placed = next((one for one in found.placed if one.number == job.number), None) if found else None
        at = placed.at if placed else job.proposed
        asked = self._form(plan, job, request.GET) if "on" in request.GET else None
        told = self._consequence(request, plan, job, asked)
        place = asked or self._form(plan, job, initial={"on": at.on, "window": at.window, "is_live": at.is_live})
        findings = tuple(one for one in found.findings if one.number == job.number) if found else ()
        may = request.asking.may(f"{_P}month-job", write=True) and plan.brief.state == "OPEN"
        context = {
            "plan": plan, "brief": plan.brief, "job": job, "placed": placed, "form": place, "told": told, "latest": latest,
            "limit": LimitForm(initial={"not_before": job.not_before, "due_on": job.due_on}), "names": window_names(plan),
            "why": words.WHY, "findings": _findings(findings, plan), "may": may and not job.is_fixed and not job.left_out,
            "left_out": words.LEFT_OUT, "state": outage_words.STATES[job.state],
            "errors": list(form.non_field_errors()) if form else [], "work": _work(plan, request.asking.now),
        }  # fmt: skip
        return render(request, "console/outages/month_job.html", context, status=status)

    def _consequence(
        self, request: Request, plan: MonthPlanView, job: MonthJob, form: PlaceForm | None
    ) -> dict[str, Any] | None:
        """What moving there would do; ``None`` when nobody asked or it does not fit."""
        if form is None or not form.is_valid():
            return None
        told: list[Any] = []

        def look() -> None:
            told.append(queries.consequence(request.asking.scope, plan.brief.id, job.number, place=form.place))

        if not console_forms.attempt(form, look):
            return None
        one = told[0]
        titles = {job.number: job.title for job in plan.jobs}
        return {
            "at": one.at, "before": one.before, "after": one.after, "rows": _compared(one.before, one.after, None),
            "new": [finding_shown(each, titles, {}) for each in one.new],
            "gone": [finding_shown(each, titles, {}) for each in one.gone],
        }  # fmt: skip


@require_POST
def solve(request: Request, plan_id: int) -> HttpResponse:
    """Leave a search to a worker."""
    asking = request.asking
    seconds = int(request.POST.get("seconds") or 0) or None if request.POST.get("seconds", "").isdigit() else None
    return _done(
        request, plan_id, lambda: flow.ask(plan_id=plan_id, seconds=seconds, actor=asking.actor, at=asking.now),
        _("已开始求解。"),
    )  # fmt: skip


@require_POST
def gather(request: Request, plan_id: int) -> HttpResponse:
    """Gather the month's outages anew."""
    asking = request.asking
    return _done(
        request, plan_id,
        lambda: actions.gather(plan_id=plan_id, actor=asking.actor, at=asking.now, library=rulebook.library()),
        _("已重新归集。"),
    )  # fmt: skip


@require_POST
def adopt(request: Request, plan_id: int) -> HttpResponse:
    """Write a solution's times into the outages."""
    asking, number = request.asking, request.POST.get("solution", "")
    if not number.isdigit():
        raise InvalidInput("say which solution is adopted")
    return _done(
        request, plan_id,
        lambda: actions.adopt(
            plan_id=plan_id, solution=int(number), actor=asking.actor, at=asking.now, library=rulebook.library()
        ),
        _("方案已采用，停电时间已写入各停电计划。"),
    )  # fmt: skip


@require_POST
def reopen(request: Request, plan_id: int) -> HttpResponse:
    """Take up an adopted plan again."""
    asking = request.asking
    return _done(
        request, plan_id,
        lambda: actions.reopen(
            plan_id=plan_id, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now,
            library=rulebook.library(),
        ),
        _("已重新编制。"),
    )  # fmt: skip


def _done(request: Request, plan_id: int, action: Callable[[], Any], said: str) -> HttpResponse:
    form = forms.Form(request.POST)
    if not console_forms.attempt(form, action):
        return show(request, plan_id, errors=[str(error) for error in form.non_field_errors()], status=422)
    messages.success(request, said)
    return _to(plan_id)


def _to(plan_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"{_P}month", args=[plan_id]))
