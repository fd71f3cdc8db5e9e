"""Notices: written, looked at, published, recalled."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console.administration.forms import AnnouncementForm
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import administration as words


class NewAnnouncement(View):
    """Write a notice; it is shown to nobody until it is published."""

    def get(self, request: Request) -> HttpResponse:
        asking = request.asking
        units = organization.unit_tree(asking.scope)
        form = AnnouncementForm(units=units, today=asking.today, initial={"unit": asking.unit.code})
        return self._show(request, form)

    def post(self, request: Request) -> HttpResponse:
        asking = request.asking
        form = AnnouncementForm(request.POST, units=organization.unit_tree(asking.scope), today=asking.today)
        made: list[int] = []
        if attempt(
            form,
            lambda: made.append(
                actions.draft_announcement(
                    title=form.cleaned_data["title"], body=form.cleaned_data["body"],
                    unit_code=form.cleaned_data["unit"], roles=form.chosen_roles(),
                    visible_from=form.cleaned_data["visible_from"], visible_to=form.cleaned_data["visible_to"],
                    is_urgent=form.cleaned_data["is_urgent"], actor=asking.actor, at=asking.now,
                )
            ),
        ):  # fmt: skip
            messages.success(request, _("公告已保存为草稿，确认无误后发布。"))
            return HttpResponseRedirect(reverse("console:administration-announcement", args=[made[0]]))
        return self._show(request, form, status=422)

    def _show(self, request: Request, form: AnnouncementForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/administration/announcement_new.html", {"form": form}, status=status)


@require_safe
def announcement(request: Request, announcement_id: int) -> HttpResponse:
    """One notice as its readers see it, and how many have."""
    asking = request.asking
    shown = organization.announcement(asking.scope, announcement_id)
    read, wanted = organization.readers(asking.scope, announcement_id, on=asking.today)
    context = {
        "notice": shown, "read": read, "wanted": wanted, "state": words.ANNOUNCEMENT_STATES[shown.state],
        "tone": words.ANNOUNCEMENT_TONES[shown.state], "roles": [words.ROLES.get(role, role) for role in shown.roles],
    }  # fmt: skip
    return render(request, "console/administration/announcement.html", context)


@require_POST
def publish(request: Request, announcement_id: int) -> HttpResponse:
    """Show a draft to those it is for."""
    actions.publish_announcement(announcement_id=announcement_id, actor=request.asking.actor, at=request.asking.now)
    messages.success(request, _("公告已发布。"))
    return HttpResponseRedirect(reverse("console:administration-announcement", args=[announcement_id]))


@require_POST
def recall(request: Request, announcement_id: int) -> HttpResponse:
    """Take a notice back."""
    actions.recall_announcement(
        announcement_id=announcement_id, reason=request.POST.get("reason", ""), actor=request.asking.actor,
        at=request.asking.now,
    )  # fmt: skip
    messages.success(request, _("公告已撤回。"))
    return HttpResponseRedirect(reverse("console:administration-announcement", args=[announcement_id]))
