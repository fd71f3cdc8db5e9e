"""A batch: what became of its rows, and mending those that were parked."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.organization import queries as organization
from wandeng.flows.imports import desk, intake
from wandeng.flows.imports.kinds import kind as kind_of
from wandeng.infra.imports import reports
from wandeng.infra.imports.uploads import UploadFacts
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.imports import shown
from wandeng.interfaces.console.imports.files import download
from wandeng.interfaces.console.imports.forms import CorrectedForm
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.doorway import middleware
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.imports import BATCHES
from wandeng.interfaces.doorway.words import imports as words
from wandeng.kernel.errors import InvalidInput, NotFound

PAGE = 50


class HistoryPage(ListPage):
    """The history, below the files that nobody has landed yet."""

    definition = BATCHES
    template = "console/imports/list.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        return super().context(request, *arguments) | {
            "open_uploads": [_open(one) for one in desk.open_uploads(request.asking.actor)]
        }


def _open(upload: UploadFacts) -> dict[str, Any]:
    return {
        "upload": upload,
        "kind": shown.kind_word(kind_of(upload.kind)),
        "state": words.UPLOAD_STATES[upload.state],
        "tone": words.UPLOAD_TONES[upload.state],
    }


@require_safe
def batch_page(request: Request, batch: int) -> HttpResponse:
    """Counts, faults, and the rows that wait."""
    return render(request, "console/imports/batch.html", _context(request, batch))


@require_safe
def progress(request: Request, batch: int) -> HttpResponse:
    """How far a retry is; the whole page once it is done."""
    facts = desk.batch(request.asking.actor, batch)
    work = desk.work_of_batch(batch)
    if work is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "console/imports/batch_work.html", {"batch": facts, "work": work})


class RowPart(View):
    """A parked row: read, opened for mending, saved and taken up again."""

    def get(self, request: Request, batch: int, line: int) -> HttpResponse:
        desk.batch(request.asking.actor, batch)
        row = shown.row(reports.parked_row(batch, line))
        part = "row_form" if "edit" in request.GET else "row"
        return render(request, f"console/imports/{part}.html", {"row": row, "batch_id": batch})

    def post(self, request: Request, batch: int, line: int) -> HttpResponse:
        asking = request.asking
        cells = {name.removeprefix("cell-"): text for name, text in request.POST.items() if name.startswith("cell-")}
        landed = desk.mend(
            batch_id=batch, line=line, cells={name: str(text) for name, text in cells.items()},
            actor=asking.actor, clock=middleware.now,
        )  # fmt: skip
        if landed:
            return render(request, "console/imports/row_landed.html", {"line": line, "batch_id": batch})
        row = shown.row(reports.parked_row(batch, line))
        context = {"row": row, "batch_id": batch, "still": True}
        return render(request, "console/imports/row_form.html", context)


@require_POST
def reveal(request: Request, batch: int, line: int) -> HttpResponse:
    """The row opened for mending with its personal cells in the clear; why is logged."""
    asking = request.asking
    facts = desk.reveal(
        batch_id=batch, line=line, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now
    )
    context = {"row": shown.row(facts, clear=True), "batch_id": batch, "clear": True}
    return render(request, "console/imports/row_form.html", context)


@require_POST
def retry(request: Request, batch: int) -> HttpResponse:
    """Take up all rows, or the ticked ones."""
    lines = None if request.POST.get("all") == "1" else frozenset(map(_line, request.POST.getlist("line")))
    if lines is not None and not lines:
        raise InvalidInput("choose at least one row")
    landed = desk.take_up(batch_id=batch, lines=lines, actor=request.asking.actor, clock=middleware.now)
    if landed is not None and lines is not None:
        text = ngettext("%(landed)d 行落库，%(left)d 行仍待处理。", "%(landed)d 行落库，%(left)d 行仍待处理。", landed)
        messages.success(request, text % {"landed": landed, "left": len(lines) - landed})
    return _to(batch)


@require_POST
def export(request: Request, batch: int) -> HttpResponse:
    """The parked rows as a file to be put right; who took it out is logged."""
    facts = desk.batch(request.asking.actor, batch)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parked.csv"
        desk.export_parked(batch_id=batch, target=path, actor=request.asking.actor, clock=middleware.now)
        content = path.read_bytes()
    return download(content, Path(facts.file).stem + "-" + _("待改") + f"-{batch}.csv")


@require_POST
def corrected(request: Request, batch: int) -> HttpResponse:
    """The exported file back in: its cells replace those of the parked rows, which are then taken up again."""
    form = CorrectedForm(request.POST, request.FILES)

    def bring_back() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "corrected.csv"
            with path.open("wb") as file:
                for chunk in form.cleaned_data["file"].chunks():
                    file.write(chunk)
            intake.correct(batch, path, actor=request.asking.actor, clock=middleware.now)
        desk.take_up(batch_id=batch, lines=None, actor=request.asking.actor, clock=middleware.now)

    desk.batch(request.asking.actor, batch)
    if attempt(form, bring_back):
        messages.success(request, _("已读入改好的文件，正在重试。"))
        return _to(batch)
    return render(request, "console/imports/batch.html", _context(request, batch, form), status=422)


def _context(request: Request, batch: int, form: CorrectedForm | None = None) -> dict[str, Any]:
    facts = desk.batch(request.asking.actor, batch)
    kind = kind_of(facts.kind)
    code, column = request.GET.get("code", ""), request.GET.get("column")
    number = request.GET.get("page", "1")
    page = int(number[:6]) if number.isascii() and number.isdigit() and number != "0" else 1
    rows, total = reports.parked_page(batch, code=code, column=column, start=(page - 1) * PAGE, size=PAGE)
    return {
        "batch": facts,
        "kind": kind,
        "kind_word": shown.kind_word(kind),
        "state_word": words.BATCH_STATES[facts.state],
        "state_tone": words.BATCH_TONES[facts.state],
        "work": desk.work_of_batch(batch),
        "faults": shown.faults(kind, reports.faults(batch)) if facts.waiting else [],
        "rows": [shown.row(one) for one in rows],
        "total": total,
        "first": (page - 1) * PAGE + 1,
        "last": (page - 1) * PAGE + len(rows),
        "page": page,
        "paged": f"code={quote(code)}&column={quote(column or '')}&" if code else "",
        "anchor": "rows",
        "has_next": page * PAGE < total,
        "code": code,
        "form": form or CorrectedForm(),
        "person": _name(facts.actor),
    }


def _name(code: str) -> str:
    try:
        return organization.person_card(code).name
    except NotFound:
        return code


def _line(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise InvalidInput("choose at least one row")
    return int(text[:18])


def _to(batch: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("console:imports-batch", args=[batch]))
