"""What the parts of an account's page are drawn from: sentences, rows and charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wandeng.domains.customers.types import AccountFacts, AccountOperation
from wandeng.domains.metering.queries.accounts import ReadingOfAccount
from wandeng.domains.network.queries.supply import Supplied
from wandeng.domains.tariffs.queries.assignments import TermsPiece
from wandeng.flows import customer_timeline
from wandeng.flows.customer_overview import Hint, Overview, Usage
from wandeng.flows.customer_timeline import Entry
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import process_names, told_facts
from wandeng.interfaces.doorway.templatetags import wandeng as form
from wandeng.interfaces.doorway.words import administration, conversations
from wandeng.interfaces.doorway.words import bills as bill_words
from wandeng.interfaces.doorway.words import customers as words
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import Month

WORDS: Mapping[str, Any] = {"words": words, "bill_words": bill_words, "hold_words": words.HOLD_REASONS}
"""The tables of words that the templates of customers look codes up in."""
LINKS = {
    "bill": "console:bills-bill",
    "meter": "console:metering-meter",
    "price": "console:prices-code",
    "run": "console:bills-run",
    "case": "console:cases-detail",
    "conversation": "console:conversation",
    "ticket": "console:hall-ticket",
}


@dataclass(frozen=True, slots=True)
class PointShown:
    """A usage point with the terms it is priced by now and its meter."""

    point: Supplied
    terms: TermsPiece | None
    meter: str
    multiplier: int | None


def hint(one: Hint) -> Mapping[str, Any]:
    """A hint as a sentence, its tone, and the part of the page where something is done about it."""
    day = date_format(one.on, pgettext("day", "Y年n月j日")) if one.on else ""
    return {
        "text": str(words.HINTS[one.code]) % {"on": day},
        "tone": words.HINT_TONES[one.code],
        "tab": words.HINT_TABS.get(one.code, ""),
    }


def points(seen: Overview, today: date) -> list[PointShown]:
    """The usage points with what holds for them today."""
    terms = {one.usage_point: one.on(today) for one in seen.terms}
    hanging = {one.usage_point: one for one in seen.meters if one.removed_on is None}
    return [
        PointShown(
            point,
            terms.get(point.code),
            hanging[point.code].asset_number if point.code in hanging else "",
            hanging[point.code].multiplier if point.code in hanging else None,
        )
        for point in seen.points
    ]


def usage(used: Usage) -> Mapping[str, Any]:
    """Two charts: energy by month beside the year before, and by day. Figures stay as stored, 0.01 kWh."""
    months = [str(one.month) for one in used.months]
    total = sum(one.energy_ckwh or 0 for one in used.months[-12:])
    before = sum(one.last_year_ckwh or 0 for one in used.months[-12:])
    return {
        "months": used.months,
        "month_option": {
            "xAxis": {"type": "category", "data": months},
            "yAxis": {"type": "value"},
            "series": [
                {"type": "bar", "name": _("本期"), "data": [one.energy_ckwh for one in used.months]},
                {"type": "line", "name": _("上年同期"), "data": [one.last_year_ckwh for one in used.months]},
            ],
        },
        "day_option": {
            "xAxis": {"type": "category", "data": [one.on.isoformat() for one in used.days]},
            "yAxis": {"type": "value"},
            "series": [{"type": "line", "name": _("日电量"), "data": [one.energy_ckwh for one in used.days]}],
        },
        "days": used.days,
        "year_ckwh": total,
        "change_e4": _change(total, before) if _has_both_years(used) else None,
    }


def _has_both_years(used: Usage) -> bool:
    year = used.months[-12:]
    return len(year) == 12 and all(one.energy_ckwh is not None and one.last_year_ckwh is not None for one in year)


def _change(now: int, before: int) -> int | None:
    """How much more than before, in hundredths of a percent."""
    return (now - before) * 10_000 // before if before else None


def readings(found: tuple[ReadingOfAccount, ...]) -> list[Mapping[str, Any]]:
    """Readings, each with its state as a word: a superseded one is no longer valid, whatever it was."""
    rows: list[Mapping[str, Any]] = []
    for one in found:
        state = one.state if one.is_current or one.state != "ACCEPTED" else "SUPERSEDED"
        rows.append(
            {
                "row": one,
                "source": words.READING_SOURCES.get(one.source, one.source),
                "state": words.READING_STATES[state],
                "tone": words.READING_TONES[state],
            }
        )
    return rows


def timeline(scope: Scope, account: AccountFacts, *, on: date, kind: str) -> Mapping[str, Any]:
    """The entries as sentences, of one kind if one is chosen, and the kinds to choose from."""
    chosen = frozenset({kind}) if kind in words.ENTRY_KINDS else frozenset[str]()
    found = customer_timeline.entries(scope, account, on=on, kinds=chosen)
    return {
        "entries": [_entry(one) for one in found],
        "kinds": [(code, word, code == kind) for code, word in words.ENTRY_KINDS.items()],
        "kind": kind if chosen else "",
    }


def _entry(one: Entry) -> Mapping[str, Any]:
    facts = dict(one.facts)
    if "month" in facts:
        facts["month"] = form.month(Month.parse(str(facts["month"])))
    if one.kind == "case":
        facts["process"] = process_names.KINDS.get(str(facts["process"]), facts["process"])
    sentence = words.ENTRIES.get((one.kind, one.what))
    title = str(sentence) % facts if sentence else str(administration.ACTIONS.get(one.what, one.what))
    return {
        "at": one.at,
        "kind": words.ENTRY_KINDS[one.kind],
        "title": title,
        "who": one.who,
        "tone": words.ENTRY_TONES.get((one.kind, one.what), ""),
        "url": _link(*one.link),
        "body": _body(one.kind, facts),
        "reason": one.reason,
    }


def _body(kind: str, facts: Mapping[str, Any]) -> str:
    """The second line of an entry: figures, and what changed into what."""
    if kind == "bill":
        return f"{form.kwh(facts['energy_ckwh'])} · {form.yuan(facts['amount_fen'])}"
    if kind == "case":
        return str(facts["matter"])
    if kind == "conversation":
        asked = conversations.about(str(facts["about"]))
        return " · ".join(part for part in (str(asked), str(facts["where"]), str(facts["number"])) if part)
    if kind == "reading":
        return f"{facts['meter']} · {form.kwh(facts['total_ckwh'])}"
    if kind == "agreement" and "from_on" in facts:
        return f"{form.short_day(facts['from_on'])} – {form.short_day(facts['to_on'])}"
    if kind == "contact" and isinstance(facts.get("change"), tuple):
        before, after = (words.VERIFICATIONS.get(str(one), one) for one in facts["change"])
        return f"{facts['about']} {before} → {after}".strip()
    return str(facts.get("about", "")) if kind == "contact" else ""


def operation(one: AccountOperation) -> Mapping[str, Any]:
    """A line of the log: the action as a word, its facts as "name: before → after"."""
    told = form.clauses(told_facts.changes(one.facts))
    return {"row": one, "action": administration.ACTIONS.get(one.action, one.action), "facts": told}


def _link(kind: str, code: str) -> str:
    if kind not in LINKS:
        return ""
    try:
        return reverse(LINKS[kind], args=[code])
    except NoReverseMatch:
        return ""


def hours(seconds: int) -> str:
    """Seconds as hours with one decimal."""
    return format_scaled((seconds * 10 + 1_800) // 3_600, 1)
