"""A receipt on its page and on paper; verified by its code, voided for a reason while the session is open."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.flows import cash_desk
from wandeng.flows.bill_documents.pages import amount_in_words
from wandeng.flows.receipt_documents import pages
from wandeng.infra.typesetting import qr_svg
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import payments_till as words


@require_safe
def detail(request: Request, number: str) -> HttpResponse:
    """A receipt. ``check``: the code on a paper, which is held against the receipt's own."""
    asking = request.asking
    receipt = cash_desk.receipt(asking.scope, number)
    asked = request.GET.get("check", "")
    context = {
        "receipt": receipt,
        "capital": amount_in_words(receipt.amount_fen),
        "tender": words.TILL_TENDERS.get(receipt.tender, receipt.tender),
        "lines": [(line, words.PART_KINDS[line.kind]) for line in receipt.settled],
        "qr": mark_safe(qr_svg(receipt.qr_text)),  # drawn here from our own text
        "asked": asked,
        "proved": cash_desk.is_proved(receipt, asked),
        "own": receipt.cashier == asking.actor.code,
        "may_desk": asking.may("console:payments-desk"),
        "may_void": asking.may("console:payments-receipt-void", write=True)
        and receipt.cashier == asking.actor.code
        and receipt.session_state == "OPEN"
        and not (receipt.is_void or receipt.void_asked or receipt.is_offline),
    }
    return render(request, "console/payments/receipt.html", context)


@require_safe
def pdf(request: Request, number: str) -> HttpResponse:
    """The receipt as a document."""
    content = pages.pdf(cash_desk.receipt(request.asking.scope, number))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response


@require_POST
def void(request: Request, number: str) -> HttpResponse:
    """Void a receipt: its payment goes back, the paper keeps its number."""
    done = cash_desk.void(
        receipt_number=number, reason=request.POST.get("reason", ""), actor=request.asking.actor, at=request.asking.now
    )
    if done.state == "DONE":
        messages.success(request, _("收据已作废，款项请退还客户。"))
    else:
        messages.warning(request, _("金额超过限额，须由另一人同意后作废；同意之前不要退款。"))
    return HttpResponseRedirect(reverse("console:payments-receipt", args=[number]))
