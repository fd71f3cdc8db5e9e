"""Reporting a fault, and following it and everything else that was asked about the account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from wandeng.domains.cases.queries import known
from wandeng.domains.residents import actions, queries
from wandeng.flows import fault_reports, own_requests
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import holding, rulebook
from wandeng.interfaces.doorway.words import residents as words
from wandeng.interfaces.portal.my.asking import case_page, own_of, sent_photos
from wandeng.interfaces.portal.my.pages import CHANNEL, MACHINE, page, told
from wandeng.kernel.errors import Refused

LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, number: str) -> HttpResponse:
    """What is wrong, in one of a few sentences and with words of one's own; then the case that follows it."""
    held = holding.of(request)
    account = held.account(number)
    chosen, note, wrong, status = "", "", "", 200
    if request.method == "POST":
        chosen, note = str(request.POST.get("what", "")), str(request.POST.get("note", "")).strip()[:LONGEST]
        try:
            if chosen in words.FAULTS:
                return HttpResponseRedirect(case_page(number, _reported(request, number, chosen, note)))
            wrong, status = str(words.NO_FAULT), 422
        except Refused as refusal:
            wrong, status = told(refusal), 422
    context = {
        "account": account, "faults": words.FAULTS.items(), "chosen": chosen, "note": note, "wrong": wrong,
        "phone": queries.own_phone(held.resident_id)[-4:], "longest": LONGEST,
        "most_photos": queries.self_service(held.now, library=rulebook.library()).photos.most,
    }  # fmt: skip
    return page(request, "report", context, at=held.now, status=status)


def _reported(request: HttpRequest, number: str, what: str, note: str) -> str:
    own, library, charter = own_of(request, number), rulebook.library(), rulebook.charter()
    actions.count_report(account_number=number, at=own.at, library=library)
    # Before anything is opened: what cannot be read is told.
    taken = own_requests.looked_at(sent_photos(request), at=own.at, library=library)
    with translation.override("zh-hans"):  # staff read Chinese, whatever language the page was shown in
        situation = str(words.FAULTS[what]) + (f"：{note}" if note else "")
    with own_requests.turn(own):
        found = fault_reports.report(
            account=number, phone=queries.own_phone(own.resident_id), channel=CHANNEL, situation=situation, actor=MACHINE,
            at=own.at, charter=charter, is_danger=what == words.DANGER,
        )  # fmt: skip
        own_requests.show_photos(own, found.number, taken, charter=charter, library=library)
    return found.number


@require_safe
def cases(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that was asked about the account, open ones first, each with the page that follows it."""
    held = holding.of(request)
    account = held.account(number)
    is_english = request.LANGUAGE_CODE == "en"
    found = known.cases_of(Scope.everywhere(), number, charter=rulebook.charter())
    shown = [
        (
            one.process_en if is_english else one.process_zh, one.stage_en if is_english else one.stage_zh, one.opened_at,
            one.state == "OPEN", case_page(number, one.number),
        )
        for one in found
    ]  # fmt: skip
    return page(request, "cases", {"account": account, "cases": shown}, at=held.now)
