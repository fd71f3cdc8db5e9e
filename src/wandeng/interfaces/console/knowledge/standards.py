"""A standard with its reviews."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.knowledge import actions, queries
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.knowledge.forms import ReviewForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import knowledge as words

USUAL_YEARS = 3


@require_safe
def page(request: Request, code: str) -> HttpResponse:
    """A standard, who answers for it, when it was looked at."""
    today = request.asking.today
    later = date(today.year + USUAL_YEARS, today.month, 1)
    return _page(request, code, ReviewForm(initial={"next_on": later}))


@require_POST
def review(request: Request, code: str) -> HttpResponse:
    """Note that a standard was looked at."""
    form = ReviewForm(request.POST)
    if attempt(
        form,
        lambda: actions.review(code=code, actor=request.asking.actor, at=request.asking.now, **form.cleaned_data),
    ):
        messages.success(request, _("已记录复审。"))
        return HttpResponseRedirect(reverse("console:knowledge-standard", args=[code]))
    return _page(request, code, form, status=422)


def _page(request: Request, code: str, form: ReviewForm, *, status: int = 200) -> HttpResponse:
    asking = request.asking
    standard = queries.standard(code)
    may_review = asking.may("console:knowledge-review", write=True) and asking.scope.covers(standard.unit_path)
    context = {
        "standard": standard,
        "form": form if may_review and standard.status != "ABOLISHED" else None,
        "kind": words.STANDARD_KINDS[standard.kind],
        "status": words.STATUSES[standard.status],
        "tone": words.STATUS_TONES[standard.status],
        "outcomes": words.OUTCOMES,
        "is_link": standard.link.startswith(("https://", "http://")),
        "is_due": standard.review_on is not None and standard.review_on <= asking.today,
    }
    return render(request, "console/knowledge/standard.html", context, status=status)
