"""The page of one account (客户 360): what it is, what to look at, and its parts, each loaded when somebody opens it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wandeng.domains.cases.queries import known
from wandeng.domains.cases.types import Charter
from wandeng.domains.collections.queries import prepay
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts
from wandeng.domains.notices import queries as notices
from wandeng.domains.reliability import queries as reliability
from wandeng.domains.residents import queries as residents
from wandeng.flows import customer_overview
from wandeng.interfaces.console.customers import shown
from wandeng.interfaces.console.payments import money_pages
from wandeng.interfaces.doorway import process_names, rulebook
from wandeng.interfaces.doorway.addresses import address_of
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import cases as case_words
from wandeng.interfaces.doorway.words import contact_wishes as wish_words
from wandeng.interfaces.doorway.words import notices as notice_words
from wandeng.interfaces.doorway.words import prepay as prepay_words
from wandeng.interfaces.doorway.words import reliability as reliability_words
from wandeng.interfaces.doorway.words import residents as resident_words
from wandeng.kernel.errors import NotFound

Facts = Mapping[str, Any]
FIRST = "overview"
WHOLE = frozenset({"usage"})
"""Parts that come with the page: the figures of a chart stand in a block that htmx takes out of what it fetches."""
BILL_MONTHS = 36
MESSAGES = 30


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """The head of the page with one part open."""
    asking = request.asking
    head = customer_overview.header(asking.scope, number, on=asking.today)
    name = request.GET.get("tab", FIRST)
    if name not in _PARTS:
        raise NotFound(f"there is no part {name}")
    context: dict[str, Any] = {
        **shown.WORDS,
        **_head(asking, head),
        "tabs": _tabs(number),
        "tab": name,
        "part": f"console/customers/parts/{name}.html" if name in WHOLE else "",
        "part_url": f"{reverse('console:customers-part', args=[number, name])}?{request.GET.urlencode()}",
    }
    if name in WHOLE:
        context |= _PARTS[name](asking, head.account, request.GET)
    return render(request, "console/customers/detail.html", context)


@require_safe
def part(request: Request, number: str, name: str) -> HttpResponse:
    """One part alone, for htmx."""
    make = _PARTS.get(name)
    if make is None:
        raise NotFound(f"there is no part {name}")
    account = customers.account(request.asking.scope, number)
    context = {**shown.WORDS, "number": number, **make(request.asking, account, request.GET)}
    return render(request, f"console/customers/parts/{name}.html", context)


def _head(asking: Asking, head: customer_overview.Header) -> Facts:
    return {
        "number": head.account.account_number,
        "account": head.account,
        "balance_fen": head.balance_fen,
        "hints": [shown.hint(one) for one in head.hints],
        "prepay": _prepay(asking, head.account.account_number),
        "is_closed": head.account.closed_on is not None and head.account.closed_on <= asking.today,
    }


def _prepay(asking: Asking, number: str) -> Facts | None:
    """Where a prepay account stands, by the newest run; ``None`` for the others."""
    row = prepay.agreement_in_force(asking.scope, number)
    if row is None:
        return None
    words = {"standing": prepay_words.STANDINGS[row["standing"]], "tone": prepay_words.STANDING_TONES[row["standing"]]}
    return {**row, **words}


def _tabs(number: str) -> list[dict[str, Any]]:
    titles = {
        "overview": _("概览"),
        "usage": _("用电量"),
        "bills": _("电费"),
        "money": _("账款"),
        "readings": _("抄表"),
        "contacts": _("联系人"),
        "agreements": _("合同"),
        "messages": _("通知"),
        "cases": _("工单"),
        "interruptions": _("停电履历"),
        "timeline": _("时间线"),
        "log": _("日志"),
    }
    address = address_of("console:customers-part", 2)
    return [
        {
            "key": key,
            "title": title,
            "url": "" if key in WHOLE else address((number, key)),
            "count": None,
        }
        for key, title in titles.items()
    ]


def _overview(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    seen = customer_overview.overview(asking.scope, account.account_number, on=asking.today)
    return {"seen": seen, "points": shown.points(seen, asking.today), "today": asking.today, "may": _may(asking)}


def _may(asking: Asking) -> Mapping[str, bool]:
    """Which pages of equipment and prices the reader may open."""
    routes = {
        "meter": "console:metering-meter",
        "feeder": "console:network-feeder",
        "transformer": "console:network-transformer",
        "price": "console:prices-code",
    }
    return {name: asking.may(route) for name, route in routes.items()}


def _usage(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    return {"usage": shown.usage(customer_overview.usage(asking.scope, account.account_number, on=asking.today))}


def _bills(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    return {"bills": customer_overview.bills(asking.scope, account.account_number, on=asking.today, months=BILL_MONTHS)}


def _money(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    return money_pages.money_of(asking, account.account_number)


def _readings(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    return {"readings": shown.readings(customer_overview.readings(asking.scope, account.account_number))}


def _contacts(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    return {
        "contacts": customers.contacts_of(asking.scope, account.account_number),
        "may_check": asking.may("console:customers-contact-check", write=True),
        "may_reveal": asking.may("console:customers-contact-reveal", write=True),
        **_residents(asking, account),
    }


def _residents(asking: Asking, account: AccountFacts) -> Facts:
    """Who holds the account at the portal, and whom staff may bind to it: for readers who may know."""
    if not asking.may("console:resident"):
        return {"bindings": None}
    may_bind = asking.may("console:resident-act", write=True)
    return {
        "bindings": residents.bindings_of_account(asking.scope, account.account_number),
        "bindable": residents.bindable(account.id) if may_bind else (),
        "may_bind": may_bind,
        "proofs": resident_words.PROOFS,
    }


def _agreements(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    return {
        "agreements": customers.agreements_of(asking.scope, account.account_number),
        "may_sign": asking.may("console:customers-agreement-sign", write=True),
        "today": asking.today,
    }


def _messages(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    told = notices.recipient_rows(asking.scope, account_number=account.account_number)
    return {
        "messages_told": list(told.order_by("-id")[:MESSAGES]),
        "opted_out": notices.opted_out_of(asking.scope, account.account_number),
        "preference": notices.contact_preference(
            asking.scope, account.account_number, now=asking.now, library=rulebook.library()
        ),
        "usual": wish_words.USUAL,
        "no_quiet": wish_words.NO_QUIET,
        "may_prefer": asking.may("console:notices-preference", write=True),
        "may_opt_out": asking.may("console:notices-opt-in", write=True),
        "notice_words": notice_words,
    }


def _cases(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    found = known.cases_of(asking.scope, account.account_number, charter=Charter.current(), most=MESSAGES)
    return {
        "cases": found,
        "kinds": process_names.KINDS,
        "stages": {one.number: process_names.worded(one.stage_zh, one.stage_en) for one in found},
        "case_words": case_words,
        "may_open": asking.may("console:cases-detail"),
        "may_take": asking.may("console:cases-intake", write=True),
    }


def _interruptions(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    years = [
        reliability.account_history(
            asking.scope, account.account_number, year=year, now=asking.now, library=rulebook.library()
        )
        for year in (asking.today.year, asking.today.year - 1)
    ]
    return {
        "years": [(one, shown.hours(one.seconds), [(met, shown.hours(met.seconds)) for met in one.interruptions]) for one in years],
        "kinds": reliability_words.KINDS,
        "causes": reliability_words.CAUSES,
        "may_open": asking.may("console:reliability-interruption"),
    }  # fmt: skip


def _timeline(asking: Asking, account: AccountFacts, query: Mapping[str, str]) -> Facts:
    return shown.timeline(asking.scope, account, on=asking.today, kind=query.get("kind", ""))


def _log(asking: Asking, account: AccountFacts, _query: Mapping[str, str]) -> Facts:
    agreements = customers.agreements_of(asking.scope, account.account_number)
    found = customers.operations_of(asking.scope, account, agreements)
    return {"operations": [shown.operation(one) for one in found]}


_PARTS: Mapping[str, Callable[[Asking, AccountFacts, Mapping[str, str]], Facts]] = {
    "overview": _overview,
    "usage": _usage,
    "bills": _bills,
    "money": _money,
    "readings": _readings,
    "contacts": _contacts,
    "agreements": _agreements,
    "messages": _messages,
    "cases": _cases,
    "interruptions": _interruptions,
    "timeline": _timeline,
    "log": _log,
}
