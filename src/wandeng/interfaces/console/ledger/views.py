"""The books of a month: balances by heading, one entry, export, and closing the month."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.ledger import queries
from wandeng.domains.organization import queries as organization
from wandeng.flows import ledger_export, month_close
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.export import XLSX
from wandeng.interfaces.doorway.words import ledger as words
from wandeng.kernel.periods import Month

MONTHS = 24


@require_safe
def balance(request: Request) -> HttpResponse:
    """科目余额 of a unit's month, and whether the month can be closed."""
    asking = request.asking
    units = organization.unit_tree(asking.scope)
    code = request.GET.get("unit") or units[0].code
    months = queries.months_posted(asking.scope)[:MONTHS]
    month = Month.parse(request.GET.get("month") or (months[0] if months else str(Month.of(asking.today))))
    ready = month_close.readiness(asking.scope, unit_code=code, month=month, at=asking.now)
    found = queries.balances(asking.scope, unit_path=ready.unit.path, month=str(month))
    heading_of = queries.headings(rulebook.library(), on=month.first)
    english = (get_language() or "").startswith("en")
    rows = sorted(
        ((heading_of(one.ledger_account), one) for one in found), key=lambda row: (row[0].code, row[1].ledger_account)
    )
    context = {
        "unit": ready.unit,
        "units": units,
        "month": month,
        "months": months,
        "rows": [(heading.code, heading.name_en if english else heading.name_zh, one) for heading, one in rows],
        "sums": {
            name: sum(getattr(one, name) for one in found)
            for name in ("opening_fen", "debit_fen", "credit_fen", "closing_fen")
        },
        "ready": ready,
        "may_close": ready.may_close and asking.may("console:ledger-close", write=True),
        "checks": [(words.CHECKS[one.code], words.OPEN[one.code], one) for one in ready.checks],
    }
    return render(request, "console/ledger/balance.html", context)


@require_safe
def export(request: Request, unit: str, month: str) -> HttpResponse:
    """A month of the books as a workbook, or as a journal for an independent checker (``?format=journal``)."""
    found = ledger_export.books(
        request.asking.scope, unit_code=unit, month=Month.parse(month), library=rulebook.library()
    )
    if request.GET.get("format") == "journal":
        content: bytes = ledger_export.journal(found).encode()
        kind, ending = "text/plain; charset=utf-8", "beancount"
    else:
        content, kind, ending = ledger_export.workbook(found), XLSX, "xlsx"
    name = f"ledger-{found.unit.code}-{found.month}.{ending}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_POST
def close(request: Request, unit: str, month: str) -> HttpResponse:
    """Close the month of a unit and all below it."""
    asking = request.asking
    count = month_close.close(unit_code=unit, month=Month.parse(month), actor=asking.actor, at=asking.now)
    messages.success(request, _("%(month)s 已关账：%(count)d 个单位。") % {"month": month, "count": count})
    return HttpResponseRedirect(f"{reverse('console:ledger-balance')}?unit={unit}&month={month}")


@require_safe
def entry(request: Request, number: int) -> HttpResponse:
    """One entry with its lines summed by ledger account."""
    found = queries.entry(request.asking.scope, number)
    heading_of = queries.headings(rulebook.library(), on=Month.parse(found.month).first)
    english = (get_language() or "").startswith("en")
    lines = [(heading_of(name), name, amount) for name, amount in found.lines]
    context = {
        "entry": found,
        "kind": words.KINDS.get(found.kind, found.kind),
        "lines": [
            (heading.code, heading.name_en if english else heading.name_zh, name, max(amount, 0), max(-amount, 0))
            for heading, name, amount in lines
        ],
        "total": sum(amount for _heading, _name, amount in lines if amount > 0),
    }
    return render(request, "console/ledger/entry.html", context)
