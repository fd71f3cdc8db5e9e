"""Facts of the log, of jobs and of events as people read them: what is stored as JSON becomes names and values in words.

The name of a fact says its unit (``amount_fen``, ``energy_ckwh``, ``cut_at``), so the value needs no table of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wandeng.infra.operations import Fact
from wandeng.interfaces.doorway.templatetags import wandeng as form
from wandeng.interfaces.doorway.words import facts as words
from wandeng.interfaces.doorway.words import prices
from wandeng.kernel.periods import BILLING_ZONE

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
_STRUCTURED = ("{", "[")
_UNITS: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("fen", form.yuan),
    ("fen_after", form.yuan),
    ("ckwh", form.kwh),
    ("ckvarh", lambda value: f"{form.grouped(value, 2)} kvarh"),
    ("ckva", lambda value: f"{form.grouped(value, 2)} kVA"),
    ("ckw", lambda value: f"{form.grouped(value, 2)} kW"),
    ("e4", form.percent),
)
"""How the name of a fact ends → how its number is written."""
_FLAGS = frozenset(
    {"active", "again", "drill", "in_vain", "may_write", "must_change", "offered", "only_parked", "passed", "primary"}
)
"""Facts that are yes or no, where some are stored as 1 and 0."""


@dataclass(frozen=True, slots=True)
class Told:
    """One fact for people: ``before`` is ``None`` where nothing changed."""

    name: str
    before: str | None
    after: str

    def __str__(self) -> str:
        value = self.after if self.before is None else f"{self.before} → {self.after}"
        return f"{self.name}{pgettext('after a label', '：')}{value}" if self.name else value


def changes(facts: Iterable[Fact], about: str = "") -> tuple[Told, ...]:
    """The facts of an operation; ``about`` is the kind of thing that it was done to, as the log has it."""
    return tuple(
        Told(
            _named(one),
            None if one.before is None else shown(one.name, one.before, about),
            shown(one.name, one.after, about),
        )
        for one in facts
    )


def stated(body: Mapping[str, Any], about: str = "") -> tuple[Told, ...]:
    """The facts of a job or an event, in the order of their names."""
    return tuple(Told(name_of(name), None, shown(name, body[name], about)) for name in sorted(body))


def name_of(name: str) -> str:
    """What a fact is called; its own name where the product does not write it."""
    return str(words.NAMES.get(name) or prices.TERMS.get(name) or name)


def shown(name: str, value: object, about: str = "") -> str:
    """A value in the reader's language.

    >>> shown("total_ckwh", 12_345)
    '123.45 kWh'
    """
    if isinstance(value, str) and value.startswith(_STRUCTURED):
        value = _parsed(value)
    if isinstance(value, Mapping):
        return form.clauses(_parts(name, value, about)) or form.UNKNOWN
    if isinstance(value, list | tuple):
        return form.listed(shown(name, one, about) for one in value) or form.UNKNOWN
    if value is None or value == "":
        return form.UNKNOWN
    if isinstance(value, bool) or value in ("true", "false") or (name in _FLAGS and str(value) in ("0", "1")):
        return _("是") if str(value).lower() in ("true", "1") else _("否")
    return _number(name, value) or _time(value) or _word(name, str(value), about)


def _named(fact: Fact) -> str:
    if fact.name:
        return name_of(fact.name)
    return _("有效期") if _DAY.fullmatch(str(fact.after)) else _("状态")


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _parts(name: str, value: Mapping[str, Any], about: str) -> Iterator[str]:
    """The entries of a fact that is made of facts, or that counts by code; what is zero in a contract is not agreed."""
    for key in sorted(value):
        if key in prices.TERMS and value[key] in (0, ""):
            continue
        label = str(words.CODES[name].get(key, key)) if name in words.CODES else name_of(key)
        yield f"{label}{pgettext('after a label', '：')}{shown(key, value[key], about)}"


def _number(name: str, value: object) -> str:
    text = str(value)
    if not re.fullmatch(r"-?\d+", text):
        return ""
    for ending, written in _UNITS:
        if name == ending or name.endswith(f"_{ending}"):
            return written(int(text))
    return ""


def _time(value: object) -> str:
    text = str(value)
    try:
        if _DAY.fullmatch(text):
            return form.short_day(date.fromisoformat(text))
        if _MOMENT.fullmatch(text):
            return f"{datetime.fromisoformat(text).astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}"
    except ValueError:
        return ""
    return ""


def _word(name: str, code: str, about: str) -> str:
    if name == "kind":
        return str(words.KINDS.get(about, _kinds()).get(code, code))
    if name in ("", "to", "state"):
        return str(words.STATES.get(about, _states()).get(code, code))
    return str(words.CODES.get(name, {}).get(code, code))


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, Any]:
    return {code: word for table in reversed(list(words.KINDS.values())) for code, word in table.items()}


@lru_cache(maxsize=1)
def _states() -> Mapping[str, Any]:
    """Every state, where it is not said of what: those of the first table that has the code."""
    return {code: word for table in reversed(list(words.STATES.values())) for code, word in table.items()}
