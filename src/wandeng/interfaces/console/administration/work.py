"""Work in the background, who is logged in, what was done, and how the server is."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.flows import timetable as timed
from wandeng.infra import jobs, machine, operations, waiting
from wandeng.interfaces.doorway import refusals, sessions, told_facts
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import administration as words
from wandeng.kernel.errors import Conflict, InvalidInput

TIMED_COLUMNS = (
    "kind", "is_on", "at_minute", "every_minutes", "when_parameter", "switch_parameter", "last", "next_at",
)  # fmt: skip


@require_safe
def job(request: Request, job_id: int) -> HttpResponse:
    """One job: what it is about, where it stands, why it stopped."""
    found = waiting.job(request.asking.scope, job_id)
    context = {
        "job": found,
        "payload": [(one.name, one.after) for one in told_facts.stated(json.loads(found["payload"]), found["kind"])],
        "kind": words.JOB_KINDS.get(found["kind"], found["kind"]),
        "state": words.JOB_STATES[found["state"]],
        "tone": words.JOB_TONES[found["state"]],
        "result": [(words.RESULTS.get(name, name), n) for name, n in json.loads(found["result"] or "{}").items()],
        "history": operations.of_subject(request.asking.scope, subject_type="infra.Job", subject_code=str(job_id)),
        "actions": words.ACTIONS,
        "may_write": request.asking.may("console:administration-job-retry", write=True),
    }
    return render(request, "console/administration/job.html", context)


@require_POST
def decide_job(request: Request, job_id: int, *, retry: bool) -> HttpResponse:
    """Put a job back in line, or take it out for good."""
    act = jobs.retry if retry else jobs.cancel
    try:
        act(job_id=job_id, actor=request.asking.actor, at=request.asking.now, reason=request.POST.get("reason", ""))
    except (InvalidInput, Conflict) as refused:
        messages.error(request, refusals.sentence(refused, get_language() or ""))
    else:
        messages.success(request, _("任务已重新排队。") if retry else _("任务已取消。"))
    return HttpResponseRedirect(reverse("console:administration-job", args=[job_id]))


@require_safe
def timetable(request: Request) -> HttpResponse:
    """What is due by the clock: when, what ran last and what it came to, what comes next."""
    asking, last_turn = request.asking, timed.last_turn()
    english = (get_language() or "").startswith("en")
    rows = [
        {
            "name": line.name_en if english else line.name_zh,
            **{name: getattr(line, name) for name in TIMED_COLUMNS},
            "result": _came_to(line.last),
        }
        for line in timed.shown(asking.scope, now=asking.now)
    ]
    context = {
        "rows": rows, "last_turn": last_turn, "states": words.JOB_STATES, "tones": words.JOB_TONES,
        "is_silent": last_turn is None or asking.now - last_turn > timed.SILENT_AFTER,
        "may_run": asking.may("console:administration-timetable-run", write=True),
    }  # fmt: skip
    return render(request, "console/administration/timetable.html", context)


def _came_to(last: timed.LastRun | None) -> list[str]:
    """What a run came to, in words: only what is not zero, or that there was nothing to do."""
    if last is None or last.state != "DONE":
        return []
    counted = [f"{words.RESULTS.get(name, name)} {n}" for name, n in last.result.items() if n]
    return counted or [_("没有要办的")]


@require_POST
def run_timed(request: Request, kind: str) -> HttpResponse:
    """Have a kind of timed work done now."""
    try:
        timed.run_now(
            kind=kind, actor=request.asking.actor, at=request.asking.now, reason=request.POST.get("reason", "")
        )
    except (InvalidInput, Conflict) as refused:
        messages.error(request, refusals.sentence(refused, get_language() or ""))
    else:
        messages.success(request, _("已排队，由空闲的工作进程办理。"))
    return HttpResponseRedirect(reverse("console:administration-timetable"))


@require_safe
def online(request: Request) -> HttpResponse:
    """Who is logged in."""
    asking = request.asking
    found = sessions.online(asking.scope, asking.now, own_key=request.session.session_key or "")
    context = {
        "sessions": found,
        "people": len({one.person_code for one in found}),
        "may_write": asking.may("console:administration-session-end", write=True),
    }
    return render(request, "console/administration/sessions.html", context)


@require_POST
def end_session(request: Request, handle: str) -> HttpResponse:
    """Throw somebody out."""
    asking = request.asking
    code = sessions.end(
        handle, actor=asking.actor, scope=asking.scope, at=asking.now, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("%(code)s 已强制下线。") % {"code": code})
    return HttpResponseRedirect(reverse("console:administration-sessions"))


@require_safe
def operation(request: Request, operation_id: int) -> HttpResponse:
    """One operation: before and after."""
    shown = operations.operation(request.asking.scope, operation_id)
    history = operations.of_subject(
        request.asking.scope, subject_type=shown.subject_type, subject_code=shown.subject_code, limit=50
    )
    context = {
        "operation": shown,
        "action": words.ACTIONS.get(shown.action, shown.action),
        "facts": told_facts.changes(shown.facts, shown.subject_type),
        "history": [(words.ACTIONS.get(one.action, one.action), one) for one in history],
    }
    return render(request, "console/administration/operation.html", context)


@require_safe
def monitor(request: Request) -> HttpResponse:
    """Version, database, disk, queues and workers; a part of the page asks again every few seconds."""
    context = {
        "machine": machine.look(),
        "depths": waiting.depths(request.asking.now),
        "job_states": words.JOB_STATES,
        "delivery_states": words.DELIVERY_STATES,
        "online": len(sessions.online(request.asking.scope, request.asking.now)),
        "kinds": words.JOB_KINDS,
    }
    part = (
        "console/administration/monitor_part.html"
        if request.headers.get("HX-Request")
        else "console/administration/monitor.html"
    )
    return render(request, part, context)
