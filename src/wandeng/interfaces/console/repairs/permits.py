"""Permits to work: write one for a case, tick what was seen, issue, close; and the sheet to print."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.cases.actions import permits as actions
from wandeng.domains.cases.queries import permits
from wandeng.flows.case_documents import permits as sheets
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.console.repairs.forms import PermitForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import repairs as words


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, number: str) -> HttpResponse:
    """Write a permit for the step a case stands at."""
    asking, charter = request.asking, rulebook.charter()
    wanted = permits.is_wanted(asking.scope, number, charter=charter)
    jobs = permits.job_kinds(charter=charter, territory=asking.unit.territory, on=asking.today)
    form = PermitForm(
        request.POST or None, jobs=jobs, english=_english(), now=asking.now, person=asking.actor.code
    )  # fmt: skip
    if request.method == "POST":
        made: list[str] = []

        def do() -> None:
            given = form.cleaned_data
            answer = actions.write(
                case=number, job=given["job"], work=given["work"], worker=given["worker"], valid_from=given["valid_from"],
                valid_to=given["valid_to"], dangers=given["dangers"].splitlines(), actor=asking.actor, at=asking.now,
                charter=charter,
            )  # fmt: skip
            made.append(answer.number)

        if attempt(form, do):
            messages.success(request, _("工作票已填写，逐项确认安全措施后签发。"))
            return HttpResponseRedirect(reverse("console:repairs-permit", args=[made[0]]))
    context = {"form": form, "number": number, "wanted": wanted, "jobs": jobs}
    return render(request, "console/repairs/permit_new.html", context, status=422 if form.errors else 200)


@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """A permit with its points."""
    return _show(request, number, [])


@require_POST
def act(request: Request, number: str, verb: str) -> HttpResponse:
    """Tick one precondition, issue, close, withdraw."""
    asking = request.asking
    permits.permit(asking.scope, number, charter=rulebook.charter())
    told: dict[str, Any] = {"number": number, "actor": asking.actor, "at": asking.now}
    form: forms.Form = ReasonForm(request.POST) if verb == "withdraw" else forms.Form(request.POST)
    does = {
        "see": lambda: actions.see(check=request.POST.get("check", ""), **told),
        "issue": lambda: actions.issue(**told),
        "close": lambda: actions.close(note=request.POST.get("note", ""), **told),
        "withdraw": lambda: actions.withdraw(reason=form.cleaned_data["reason"], **told),
    }
    if verb not in does:
        raise Http404
    if not attempt(form, does[verb]):
        errors = [str(error) for errors in form.errors.values() for error in errors]
        return _show(request, number, errors, status=422)
    messages.success(request, _("已记录。"))
    if not permits.is_reached(asking.scope, number):
        return HttpResponseRedirect(reverse("console:repairs-permits"))
    return HttpResponseRedirect(reverse("console:repairs-permit", args=[number]))


@require_safe
def sheet(request: Request, number: str) -> HttpResponse:
    """The permit on paper."""
    asking = request.asking
    content = sheets.permit_pdf(asking.scope, number, charter=rulebook.charter(), on=asking.today)
    named = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=named)


def _show(request: Request, number: str, errors: list[str], *, status: int = 200) -> HttpResponse:
    asking, english = request.asking, _english()
    found = permits.permit(asking.scope, number, charter=rulebook.charter())
    may = asking.may("console:repairs-permit-act", write=True)
    context = {
        "permit": found, "state": words.PERMIT_STATES[found.state], "tone": words.PERMIT_TONES[found.state],
        "job": found.job_en if english else found.job_zh, "step": found.step_en if english else found.step_zh,
        "dangers": [en if english else zh for zh, en in found.dangers],
        "checks": [(one, one.words_en if english else one.words_zh) for one in found.checks],
        "may_see": may and found.state == "DRAFT",
        "may_issue": may and found.state == "DRAFT" and all(one.seen_by for one in found.checks)
        and asking.actor.code != found.worker and asking.scope.covers(found.unit_path),
        "may_close": may and found.state == "ISSUED", "may_withdraw": may and found.state in ("DRAFT", "ISSUED"),
        "errors": errors,
    }  # fmt: skip
    return render(request, "console/repairs/permit.html", context, status=status)


def _english() -> bool:
    return (get_language() or "").startswith("en")
