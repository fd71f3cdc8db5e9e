"""Writing: a new article, a new version with a look before it is handed in, approved by a second person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.http import require_POST

from wandeng.domains.knowledge import actions, queries
from wandeng.domains.knowledge.types import ArticleShown
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.knowledge import places
from wandeng.interfaces.console.knowledge.forms import NewForm, TextForm
from wandeng.interfaces.doorway.asking import Request


class NewPage(View):
    """Write a new article."""

    def get(self, request: Request) -> HttpResponse:
        today = request.asking.today
        first = {"valid_from": today + timedelta(days=1), "kind": "ARTICLE"}
        return _editor(request, NewForm(initial=first, today=today))

    def post(self, request: Request) -> HttpResponse:
        asking = request.asking
        form = NewForm(request.POST, today=asking.today)
        if "look" in request.POST:
            return _editor(request, form, status=200 if form.is_valid() else 422)
        if attempt(
            form,
            lambda: actions.create(
                code=form.cleaned_data["code"], kind=form.cleaned_data["kind"], text=form.written(),
                shortcut=form.cleaned_data["shortcut"], valid_from=form.cleaned_data["valid_from"],
                reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("已提交，须由另一人审批。"))
            return _to(form.cleaned_data["code"])
        return _editor(request, form, status=422)


class DraftPage(View):
    """Write a new version from a day on."""

    def get(self, request: Request, code: str) -> HttpResponse:
        article = queries.article(code, on=request.asking.today)
        form = TextForm(initial=TextForm.of(article, request.asking.today), today=request.asking.today)
        return _editor(request, form, article)

    def post(self, request: Request, code: str) -> HttpResponse:
        asking = request.asking
        article = queries.article(code, on=asking.today)
        form = TextForm(request.POST, today=asking.today)
        if "look" in request.POST:
            return _editor(request, form, article, status=200 if form.is_valid() else 422)
        if attempt(
            form,
            lambda: actions.draft(
                code=code, text=form.written(), valid_from=form.cleaned_data["valid_from"],
                reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now,
            ),
        ):  # fmt: skip
            messages.success(request, _("已提交，须由另一人审批。"))
            return _to(code)
        return _editor(request, form, article, status=422)


@require_POST
def approve(request: Request, version: int) -> HttpResponse:
    """Let a text hold from its day on."""
    article, _version = queries.version(version, on=request.asking.today)
    actions.approve(
        version_id=version, actor=request.asking.actor, at=request.asking.now, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("已审批，自起用日起执行。"))
    return _to(article.code)


@require_POST
def withdraw(request: Request, version: int) -> HttpResponse:
    """Take a text back before its day."""
    article, _version = queries.version(version, on=request.asking.today)
    actions.withdraw(
        version_id=version, actor=request.asking.actor, at=request.asking.now, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("已撤回。"))
    return _to(article.code)


@require_POST
def retire(request: Request, code: str) -> HttpResponse:
    """Use an article no longer."""
    actions.retire(code=code, actor=request.asking.actor, at=request.asking.now, reason=request.POST.get("reason", ""))
    messages.success(request, _("已停用，内容仍可查看。"))
    return _to(code)


@require_POST
def install(request: Request) -> HttpResponse:
    """Put the product's own texts in place."""
    count = actions.install(actor=request.asking.actor, at=request.asking.now)
    messages.success(request, ngettext("已安装 %(count)d 篇。", "已安装 %(count)d 篇。", count) % {"count": count})
    return HttpResponseRedirect(reverse("console:knowledge-list"))


def _editor(
    request: Request, form: TextForm, article: ArticleShown | None = None, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "article": article,
        "look": form.cleaned_data.get("text", "") if form.is_bound and form.is_valid() else "",
        "processes": places.known(request.asking.today),
    }
    return render(request, "console/knowledge/editor.html", context, status=status)


def _to(code: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:knowledge-article", args=[code]))
