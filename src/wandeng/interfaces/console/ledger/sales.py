"""Purchase, sale, price and revenue (购售量价费) of a month, and the purchases it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.domains.billing import queries as billing
from wandeng.domains.organization import queries as organization
from wandeng.domains.purchases import actions, queries
from wandeng.domains.purchases.types import Source
from wandeng.domains.tariffs import queries as tariffs
from wandeng.flows import purchase_and_sale
from wandeng.flows.purchase_and_sale import Amount, By, Statement
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.ledger import sales_book
from wandeng.interfaces.console.ledger.forms import CorrectForm, RecordForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.export import XLSX
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import ledger as words
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import Month


@require_safe
def statement(request: Request) -> HttpResponse:
    """The statement of a unit's month; ``?format=xlsx`` as a workbook."""
    asking = request.asking
    units = organization.unit_tree(asking.scope)
    newest = billing.last_month_billed(asking.scope) or Month.of(asking.today).previous()
    month = Month.parse(request.GET.get("month") or str(newest))
    is_book = request.GET.get("format") == "xlsx"
    by = By.CUSTOMER if request.GET.get("by") == By.CUSTOMER else By.PRICE
    code = request.GET.get("unit") or units[0].code
    shown = purchase_and_sale.statement(asking.scope, unit_code=code, month=month, by=By.BOTH if is_book else by)
    prices = price_names(month)
    if is_book:
        name = f"sales-{shown.unit.code}-{month}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(sales_book.workbook(shown, prices), content_type=XLSX, headers=headers)
    context = {
        "shown": shown,
        "unit": shown.unit,
        "units": units,
        "month": month,
        "bought": compared(shown, "bought", words.SOURCES),
        "by": by.value,
        "ways": words.SALES_BY,
        "sold": compared(shown, "sold", customer_words.CLASSES)
        if by == By.CUSTOMER
        else compared(shown, "at_price", prices),
        "earned": sorted(shown.earned.items(), key=lambda one: -one[1]),
        "ties": [(words.TIES[one.code], one) for one in shown.ties],
        "chart": chart(shown),
        "parts": parts(shown, by, customer_words.CLASSES if by == By.CUSTOMER else prices),
    }
    return render(request, "console/ledger/sales.html", context)


def compared(shown: Statement, part: str, names: Mapping[str, Any]) -> list[tuple[Any, Amount, Amount, Amount]]:
    """Rows of a part: what it is called, this month, the month before, the same month of the year before."""
    months = [getattr(one, part) for one in (shown.now, shown.before, shown.last_year)]
    codes = sorted(
        {code for one in months for code in one}, key=lambda code: -months[0].get(code, Amount()).energy_ckwh
    )
    return [(names.get(code, code), *(one.get(code, Amount()) for one in months)) for code in codes]


def chart(shown: Statement) -> dict[str, Any]:
    """Energy bought and sold, three months side by side, in kWh."""
    months = (shown.last_year, shown.before, shown.now)
    return {
        "xAxis": {"type": "category", "data": [str(one.month) for one in months]},
        "yAxis": {"type": "value"},
        "series": [
            {"name": _("购电量"), "type": "bar", "data": [one.all_bought.energy_ckwh // 100 for one in months]},
            {"name": _("售电量"), "type": "bar", "data": [one.all_sold.energy_ckwh // 100 for one in months]},
        ],
    }


def parts(shown: Statement, by: By, names: Mapping[str, Any]) -> dict[str, Any]:
    """Energy sold in three months by class, in kWh, one upon the other."""
    months = (shown.last_year, shown.before, shown.now)
    found = [one.sold if by == By.CUSTOMER else one.at_price for one in months]
    codes = sorted({code for one in found for code in one}, key=lambda code: -found[-1].get(code, Amount()).energy_ckwh)
    return {
        "legend": {"type": "scroll", "top": 0, "left": 0, "itemWidth": 14, "itemHeight": 8},
        "xAxis": {"type": "category", "data": [str(one.month) for one in months]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": str(names.get(code, code) or _("没有电价")), "type": "bar", "stack": "sold",
                "data": [one.get(code, Amount()).energy_ckwh // 100 for one in found],
            }
            for code in codes
        ],
    }  # fmt: skip


def price_names(month: Month) -> dict[str, str]:
    """Price code → its name in the rules of the month."""
    codes = tariffs.codes(rulebook.library(), month.first)
    return {one.code: rule_name(f"{one.territory_zh} {one.name_zh}") for one in codes} | {"": _("没有电价")}


class RecordPage(View):
    """Record a purchase."""

    def get(self, request: Request) -> HttpResponse:
        return self._shown(request, RecordForm(units=organization.unit_tree(request.asking.scope)))

    def post(self, request: Request) -> HttpResponse:
        asking = request.asking
        form = RecordForm(request.POST, units=organization.unit_tree(asking.scope))

        def record() -> None:
            given = form.cleaned_data
            actions.record(**given | {"source": Source(given["source"])}, actor=asking.actor, at=asking.now)

        if not console_forms.attempt(form, record):
            return self._shown(request, form, status=422)
        messages.success(request, _("购电结算已登记并记账。"))
        return HttpResponseRedirect(reverse("console:ledger-purchases"))

    def _shown(self, request: Request, form: RecordForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/ledger/purchase.html", {"form": form, "found": None}, status=status)


class CorrectPage(View):
    """Correct a recorded purchase with a reason."""

    def get(self, request: Request, number: int) -> HttpResponse:
        found = queries.purchase(request.asking.scope, number)
        initial = {
            "energy_ckwh": format_scaled(found.energy_ckwh, 2, trim=True),
            "amount_fen": format_scaled(found.amount_fen, 2),
            "document_number": found.document_number,
        }
        return self._shown(request, number, CorrectForm(initial=initial))

    def post(self, request: Request, number: int) -> HttpResponse:
        asking = request.asking
        form = CorrectForm(request.POST)

        def correct() -> None:
            actions.correct(purchase_id=number, **form.cleaned_data, actor=asking.actor, at=asking.now)

        if not console_forms.attempt(form, correct):
            return self._shown(request, number, form, status=422)
        messages.success(request, _("购电结算已更正，原凭证已冲销。"))
        return HttpResponseRedirect(reverse("console:ledger-purchases"))

    def _shown(self, request: Request, number: int, form: CorrectForm, *, status: int = 200) -> HttpResponse:
        found = queries.purchase(request.asking.scope, number)
        context = {"form": form, "found": found, "source": words.SOURCES[found.source]}
        return render(request, "console/ledger/purchase.html", context, status=status)
