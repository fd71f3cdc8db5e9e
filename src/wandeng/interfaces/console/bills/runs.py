"""Pages of bill runs: a new one or a preview, how far it is, exceptions first, what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from wandeng.calc.rating.frames import FindingCode
from wandeng.domains.billing import queries
from wandeng.domains.billing.queries.desk import CodeCount, Moved, Progress
from wandeng.domains.billing.types import RunView
from wandeng.domains.organization import queries as organization
from wandeng.domains.tariffs import queries as tariffs
from wandeng.flows import bill_desk
from wandeng.interfaces.console import forms as console_forms
from wandeng.interfaces.console.bills import charts
from wandeng.interfaces.console.bills.forms import RunForm
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.words import bills as words
from wandeng.kernel.errors import Refused
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

REACHED = {"OPEN": 0, "FROZEN": 1, "PRICED": 2, "HALTED": 2, "CHECKED": 3, "APPROVED": 4, "POSTED": 5, "PUBLISHED": 6}
"""How many steps a run in each state has behind it."""


@dataclass(frozen=True, slots=True)
class CodeShown:
    """A reason with its words, its count and where its accounts are listed."""

    count: CodeCount
    name: Any
    advice: Any
    held: bool


class NewPage(View):
    """Choose unit and month; look first, or run."""

    def get(self, request: Request) -> HttpResponse:
        return self._page(request, self._form(request.asking))

    def post(self, request: Request) -> HttpResponse:
        asking = request.asking
        form = self._form(asking, request.POST)
        if request.POST.get("do") == "preview":
            done = console_forms.attempt(form, lambda: bill_desk.queue_preview(**_asked(form, asking)))
            if done:
                cleaned = form.cleaned_data
                return _to("console:bills-preview", cleaned["unit"], str(cleaned["month"]))
            return self._page(request, form, status=422)
        opened: list[RunId] = []
        if console_forms.attempt(form, lambda: opened.append(bill_desk.open_run(**_asked(form, asking)))):
            return _to("console:bills-run", opened[0])
        return self._page(request, form, status=422)

    @staticmethod
    def _form(asking: Asking, data: Any = None) -> RunForm:
        last = queries.last_month_billed(asking.scope)
        first = {"unit": asking.unit.code, "month": str(last.next() if last else Month.of(asking.today).previous())}
        return RunForm(data, units=organization.unit_tree(asking.scope), initial=first)

    @staticmethod
    def _page(request: Request, form: RunForm, *, status: int = 200) -> HttpResponse:
        return render(request, "console/bills/new.html", {"form": form}, status=status)


def _asked(form: RunForm, asking: Asking) -> dict[str, Any]:
    return {
        "unit_code": form.cleaned_data["unit"],
        "month": form.cleaned_data["month"],
        "actor": asking.actor,
        "at": asking.now,
    }


def _to(route: str, *arguments: object) -> HttpResponse:
    return HttpResponseRedirect(reverse(route, args=arguments))


@require_safe
def preview(request: Request, unit: str, month: str) -> HttpResponse:
    """What a dry run came to, beside the month before; polls while it is under way."""
    asking, of_month = request.asking, Month.parse(month)
    place = organization.unit(asking.scope, unit)
    work = bill_desk.preview_work(unit, of_month)
    found = queries.previewed(asking.scope, unit, place.path, of_month)
    totals = {one.unit_code: one for one in queries.month_totals(asking.scope, of_month)}
    codes = sorted((found.codes if found else {}).items(), key=lambda pair: -pair[1])
    context = {
        "unit": place,
        "month": of_month,
        "work": work,
        "work_name": words.JOB_KINDS[bill_desk.PREVIEW],
        "work_state": words.JOB_STATES.get(work.state, "") if work else "",
        "found": found,
        "names": organization.people_names([found.actor] if found else []),
        "before": totals.get(unit),
        "codes": [(words.CODES.get(code, code), words.CODE_ADVICE.get(code, ""), count) for code, count in codes],
    }
    part = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    if part and work is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, f"console/bills/{'preview_body' if part else 'preview'}.html", context)


@require_safe
def detail(request: Request, run: int) -> HttpResponse:
    """A run: what is wrong first, then what it came to."""
    asking, language = request.asking, get_language() or "zh-hans"
    desk = queries.run_desk(asking.scope, RunId(run))
    verifier = desk.verified.actor if desk.verified else ""
    names = _names(desk.run, desk.history, verifier)
    context = {
        **_standing(desk.run, desk.progress, desk.history, names),
        "names": names,
        "codes": [_code(one) for one in desk.codes],
        "ready": desk.ready,
        "verified": desk.verified,
        "moves": [(one, words.MOVES.get(one.move, one.move)) for one in reversed(desk.history)],
        "gate": [
            (words.GATES.get(one.code, one.code), words.gate_in(one.found, language), one) for one in desk.run.gate
        ],
        "halting": [one for one in desk.run.gate if one.halts],
        "may": _may(asking, desk.run),
        "correction": _correction(asking, desk.run),
    }
    return render(request, "console/bills/run.html", context)


def _names(view: RunView, moves: tuple[Moved, ...], *others: str) -> dict[str, str]:
    """Code → name of everybody who had a hand in a run."""
    return organization.people_names([view.created_by, view.approved_by, *(one.actor for one in moves), *others])


def _standing(view: RunView, progress: Progress, moves: tuple[Moved, ...], names: dict[str, str]) -> dict[str, Any]:
    """How far a run is, and what works on it."""
    work = bill_desk.work_of(RunId(view.run_id))
    done = _done(progress, work) if work else None
    return {
        "run": view,
        "state": words.RUN_STATES[view.state],
        "state_tone": words.RUN_TONES[view.state],
        "kind": words.RUN_KINDS[view.kind],
        "progress": progress,
        "steps": _steps(view, progress, moves, names),
        "work": work,
        "work_name": words.JOB_KINDS.get(work.kind, work.kind) if work else "",
        "work_state": words.JOB_STATES.get(work.state, work.state) if work else "",
        "work_done": done or 0,
        "work_total": progress.shards if done is not None else 0,
    }


def _done(progress: Progress, work: bill_desk.Work) -> int | None:
    """Shards through the step that a job is at; ``None`` where nobody counts them."""
    if work.kind == bill_desk.POST:
        return progress.done("post")
    if work.kind != bill_desk.CHECK:
        return None
    return progress.done("freeze" if progress.state == "OPEN" else "price")


def _steps(view: RunView, progress: Progress, moves: tuple[Moved, ...], names: dict[str, str]) -> list[dict[str, Any]]:
    reached = REACHED.get(view.state, 0)
    by = {"freeze": "freeze", "price": "price", "pass": "check", "override": "check", "approve": "approve",
          "post": "post", "publish": "publish"}  # fmt: skip
    who = {by[one.move]: one for one in moves if one.move in by}
    shown = []
    for place, (code, title) in enumerate(words.STEPS.items()):
        state = "done" if place < reached else "current" if place == reached else "todo"
        if view.state == "HALTED" and code == "check":
            state = "failed"
        if view.state == "DISCARDED":
            state = "todo"
        note = names.get(who[code].actor, who[code].actor) if code in who and state == "done" else ""
        if state == "current" and code in ("freeze", "price", "post") and progress.shards:
            note = f"{progress.done(code)} / {progress.shards}"
        shown.append({"title": title, "state": state, "note": note})
    return shown


def _code(one: CodeCount) -> CodeShown:
    return CodeShown(
        one, words.CODES.get(one.code, one.code), words.CODE_ADVICE.get(one.code, ""), one.code in FindingCode.HELD
    )


def _may(asking: Asking, view: RunView) -> dict[str, Any]:
    """Which steps the asker may take now; for an approval that he may not give, why."""
    state, own = view.state, asking.actor.code == view.created_by
    drafts = ("PRICED", "HALTED", "CHECKED", "APPROVED")
    allowed = {
        step: asking.may(f"console:bills-run-{step}", write=True)
        for step in ("accept", "retake", "verify", "override", "approve", "post", "publish", "discard")
    }
    return {
        "accept": allowed["accept"] and view.state in (*drafts, "POSTED"),
        "retake": allowed["retake"] and state in drafts,
        "verify": allowed["verify"] and bool(view.totals.bills) and state != "DISCARDED",
        "override": allowed["override"] and state == "HALTED",
        "approve": allowed["approve"] and state == "CHECKED" and not own,
        "post": allowed["post"] and state == "APPROVED",
        "publish": allowed["publish"] and state == "POSTED",
        "discard": allowed["discard"] and state in ("OPEN", "FROZEN", *drafts),
        "own": own and state == "CHECKED",
        "wait_for_reviewer": state in ("CHECKED", "HALTED") and not own and not allowed["approve"],
    }


def _correction(asking: Asking, view: RunView) -> dict[str, Any] | None:
    if view.kind != "CORRECTION":
        return None
    made, account = queries.correction_of_run(asking.scope, view.run_id)
    return {"made": made, "account": account, "action": words.ACTIONS[made.action]}


@require_safe
def progress(request: Request, run: int) -> HttpResponse:
    """The part of the page that is polled while a worker is at it; the whole page is read again when it is done."""
    desk = queries.run_desk(request.asking.scope, RunId(run))
    context = _standing(desk.run, desk.progress, desk.history, _names(desk.run, desk.history))
    if context["work"] is None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "console/bills/run_work.html", context)


@require_safe
def figures(request: Request, run: int) -> HttpResponse:
    """Distribution, movers and totals by price code: computed over all bills, so fetched after the page."""
    asking, run_id = request.asking, RunId(run)
    spread = queries.spread(asking.scope, run_id)
    names = {
        one.code: rule_name(f"{one.territory_zh} {one.name_zh}")
        for one in tariffs.codes(rulebook.library(), spread.month.first)
    }
    try:
        codes = queries.code_totals(asking.scope, run_id)
        refusal = None
    except Refused as refused:  # the frozen inputs are gone; what the bills came to is told all the same
        codes, refusal = (), refused
    context = {
        "run": run,
        "spread": spread,
        "amounts": charts.amounts(spread),
        "changes": charts.changes(spread),
        "codes": [(one, names.get(one.price_code, one.price_code or _("更正"))) for one in codes],
        "refusal": refusal,
    }
    return render(request, "console/bills/run_figures.html", context)
