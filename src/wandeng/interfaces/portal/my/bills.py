"""Bills of an account that is held: the list, one in plain words, the document; and usage by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from wandeng.domains.metering.queries.accounts import HourUsed
from wandeng.flows import customer_overview, plain_bills, self_service
from wandeng.flows.bill_documents.pages import BillPrinter
from wandeng.flows.customer_overview import MonthUsed
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.words import bills as words
from wandeng.interfaces.portal.my.pages import looking, page
from wandeng.kernel.periods import BILLING_ZONE

HEIGHT, WIDTH, MONTHS_DRAWN, HOURS = 140, 360, 12, 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A month of the drawing: both bars from the bottom, in its units."""

    label: str
    x: int
    now: int
    before: int


@require_safe
def bills(request: HttpRequest, number: str) -> HttpResponse:
    """Bills that were published and stand, the newest first."""
    held = looking(request)
    account = held.account(number)
    found = self_service.published_bills(number, at=held.now, count=plain_bills.MONTHS_BACK)
    return page(request, "bills", {"account": account, "bills": found}, at=held.now)


@require_safe
def bill(request: HttpRequest, number: str, bill: int) -> HttpResponse:
    """One bill in plain words, and its lines."""
    held = looking(request)
    account = held.account(number)
    found = plain_bills.plain_bill(number, bill, at=held.now)
    in_english = get_language() == "en"
    lines = [
        (one.item_en if in_english else one.item_zh, words.PERIOD_NAMES.get(one.measure_zh, ""), one)
        for one in found.explained.lines
    ]
    hours = [(words.MEASURES.get(one.measure_zh, one.measure_zh), one) for one in found.hours]
    context = {
        "account": account, "found": found, "bill": found.bill, "lines": lines, "hours": hours,
        "last": found.bill.period_to - timedelta(days=1),
        "more": found.change is not None and found.change > 0, "change": abs(found.change or 0),
    }  # fmt: skip
    return page(request, "bill", context, at=held.now)


@require_safe
def pdf(request: HttpRequest, number: str, bill: int) -> HttpResponse:
    """The bill as a document."""
    held = looking(request)
    held.account(number)
    found = plain_bills.plain_bill(number, bill, at=held.now).explained
    response = HttpResponse(BillPrinter(rulebook.library()).pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.account_number}-{found.month}.pdf"'
    return response


@require_safe
def usage(request: HttpRequest, number: str) -> HttpResponse:
    """Usage by month beside the year before, as a drawing and a table; where the meter tells, by day and lately by hour."""
    held = looking(request)
    account = held.account(number)
    on = held.now.astimezone(BILLING_ZONE).date()
    found = customer_overview.usage(Scope.everywhere(), number, on=on)
    context = {
        "account": account, "months": list(reversed(found.months)), "days": list(reversed(found.days)),
        "bars": _bars(found.months[-MONTHS_DRAWN:]), "hours": found.hours, "hour_bars": _hour_bars(found.hours),
        "width": WIDTH, "height": HEIGHT,
    }  # fmt: skip
    return page(request, "usage", context, at=held.now)


def _bars(months: tuple[MonthUsed, ...]) -> list[Bar]:
    most = max([one.energy_ckwh or 0 for one in months] + [one.last_year_ckwh or 0 for one in months] + [1])

    def tall(energy: int | None) -> int:
        return max(0, energy or 0) * (HEIGHT - 20) // most

    return [
        Bar(str(one.month.number), place * WIDTH // MONTHS_DRAWN, tall(one.energy_ckwh), tall(one.last_year_ckwh))
        for place, one in enumerate(months)
    ]


def _hour_bars(hours: tuple[HourUsed, ...]) -> list[Bar]:
    """The hours of a day, each with its number every six hours."""
    most = max([one.energy_ckwh for one in hours] + [1])
    return [
        Bar(str(one.hour) if one.hour % 6 == 0 else "", one.hour * WIDTH // HOURS,
            max(0, one.energy_ckwh) * (HEIGHT - 20) // most, 0)
        for one in hours
    ]  # fmt: skip
