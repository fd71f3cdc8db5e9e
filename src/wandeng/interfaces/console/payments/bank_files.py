"""Bank files on the page: what was sent, what came, what became of every yuan of it."""

from __future__ import annotations

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

from wandeng.domains.payments.queries import bank_files as queries
from wandeng.domains.payments.queries import suspense
from wandeng.domains.payments.queries.bank_values import BankFileFacts
from wandeng.flows import bank_files as flow
from wandeng.flows import bank_requests
from wandeng.interfaces.console.forms import attempt
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.payments.bank_forms import FileForm, RequestForm
from wandeng.interfaces.doorway import refusals
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.payments_bank import FILES
from wandeng.interfaces.doorway.words import payments_bank as words

WORKING = ("WAITING", "POSTING")
ORDER = ("READY", "POSTED", "TO_SUSPENSE", "SUSPENSE", "REJECTED", "REPEAT", "FAILED", "ASKED", "PAID", "TOLD")


class FilesPage(ListPage):
    """The files, below what waits in suspense."""

    definition = FILES
    template = "console/payments/bank_files.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        waiting, fen = suspense.open_suspense(request.asking.scope)
        return super().context(request, *arguments) | {"suspense": waiting, "suspense_fen": fen}


class NewPage(View):
    """Bring a file."""

    def get(self, request: Request) -> HttpResponse:
        return self._page(request, FileForm(body=_body(request), initial={"bank": request.GET.get("bank", "")}))

    def post(self, request: Request) -> HttpResponse:
        form, asking, made = FileForm(request.POST, request.FILES, body=_body(request)), request.asking, list[int]()
        done = attempt(
            form,
            lambda: made.append(
                flow.receive(
                    bank=form.cleaned_data["bank"], file_name=form.cleaned_data["file"].name,
                    chunks=form.cleaned_data["file"].chunks(), unit_code=asking.unit.code, actor=asking.actor,
                    at=asking.now,
                )
            ),
        )  # fmt: skip
        return _to("console:payments-bank-file", made[0]) if done else self._page(request, form, status=422)

    @staticmethod
    def _page(request: Request, form: FileForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/payments/bank_new.html", {"form": form, "body": _body(request)}, status=status)


class RequestPage(View):
    """Make a request of what is open."""

    def get(self, request: Request) -> HttpResponse:
        return self._page(request, RequestForm(body=_body(request), initial={"on": request.asking.today}))

    def post(self, request: Request) -> HttpResponse:
        form, asking, made = RequestForm(request.POST, body=_body(request)), request.asking, list[int]()
        done = attempt(
            form,
            lambda: made.append(
                bank_requests.export(
                    kind=form.cleaned_data["kind"], bank=form.cleaned_data["bank"], unit_code=asking.unit.code,
                    on=form.cleaned_data["on"], answers=form.cleaned_data["answers"], actor=asking.actor, at=asking.now,
                ).file_id
            ),
        )  # fmt: skip
        return _to("console:payments-bank-file", made[0]) if done else self._page(request, form, status=422)

    @staticmethod
    def _page(request: Request, form: RequestForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/payments/bank_request.html", {"form": form}, status=status)


@require_safe
def detail(request: Request, file_id: int) -> HttpResponse:
    """A file: its control figures, its verdicts, what can be done now."""
    facts = queries.bank_file(request.asking.scope, file_id)
    return render(request, "console/payments/bank_file.html", _context(request, facts))


@require_safe
def progress(request: Request, file_id: int) -> HttpResponse:
    """The part that changes while a worker is at it; the whole page once it is done."""
    facts = queries.bank_file(request.asking.scope, file_id)
    if facts.state in WORKING:
        return render(request, "console/payments/bank_work.html", _context(request, facts))
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})


@require_POST
def post(request: Request, file_id: int) -> HttpResponse:
    """Book the file."""
    asking = request.asking
    flow.post(file_id=file_id, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now)
    return _to("console:payments-bank-file", file_id)


@require_POST
def discard(request: Request, file_id: int) -> HttpResponse:
    """Throw the file away."""
    asking = request.asking
    flow.discard(file_id=file_id, reason=request.POST.get("reason", ""), actor=asking.actor, at=asking.now)
    messages.success(request, _("已放弃，没有入任何账。"))
    return _to("console:payments-bank-files")


@require_POST
def fetch(request: Request, file_id: int) -> HttpResponse:
    """A file of ours to be sent; bank accounts stand in it, so who took it is logged."""
    made = bank_requests.fetch(file_id=file_id, actor=request.asking.actor, at=request.asking.now)
    response = HttpResponse(made.content, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.file_name)}"
    return response


def _body(request: Request) -> Any:
    return flow.rules(request.asking.unit.territory, request.asking.today).body


def _context(request: Request, facts: BankFileFacts) -> dict[str, Any]:
    verdicts = [
        {"code": one, "word": words.VERDICTS[one], "tone": words.VERDICT_TONES[one], "sum": facts.verdicts[one]}
        for one in ORDER
        if one in facts.verdicts
    ]
    reasons = [
        {"verdict": verdict, "word": words.VERDICTS[verdict], "tone": words.VERDICT_TONES[verdict], "code": reason,
         "reason": words.ROW_REASONS.get(reason, reason), "sum": found}
        for verdict, reason, found in facts.reasons
        if reason
    ]  # fmt: skip
    return {
        "file": facts,
        "kind": words.FILE_KINDS.get(facts.kind, facts.kind),
        "bank": words.BANKS.get(facts.bank, facts.bank),
        "state": words.FILE_STATES[facts.state],
        "tone": words.FILE_TONES[facts.state],
        "verdicts": verdicts,
        "reasons": reasons,
        "accounted": sum(one.amount_fen for one in facts.verdicts.values()) + facts.unread_fen,
        "work": flow.work_of(facts.file_id) if facts.state in WORKING else None,
        "refusal": _refusal(facts),
        "steps": _steps(facts) if facts.direction == "IN" else [],
        "may_do": request.asking.may("console:payments-bank-file-post", write=True),
    }


def _refusal(facts: BankFileFacts) -> str:
    kept = facts.refusal
    if not kept:
        return ""
    return refusals.told(
        str(kept["message"]), get_language() or "zh-hans", file=str(kept["file"]), line=int(str(kept["line"]))
    )


def _steps(facts: BankFileFacts) -> list[dict[str, Any]]:
    """Bring, check, book: which is done, which is under way, which failed."""
    reached = {"WAITING": 1, "CHECKED": 2, "POSTING": 2, "POSTED": 3, "REFUSED": 1, "DISCARDED": 2}[facts.state]
    current = "failed" if facts.state == "REFUSED" else "current"
    names = (_("带入"), _("核对"), _("入账"))
    return [
        {"title": name, "state": "done" if place < reached else current if place == reached else "todo"}
        for place, name in enumerate(names)
    ]


def _to(route: str, *arguments: object) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(route, args=arguments))
