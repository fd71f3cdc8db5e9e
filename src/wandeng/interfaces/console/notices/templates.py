"""Templates: their versions side by side, new texts drafted and looked at, approved by a second person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.notices import actions, queries
from wandeng.domains.notices.types import TemplateShown
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.notices.forms import DraftForm
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import notices as words


@require_safe
def page(request: Request, code: str) -> HttpResponse:
    """A template with every version, its texts filled with examples."""
    asking = request.asking
    template = queries.template(code, on=asking.today)
    context = {
        "template": template,
        "versions": [(one, queries.preview({channel: one.texts[channel] for channel in one.channels}), queries.slots_explained(one.slots) if one.slots else ())
                     for one in template.versions],
        "channels": words.CHANNELS,
        "purpose": words.PURPOSES[template.purpose],
        "audience": words.AUDIENCES[template.audience],
        "states": words.VERSION_STATES,
        "tones": words.VERSION_TONES,
        "may_write": asking.may("console:notices-template-approve", write=True),
        "me": asking.actor.code,
        "today": asking.today,
    }  # fmt: skip
    return render(request, "console/notices/template.html", context)


class DraftPage(View):
    """Write new texts from a day on; looked at before they are handed in."""

    def get(self, request: Request, code: str) -> HttpResponse:
        template = queries.template(code, on=request.asking.today)
        return self._show(request, template, DraftForm(initial=DraftForm.of(template, request.asking.today)))

    def post(self, request: Request, code: str) -> HttpResponse:
        asking = request.asking
        template = queries.template(code, on=asking.today)
        form, shown = DraftForm(request.POST), list[Any]()
        if "look" in request.POST:
            attempt(form, lambda: shown.extend(queries.preview(form.texts())))
            return self._show(request, template, form, shown, status=422 if form.errors else 200)
        if attempt(
            form,
            lambda: actions.draft_version(
                code=code, texts=form.texts(), channels=form.channels(), valid_from=form.cleaned_data["valid_from"],
                reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("已提交，须由另一人审批。"))
            return _to(code)
        return self._show(request, template, form, status=422)

    def _show(
        self, request: Request, template: TemplateShown, form: DraftForm, shown: list[Any] | None = None,
        *, status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        context = {
            "template": template, "form": form, "previews": shown or [], "channels": words.CHANNELS,
            "slots": queries.slots_explained(),
        }  # fmt: skip
        return render(request, "console/notices/draft.html", context, status=status)


@require_POST
def approve(request: Request, code: str, version: int) -> HttpResponse:
    """Let a text hold from its day on."""
    actions.approve_version(
        version_id=version, actor=request.asking.actor, at=request.asking.now, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("已审批，自起用日起执行。"))
    return _to(code)


@require_POST
def withdraw(request: Request, code: str, version: int) -> HttpResponse:
    """Take a text back before its day."""
    actions.withdraw_version(
        version_id=version, actor=request.asking.actor, at=request.asking.now, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("已撤回。"))
    return _to(code)


def _to(code: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:notices-template", args=[code]))
