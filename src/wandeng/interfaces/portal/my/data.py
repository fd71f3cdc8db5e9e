"""My data (我的数据): everything about the accounts that are held as CSV, one file or all in one, and personal tokens."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.residents import actions, queries
from wandeng.flows import my_data
from wandeng.flows.my_data import OwnBill, OwnBillLine, OwnCase, OwnDay, OwnMonth, OwnPayment
from wandeng.interfaces.doorway import holding, rulebook
from wandeng.interfaces.doorway.holding import Holding
from wandeng.interfaces.doorway.lists.export import harmless
from wandeng.interfaces.doorway.words import my_data as words
from wandeng.interfaces.doorway.words import payments_money
from wandeng.interfaces.portal.my.pages import looking, page, told
from wandeng.kernel.errors import NotFound, Refused
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import BILLING_ZONE

LIVES = (30, 90)
"""Days that are offered for a token, those that the rule allows."""
MOMENT = "%Y-%m-%d %H:%M:%S"
ONE_DAY = timedelta(days=1)
Cells = Sequence[object]


@dataclass(frozen=True, slots=True)
class Table:
    """A file: what it tells of one account, and a row of it; its words stand in ``words.my_data``."""

    rows: Callable[[Holding, str], Iterable[Any]]
    cells: Callable[[Any], Cells]


def _bill(one: OwnBill) -> Cells:
    last = one.period_to - ONE_DAY
    return (
        one.account_number, one.number, one.month, one.period_from, last, _hundredths(one.energy_ckwh), _hundredths(one.amount_fen),
        one.due_on,
    )  # fmt: skip


def _line(one: OwnBillLine) -> Cells:
    item = one.item_en if get_language() == "en" else one.item_zh
    return (
        one.account_number, one.bill, one.month, item, one.measure_zh, one.tier or "", one.seg_from, one.seg_to - ONE_DAY,
        _hundredths(one.quantity), one.unit, format_scaled(one.price_e8, 8, trim=True), _hundredths(one.amount_fen),
    )  # fmt: skip


def _payment(one: OwnPayment) -> Cells:
    channel = payments_money.CHANNELS.get(one.channel, words.OTHER_CHANNEL)
    state = payments_money.STATES.get(one.state, one.state)
    return one.account_number, one.received_on, channel, _hundredths(one.amount_fen), state


def _month(one: OwnMonth) -> Cells:
    return one.account_number, one.month, _hundredths(one.energy_ckwh), _hundredths(one.amount_fen)


def _day(one: OwnDay) -> Cells:
    return one.account_number, one.on, _hundredths(one.energy_ckwh), one.points


def _case(one: OwnCase) -> Cells:
    in_english = get_language() == "en"
    stage = one.stage_en if in_english else one.stage_zh
    return (
        one.account_number, one.number, one.process_en if in_english else one.process_zh,
        stage if one.state == "OPEN" else words.CLOSED, one.opened_at.astimezone(BILLING_ZONE).strftime(MOMENT),
    )  # fmt: skip


def _hundredths(value: int) -> str:
    return format_scaled(value, 2)


TABLES = {
    "bills": Table(lambda held, number: my_data.bills(number, at=held.now), _bill),
    "bill-lines": Table(lambda held, number: my_data.lines(number, at=held.now), _line),
    "payments": Table(lambda _held, number: my_data.payments(number), _payment),
    "usage-months": Table(lambda held, number: my_data.months(number, at=held.now), _month),
    "usage-days": Table(lambda held, number: my_data.days(number, at=held.now), _day),
    "cases": Table(lambda _held, number: my_data.cases(number, charter=rulebook.charter()), _case),
}


@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """What can be taken away, and the tokens; a new one is shown once, in the answer to its form."""
    held, wrong, status, made = holding.of(request), "", 200, None
    most, longest = queries.token_limits(held.now, library=rulebook.library())
    label, given = str(request.POST.get("label", ""))[:64], str(request.POST.get("days", ""))
    if request.method == "POST":
        try:
            made = actions.make_token(
                resident_id=held.resident_id, label=label, days=int(given) if given.isdecimal() else 0, at=held.now,
                library=rulebook.library(),
            )  # fmt: skip
            label = ""
        except Refused as refusal:
            wrong, status = told(refusal), 422
    tokens = [one for one in queries.tokens_of(held.resident_id, now=held.now) if one.is_good]
    context = {
        "tables": words.TITLES.items(), "tokens": tokens, "made": made, "label": label,
        "wrong": wrong, "most": most, "is_full": len(tokens) >= most,
        "lives": sorted({*(one for one in LIVES if one < longest), longest}),
        "address": request.build_absolute_uri("/api/v1/my/accounts"),
    }  # fmt: skip
    return page(request, "data", context, at=held.now, status=status)


@require_safe
def one_file(request: HttpRequest, kind: str) -> HttpResponse:
    """One table of all accounts that are held, as CSV."""
    held = looking(request)
    if kind not in TABLES:
        raise NotFound(f"there is no page {kind}")
    return _attached(f"{words.TITLES[kind]}.csv", "text/csv; charset=utf-8", _csv(kind, held))


@require_safe
def all_files(request: HttpRequest) -> HttpResponse:
    """All tables in one ZIP."""
    held, buffer = looking(request), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for kind in TABLES:
            packed.writestr(f"{words.TITLES[kind]}.csv", _csv(kind, held))
    return _attached(f"{words.ALL}.zip", "application/zip", buffer.getvalue())


@require_POST
def end_token(request: HttpRequest, token: int) -> HttpResponse:
    """End a token."""
    held = holding.of(request)
    actions.end_own_token(resident_id=held.resident_id, token_id=token, at=held.now)
    return HttpResponseRedirect(reverse("my:data"))


def _csv(kind: str, held: Holding) -> bytes:
    """With a byte order mark: Excel in China reads bare UTF-8 as mojibake."""
    table, buffer = TABLES[kind], io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([str(head) for head in words.HEADS[kind]])
    for account in held.accounts:
        for row in table.rows(held, account.account_number):
            writer.writerow([_cell(one) for one in table.cells(row)])
    return buffer.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    """A number as it is, so that -5.00 stays one; text so that no spreadsheet runs it."""
    text = str(value)
    return text if text.removeprefix("-").replace(".", "", 1).isdecimal() else harmless(text)


def _attached(name: str, kind: str, content: bytes) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )
