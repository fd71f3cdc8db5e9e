"""Trial calculation: choose a kind, fill in a form (or JSON), and see every step with its source. Everything asked for
stands in the address, so that a calculation can be sent to somebody."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wandeng.calc.trial.kinds import KINDS, Kind, kind_named
from wandeng.calc.trial.steps import Outcome
from wandeng.calc.trial.validation import CaseInvalid, read_json
from wandeng.domains.tariffs import queries
from wandeng.flows import trial
from wandeng.interfaces.console.prices import case_form
from wandeng.interfaces.console.prices.forms import BillForm, Codes
from wandeng.interfaces.doorway import refusals, rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.words import prices as words
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import Month

MOST_TEXT = 20_000
OWN = ("case", "add", "view")


@dataclass
class Answer:
    """What came of a case: an outcome, or what was wrong."""

    text: str
    outcome: Outcome | None = None
    refusal: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[Any, str]] = field(default_factory=list)


@require_safe
def index(request: Request) -> HttpResponse:
    """The kinds there are."""
    kinds = [(kind, words.KIND_NOTES[kind.name]) for kind in KINDS.values()]
    return render(request, "console/prices/trial.html", {"kinds": kinds})


@require_safe
def calculate(request: Request, kind: str) -> HttpResponse:
    """A kind's form, filled with what the address says or with the sample, and the answer to it."""
    chosen = kind_named(kind)
    as_json = request.GET.get("view") == "json"
    if chosen.name == "bill" and not as_json:
        return _bill(request, chosen)
    text = request.GET.get("case", "")[:MOST_TEXT]
    own = any(key not in OWN for key in request.GET)
    facts = _facts(chosen, request.GET, text, own=own)
    schema = chosen.schemas.get(str(facts.get(chosen.tag, "")), next(iter(chosen.schemas.values())))
    answer = _answer(chosen, text or _written(facts))
    drawn = case_form.Drawn(answer.errors, request.GET.get("add", ""))
    context = _context(chosen, answer, as_json=as_json) | {
        "parts": () if as_json else case_form.parts(schema, facts, drawn, without=chosen.tag),
        "tag": _tag(chosen, facts),
        "is_sample": not (text or own),
    }
    return render(request, "console/prices/calculate.html", context)


def _facts(kind: Kind, query: QueryDict, text: str, *, own: bool) -> dict[str, Any]:
    """The case as the address has it: JSON, fields, or the sample."""
    if text:
        try:
            return read_json(text)
        except CaseInvalid:
            return {}
    if not own:
        return read_json(kind.sample)
    tag = query.get(kind.tag, "") if kind.tag else ""
    schema = kind.schemas.get(tag, next(iter(kind.schemas.values())))
    return case_form.facts_of(schema, query) | ({kind.tag: tag} if tag else {})


def _tag(kind: Kind, facts: dict[str, Any]) -> dict[str, Any] | None:
    """The choice among several schemas."""
    if not kind.tag:
        return None
    options = [(value, words.OPTIONS.get(value, value)) for value in kind.schemas]
    return {"name": kind.tag, "label": words.CASE_KEYS[kind.tag], "options": options, "value": facts.get(kind.tag, "")}


def _written(facts: dict[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, indent=2, default=_exact)


def _exact(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a case holds no {type(value).__name__}")


def _answer(kind: Kind, text: str) -> Answer:
    answer = Answer(text)
    try:
        answer.outcome = trial.calculate(kind.name, text, rulebook.library())
    except CaseInvalid as refused:
        for problem in refused.problems:
            path = case_form.path_of(problem.key)
            told = _problem(problem.found, problem.expected)
            answer.errors[path] = told
            label = words.CASE_KEYS.get(path.rpartition(".")[2], problem.key or _("算例"))
            answer.problems.append((label, told))
    except Refused as refused:
        answer.refusal = refusals.sentence(refused, get_language() or "zh-hans")
    return answer


def _problem(found: str, expected: str) -> str:
    """A complaint in the reader's language; the schema says it in English."""
    if not (get_language() or "").startswith("zh"):
        return f"{found}; expected {expected}"
    plain = {"is not a key of this case": _("没有这一项"), "is missing": _("请填写")}
    told: str = plain.get(found) or _("填写的内容不合要求：%(found)s") % {"found": found.removeprefix("found ")}
    return told


def _context(kind: Kind, answer: Answer, *, as_json: bool) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    outcome = answer.outcome
    zh = language.startswith("zh")
    return {
        "kind": kind,
        "title": kind.title_zh if zh else kind.title_en,
        "note": words.KIND_NOTES[kind.name],
        "answer": answer,
        "as_json": as_json,
        "steps": [
            (words.step_in(one.what, language), one.arithmetic if zh else words.step_in(one.arithmetic, language), one)
            for one in outcome.steps
        ]
        if outcome
        else (),
        "conventions": _conventions(outcome) if outcome else (),
        "sources": [(one, one.path.split(" + ")) for one in outcome.sources] if outcome else (),
        "result": json.dumps(outcome.as_json(), ensure_ascii=False, indent=2) if outcome else "",
    }


def _conventions(outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {
            "name": words.CASE_KEYS.get(one.key, one.key),
            "used": words.OPTIONS.get(one.used, one.used),
            "by": words.RESULTS.get(one.chosen_by, one.chosen_by),
            "others": [words.OPTIONS.get(option, option) for option in one.options if option != one.used],
        }
        for one in outcome.conventions
    ]


def _bill(request: Request, kind: Kind) -> HttpResponse:
    """The bill's own form: price, month, energy by period, capacity."""
    asking = request.asking
    asked = any(key not in OWN for key in request.GET)
    codes = _codes(asking)
    month = Month.of(asking.today).previous()
    sample = {"code": _first_code(asking, codes), "month": str(month), "total": "460"}
    form = BillForm(request.GET if asked else sample, codes=codes)
    answer = _answer(kind, _written(form.case())) if form.is_valid() else Answer("")
    context = _context(kind, answer, as_json=False) | {"form": form, "is_sample": not asked}
    return render(request, "console/prices/calculate.html", context)


def _codes(asking: Asking) -> Codes:
    """All price codes by territory, those of the asker's own first."""
    groups: dict[str, list[tuple[str, str]]] = {}
    listed = sorted(
        queries.codes(rulebook.library(), asking.today), key=lambda one: one.territory != asking.unit.territory
    )
    for one in listed:
        groups.setdefault(rule_name(one.territory_zh), []).append((one.code, rule_name(one.name_zh)))
    return list(groups.items())


def _first_code(asking: Asking, codes: Codes) -> str:
    """Residential, of the asker's own territory where it has one."""
    every = [code for _name, group in codes for code, _title in group]
    found: str = next((code for code in every if code.endswith(".residential")), every[0])
    return found
