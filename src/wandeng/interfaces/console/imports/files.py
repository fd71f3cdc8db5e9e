"""Bringing a file: which kind, the file, what a dry run finds in it, and landing it."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import queries as organization
from wandeng.flows.imports import desk
from wandeng.flows.imports.kinds import kind as kind_of
from wandeng.infra.imports import mending, templates, uploads
from wandeng.infra.imports.uploads import UploadFacts
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.imports import shown
from wandeng.interfaces.console.imports.forms import UploadForm
from wandeng.interfaces.doorway import refusals
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import imports as words

PAGE = 50


class NewPage(View):
    """Choose a kind and a file."""

    def get(self, request: Request) -> HttpResponse:
        return self._page(request, self._form(request, initial={"kind": request.GET.get("kind", "")}))

    def post(self, request: Request) -> HttpResponse:
        form, asking, made = self._form(request, request.POST, request.FILES), request.asking, list[int]()
        done = attempt(
            form,
            lambda: made.append(
                desk.receive(
                    kind_name=form.cleaned_data["kind"],
                    file_name=form.cleaned_data["file"].name,
                    chunks=form.cleaned_data["file"].chunks(),
                    unit_code=form.cleaned_data["unit"],
                    actor=asking.actor,
                    at=asking.now,
                )
            ),
        )
        return _to("console:imports-upload", made[0]) if done else self._page(request, form, status=422)

    @staticmethod
    def _form(request: Request, *data: Any, **named: Any) -> UploadForm:
        asking = request.asking
        units = organization.unit_tree(asking.scope)
        return UploadForm(*data, kinds=desk.importable(asking.actor), units=units, **named)

    @staticmethod
    def _page(request: Request, form: UploadForm, *, status: int = 200) -> HttpResponse:
        kinds = [(kind, shown.kind_word(kind)) for kind in desk.importable(request.asking.actor)]
        context = {"form": form, "kinds": kinds, "limit": uploads.MAX_BYTES // 10**6}
        return render(request, "console/imports/new.html", context, status=status)


@require_safe
def kind_page(request: Request, kind: str) -> HttpResponse:
    """The columns of a kind, explained, and its templates."""
    found = kind_of(kind)
    sections = [(one.name if shown.is_english() else one.zh, shown.columns(one)) for one in found.sections]
    context = {"kind": found, "title": shown.kind_word(found), "sections": sections}
    return render(request, "console/imports/kind.html", context)


@require_safe
def template(request: Request, kind: str) -> HttpResponse:
    """An empty file of a kind: ``?format=csv|xlsx&lang=zh|en``."""
    found = kind_of(kind)
    form = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    english = request.GET.get("lang") == "en"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"template.{form}"
        templates.write(found, path, xlsx=form == "xlsx", language="en" if english else "zh")
        content = path.read_bytes()
    return download(content, f"{found.name if english else found.zh}.{form}")


@require_safe
def upload_page(request: Request, upload: int) -> HttpResponse:
    """An upload: how far it is, what was found, what can be done now."""
    facts = desk.upload(request.asking.actor, upload)
    return render(request, "console/imports/upload.html", _context(request, facts))


@require_safe
def progress(request: Request, upload: int) -> HttpResponse:
    """The part of the page that changes while a worker is at it; the whole page once it is done."""
    facts = desk.upload(request.asking.actor, upload)
    if facts.state in ("WAITING", "LANDING"):
        return render(request, "console/imports/upload_work.html", _context(request, facts))
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@require_safe
def findings_file(request: Request, upload: int) -> HttpResponse:
    """All that was found, as CSV."""
    facts = desk.upload(request.asking.actor, upload)
    kind = kind_of(facts.kind)
    found = uploads.findings(facts.id, size=uploads.MOST_FINDINGS)
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow([_("行号"), _("列"), _("问题"), _("内容"), _("应为")])
    for line, column, code, value, expected in found.rows:
        one = shown.finding(kind, line, column, code, value, expected)
        row = [one.place, one.column, str(one.fault), one.found, one.expected]
        writer.writerow([mending.guarded(cell) for cell in row])
    return download(text.getvalue().encode(), Path(facts.file_name).stem + "-" + _("问题") + ".csv")


@require_POST
def land(request: Request, upload: int) -> HttpResponse:
    """Take the file in."""
    asking = request.asking
    desk.land(upload_id=upload, actor=asking.actor, at=asking.now, again=request.POST.get("again") == "1")
    return _to("console:imports-upload", upload)


@require_POST
def discard(request: Request, upload: int) -> HttpResponse:
    """Throw the file away."""
    asking = request.asking
    desk.discard(upload_id=upload, actor=asking.actor, at=asking.now)
    messages.success(request, _("已放弃，没有写入任何数据。"))
    return _to("console:imports-list")


def download(content: bytes, name: str) -> HttpResponse:
    """Bytes as a file to keep."""
    kind = "application/octet-stream" if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _context(request: Request, facts: UploadFacts) -> dict[str, Any]:
    kind = kind_of(facts.kind)
    code, column = request.GET.get("code", ""), request.GET.get("column", "")
    number = request.GET.get("page", "1")
    page = int(number[:6]) if number.isascii() and number.isdigit() and number != "0" else 1
    found = uploads.findings(facts.id, code=code, column=column, start=(page - 1) * PAGE, size=PAGE)
    return {
        "upload": facts,
        "kind": kind,
        "kind_word": shown.kind_word(kind),
        "state_word": words.UPLOAD_STATES[facts.state],
        "state_tone": words.UPLOAD_TONES[facts.state],
        "work": desk.work_of_upload(facts.id),
        "progress": uploads.progress(facts.id),
        "faults": shown.faults(kind, [(one.code, one.column, one.count) for one in found.faults]),
        "findings": [shown.finding(kind, *row) for row in found.rows],
        "total": found.total,
        "first": (page - 1) * PAGE + 1,
        "last": (page - 1) * PAGE + len(found.rows),
        "page": page,
        "paged": f"code={quote(code)}&column={quote(column)}&" if code else "",
        "anchor": "findings",
        "steps": _steps(facts),
        "has_next": page * PAGE < found.total,
        "chosen": (code, column),
        "refusal": _refusal(facts),
        "notes": [(words.NOTES.get(name, name), count) for name, count in facts.outcome.get("notes", {}).items()],
        "parts": [
            (shown.kind_word(kind_of(name)), count, facts.outcome["part_batches"].get(name))
            for name, count in facts.outcome.get("parts", {}).items()
        ],
        "warnings": [shown.expected(text) for text in facts.outcome.get("warnings", [])],
        "days": uploads.KEPT.days,
    }


def _steps(facts: UploadFacts) -> list[dict[str, Any]]:
    """Upload, look, land: which is done, which is under way, which failed."""
    reached = {
        "WAITING": 1,
        "CHECKED": 2,
        "LANDING": 2,
        "LANDED": 3,
        "REFUSED": 2 if facts.outcome else 1,
        "DISCARDED": 1,
    }
    names = (_("上传"), _("试导"), _("导入"))
    at = reached[facts.state]
    current = "failed" if facts.state == "REFUSED" else "current"
    return [
        {"title": name, "state": "done" if place < at else current if place == at else "todo"}
        for place, name in enumerate(names)
    ]


def _refusal(facts: UploadFacts) -> str:
    """Why the file was not taken, in the reader's language."""
    kept = facts.refusal
    if not kept:
        return ""
    language = get_language() or "zh-hans"
    return refusals.told(kept["message"], language, file=kept.get("file", ""), line=kept.get("line", 0))


def _to(route: str, *arguments: object) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, args=arguments))
