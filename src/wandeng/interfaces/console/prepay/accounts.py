"""A prepay account: its balance over the days, how today's estimate comes about, warnings, orders, true-ups; signing up and
ending."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.collections.actions import prepay as actions
from wandeng.domains.collections.queries import prepay
from wandeng.domains.collections.types import PrepayDayShown, PrepayShown
from wandeng.flows import prepay as flow
from wandeng.interfaces.console.forms import ReasonForm, attempt
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.prepay.forms import EnrollForm, WarningForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.templatetags.wandeng import short_day, yuan
from wandeng.interfaces.doorway.words import bills as bill_words
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import prepay as words

DAYS = 31


class AgreementsPage(ListPage):
    """Agreements, with a way to sign another."""

    template = "console/prepay/agreements.html"

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        may_enroll = request.asking.may("console:prepay-enroll", write=True)
        return {**super().context(request, *arguments), "may_enroll": may_enroll}


class EnrollPage(View):
    """Sign an account up for prepay."""

    def get(self, request: Request) -> HttpResponse:
        initial = {"account_number": request.GET.get("account", ""), "valid_from": request.asking.today}
        return render(request, "console/prepay/enroll.html", {"form": EnrollForm(initial=initial)})

    def post(self, request: Request) -> HttpResponse:
        asking, form = request.asking, EnrollForm(request.POST)

        def do() -> None:
            given = form.cleaned_data
            actions.enroll(
                account_number=given["account_number"].strip(), valid_from=given["valid_from"],
                document=given["document"], agreed_warn_fen=given["warn"], reason=given["reason"], actor=asking.actor,
                at=asking.now, library=rulebook.library(),
            )  # fmt: skip

        if attempt(form, do):
            messages.success(request, _("费控协议已签订；下一次测算起计算余额。"))
            number = form.cleaned_data["account_number"].strip()
            return HttpResponseRedirect(reverse("console:prepay-account", args=[number]))
        return render(request, "console/prepay/enroll.html", {"form": form}, status=422)


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """Everything on record about the agreement of an account."""
    return _show(request, number, WarningForm())


@require_safe
def explained(request: Request, number: str) -> HttpResponse:
    """How the estimate of a day comes about, line by line: a fragment of the page."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = request.asking.today
    found = flow.explain(request.asking.scope, account_number=number, day=day, library=rulebook.library())
    context = {
        "found": found, "gaps": [words.GAPS.get(code, code) for code in found.gaps], "items": bill_words,
        "months": found.months,
    }  # fmt: skip
    return render(request, "console/prepay/explained.html", context)


@require_POST
def warning(request: Request, number: str) -> HttpResponse:
    """Agree on another warning threshold, or on none."""
    asking, form = request.asking, WarningForm(request.POST)
    if attempt(
        form,
        lambda: actions.agree_warning(
            account_number=number, warn_fen=form.cleaned_data["warn"], reason=form.cleaned_data["reason"],
            actor=asking.actor, at=asking.now,
        ),
    ):  # fmt: skip
        messages.success(request, _("预警阈值已改，下一次测算起执行。"))
        return HttpResponseRedirect(reverse("console:prepay-account", args=[number]))
    return _show(request, number, form, status=422)


@require_POST
def end(request: Request, number: str) -> HttpResponse:
    """End the agreement with a reason."""
    asking, form = request.asking, ReasonForm(request.POST)
    if attempt(
        form,
        lambda: actions.end(
            account_number=number, reason=form.cleaned_data["reason"], actor=asking.actor, at=asking.now
        ),
    ):
        messages.success(request, _("费控协议已解除。"))
        return HttpResponseRedirect(reverse("console:prepay-account", args=[number]))
    return _show(request, number, WarningForm(), ending=form, status=422)


def _show(
    request: Request, number: str, form: WarningForm, *, ending: ReasonForm | None = None, status: int = 200
) -> HttpResponse:
    asking = request.asking
    shown = prepay.prepay_of(
        asking.scope, number, at=asking.now, days=DAYS, by_month=False, library=rulebook.library()
    )  # fmt: skip
    newest = next((one for one in shown.days if not one.gap), None)
    is_live = shown.state == "ACTIVE"
    context = {
        "shown": shown, "newest": newest, "days": [_day(one) for one in shown.days], **_chart(shown),
        "standing": words.STANDINGS[shown.standing], "tone": words.STANDING_TONES[shown.standing],
        "state": words.AGREEMENT_STATES[shown.state],
        "customer_class": customer_words.CLASSES[shown.customer_class],
        "importance": customer_words.IMPORTANCES[shown.importance] if shown.importance else "",
        "gap": words.GAPS.get(shown.balance.gap, shown.balance.gap),
        "doubt": words.DOUBTS.get(shown.balance.doubt, shown.balance.doubt),
        "episodes": [
            {
                "it": one, "standing": words.STANDINGS[one.standing], "tone": words.STANDING_TONES[one.standing],
                "closed_as": words.CLOSED_AS[one.closed_as],
            }
            for one in shown.episodes
        ],
        "true_ups": [
            (one, words.TRUE_UP_REASONS[one.reason], words.TRUE_UP_TONES[one.reason]) for one in shown.true_ups
        ],
        "form": form, "ending": ending,
        "may": {
            "warn": is_live and asking.may("console:prepay-warning", write=True),
            "end": is_live and asking.may("console:prepay-end", write=True),
            "enroll": not is_live and asking.may("console:prepay-enroll", write=True),
            "order": asking.may("console:disconnection-order"),
        },
    }  # fmt: skip
    return render(request, "console/prepay/account.html", context, status=status)


def _day(one: PrepayDayShown) -> dict[str, Any]:
    return {
        "it": one, "standing": words.STANDINGS.get(one.standing, ""),
        "tone": words.STANDING_TONES.get(one.standing, "neutral"),
        "gap": words.GAPS.get(one.gap, one.gap), "doubt": words.DOUBTS.get(one.doubt, one.doubt),
    }  # fmt: skip


def _chart(shown: PrepayShown) -> dict[str, Any]:
    """The balance and the warning threshold over the days, oldest first; a day that could not be computed is a gap."""
    days = list(reversed(shown.days))
    below = shown.terms.cut_below_fen if shown.terms else None
    series: list[dict[str, Any]] = [
        {"type": "line", "name": _("可用余额"), "data": [one.balance_fen for one in days]},
        {
            "type": "line",
            "name": _("预警阈值"),
            "data": [one.warn_fen for one in days],
            "lineStyle": {"type": "dashed"},
        },
    ]
    if below is not None:
        series.append(
            {"type": "line", "name": _("停电限额"), "data": [below] * len(days), "lineStyle": {"type": "dotted"}}
        )
    return {
        "option": {
            "xAxis": {"type": "category", "data": [one.day.isoformat() for one in days]},
            "yAxis": {"type": "value"},
            "series": series,
        },
        "chart_columns": [_("测算日"), _("可用余额"), _("账面余额"), _("未出账电费"), _("预警阈值")],
        "chart_rows": [
            (
                short_day(one.day), words.GAPS.get(one.gap, one.gap) if one.gap else yuan(one.balance_fen),
                yuan(one.ledger_fen), yuan(one.estimate_fen), yuan(one.warn_fen),
            )
            for one in days
        ],
    }  # fmt: skip
