"""A bill explained line by line, printed, and held against another month."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from wandeng.domains.billing import queries
from wandeng.domains.billing.queries.compare import Comparison
from wandeng.domains.billing.types import BillExplanation, LineShown
from wandeng.domains.organization import queries as organization
from wandeng.domains.tariffs import queries as tariffs
from wandeng.flows.bill_documents.pages import BillPrinter, amount_in_words
from wandeng.interfaces.console.bills import charts
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.templatetags.wandeng import yuan
from wandeng.interfaces.doorway.words import bills as words
from wandeng.interfaces.doorway.words import prices
from wandeng.kernel.errors import InvalidInput, NotFound

MONTHS_BACK = 24
POSTED = ("POSTED", "PUBLISHED")


@require_safe
def detail(request: Request, number: int) -> HttpResponse:
    """How a bill came about, from the readings to the rounding, with its corrections."""
    asking = request.asking
    bill = queries.explain_bill(asking.scope, number)
    months = queries.months_billed(asking.scope, bill.account_number, last=bill.month, count=MONTHS_BACK)
    decided = queries.corrections_of(asking.scope, bill.account_number, month=bill.month)
    stands = any(one.number == number and one.stands for one in months)
    context = {
        "bill": bill,
        "kind": words.BILL_KINDS[bill.kind],
        "kind_tone": words.BILL_KIND_TONES[bill.kind],
        "state": words.RUN_STATES[bill.run_state],
        "state_tone": words.RUN_TONES[bill.run_state],
        "capital": amount_in_words(bill.amount_fen),
        "items": _items(bill),
        "last": bill.period_to - timedelta(days=1),
        "documents": _documents(bill),
        "names": _code_names(bill),
        "others": [one for one in months if one.month != bill.month][:12],
        "chain": [(one, words.BILL_KINDS[one.kind], words.RUN_STATES[one.run_state]) for one in bill.history],
        "decided": [(one, words.ACTIONS[one.action], words.RUN_STATES[one.run_state]) for one in decided],
        "people": organization.people_names(code for one in decided for code in (one.made_by, one.approved_by)),
        "stands": stands,
        "may_correct": asking.may("console:bills-correct", write=True) and stands and bill.run_state in POSTED,
    }
    return render(request, "console/bills/bill.html", context)


def _items(bill: BillExplanation) -> list[dict[str, Any]]:
    """Lines with their rules; days are told only where a line does not cover the whole period."""
    several = len({line.usage_point_code for line in bill.lines}) > 1
    whole = (bill.period_from, bill.period_to)
    return [
        {
            "line": line,
            "rules": _rules(line.source_path),
            "named": several,
            "tier": _tier(line),
            "last": line.seg_to - timedelta(days=1) if (line.seg_from, line.seg_to) != whole or line.days else None,
        }
        for line in bill.lines
    ]


def _rules(paths: str) -> list[tuple[str, Any, str]]:
    """Path, subject and first day of each rule file behind a price."""
    found = []
    for path in filter(None, paths.split(" + ")):
        _territory, topic, file = path.split("/")
        found.append((path, prices.TOPICS.get(topic, topic), file.removesuffix(".toml")))
    return found


def _documents(bill: BillExplanation) -> list[dict[str, Any]]:
    """The documents that a bill rests on, each once, with how far they are confirmed."""
    return [
        {
            "citation": citation,
            "marks": [
                (mark, prices.STATUSES.get(mark, mark), prices.STATUS_TONES.get(mark, ""))
                for mark in status.split(", ")
            ],
            "rules": _rules(path),
        }
        for citation, status, path in dict.fromkeys(
            (line.citation, line.status, line.source_path) for line in bill.lines
        )
    ]


def _tier(line: LineShown) -> str:
    """The tier as people say it: 一, 二, 三."""
    return pgettext("tiers", "一二三四五六七八九")[line.tier - 1] if line.tier else ""


def _code_names(bill: BillExplanation) -> dict[str, str]:
    """Price code → Chinese name, for the codes of a bill."""
    library = rulebook.library()
    found: dict[str, str] = {}
    for home in {part.price_code.partition(".")[0] for point in bill.points for part in point.terms}:
        found |= {one.code: rule_name(one.name_zh) for one in tariffs.price_codes(library, home, bill.period_from)}
    return found


@require_safe
def pdf(request: Request, number: int) -> HttpResponse:
    """The bill as a document."""
    bill = queries.explain_bill(request.asking.scope, number)
    content = BillPrinter(rulebook.library()).pdf(bill)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{bill.account_number}-{bill.month}-{bill.revision}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@require_safe
def compare(request: Request, number: int) -> HttpResponse:
    """A bill against another of the same account: what made the difference. ``with`` is the other bill's number; without
    it the month before."""
    asking = request.asking
    key = queries.key(asking.scope, number)
    months = queries.months_billed(
        asking.scope, key.account_number, last=key.month.plus(MONTHS_BACK // 2), count=MONTHS_BACK
    )
    earlier = [one.number for one in months if one.month < key.month]
    chosen = _chosen(request.GET.get("with", ""), key.account_number, earlier)
    told = queries.compared(asking.scope, number, chosen)
    bill, other = (told.first, told.second) if told.first.bill_id == number else (told.second, told.first)
    context = {
        "told": told,
        "bill": bill,
        "other": other,
        "months": [one for one in months if one.number != number],
        "causes": [(words.CAUSES[one.code], words.CAUSE_NOTES[one.code], one.amount_fen) for one in told.causes],
        "chart": charts.causes(told),
        "chart_columns": [_("原因"), _("电费（元）")],
        "chart_rows": _chart_rows(told),
        "periods": _periods(told.first, told.second),
    }
    return render(request, "console/bills/compare.html", context)


def _chosen(asked: str, account_number: str, earlier: list[int]) -> int:
    if asked:
        if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
            raise InvalidInput("a bill has a number")
        return int(asked)
    if not earlier:
        raise NotFound(f"account {account_number} has no other bill to compare with")
    return earlier[0]


def _chart_rows(told: Comparison) -> list[list[str]]:
    rows = [[str(told.first.month), yuan(told.first.amount_fen)]]
    rows += [[str(words.CAUSES[one.code]), yuan(one.amount_fen)] for one in told.causes]
    return [*rows, [str(told.second.month), yuan(told.second.amount_fen)]]


def _periods(first: BillExplanation, second: BillExplanation) -> list[tuple[str, int, int]]:
    """Energy by period in both months, where a meter records periods."""
    sums: dict[str, list[int]] = {}
    for place, bill in enumerate((first, second)):
        for point in bill.points:
            for _code, name, energy in point.periods:
                sums.setdefault(name, [0, 0])[place] += energy
    return [(str(words.MEASURES.get(name, name)), one, other) for name, (one, other) in sums.items()]
