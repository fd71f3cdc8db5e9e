"""What the pages of the import desk show: kinds, columns, findings and rows in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wandeng.flows.imports.kinds import kind as kind_of
from wandeng.infra.imports import cells, files
from wandeng.infra.imports.reports import ParkedFacts
from wandeng.infra.imports.spec import PERSONAL, TYPE, Choice, Column, Day, Kind, Number, Section
from wandeng.infra.imports.table import WHOLE_ROW, normal_header
from wandeng.interfaces.doorway.wording import findings as wording
from wandeng.interfaces.doorway.words import imports as words


@dataclass(frozen=True, slots=True)
class FindingShown:
    """One complaint as a reader sees it."""

    place: str
    column: str
    code: str
    fault: Any
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class FaultShown:
    """A kind of fault of one column, and how often it occurs."""

    code: str
    column: str
    fault: Any
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class CellShown:
    """A cell of a parked row as a field: its name, what stands in it, what is wrong with it."""

    name: str
    title: str
    text: str
    required: bool
    personal: bool
    is_day: bool
    is_number: bool
    choices: tuple[tuple[str, str], ...]
    expected: str
    faults: tuple[FindingShown, ...]


@dataclass(frozen=True, slots=True)
class RowShown:
    """A parked row: where it stood, what is wrong (``loose`` what is wrong with no cell shown), its cells; ``whole`` is the text of a row that could not be cut."""

    line: int
    place: str
    section: str
    findings: tuple[FindingShown, ...]
    loose: tuple[FindingShown, ...]
    cells: tuple[CellShown, ...]
    whole: str
    key: str
    has_personal: bool


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column explained."""

    title: str
    other: str
    required: bool
    expected: str
    about: str
    default: str
    sample: str


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def kind_word(kind: Kind) -> str:
    """What a kind is called."""
    return str(words.KINDS[kind.name])


def column_word(kind: Kind, name: str) -> str:
    """What a column of a kind is called; the whole row for none."""
    if not name:
        return _("整行")
    for section in kind.sections:
        for column in section.columns:
            if column.name == name:
                return column.name if is_english() else column.zh
    return name


def expected(text: str) -> str:
    return wording.expected(text, get_language() or "zh-hans")


def finding(kind: Kind, line: int, column: str, code: str, found: str, told: str) -> FindingShown:
    return FindingShown(
        files.place(line, []), column_word(kind, column), code, words.FAULTS.get(code, code), found, expected(told)
    )


def faults(kind: Kind, counted: Iterable[tuple[str, str, int]]) -> list[FaultShown]:
    """Kinds of fault with their words."""
    return [
        FaultShown(code, column, words.FAULTS.get(code, code), column_word(kind, column), count)
        for code, column, count in counted
    ]


def row(facts: ParkedFacts, *, clear: bool = False) -> RowShown:
    """A parked row for reading and for mending."""
    kind = kind_of(facts.kind)
    section = _section(kind, facts.cells.get(TYPE, ""))
    told = [(column, finding(kind, facts.line, column, *rest)) for column, *rest in facts.findings]
    fields = tuple(
        _cell(column, facts.cells.get(column.name, ""), [one for name, one in told if name == column.name])
        for column in section.columns
        if column.name in facts.cells or column.required or any(name == column.name for name, _ in told)
    )
    shown_names = {field.name for field in fields}
    key = " ".join(facts.cells.get(name, "") for name in section.key if name not in PERSONAL).strip()
    whole = facts.cells.get(WHOLE_ROW, "")
    return RowShown(
        line=facts.line,
        place=files.place(facts.line, []),
        section=(section.name if is_english() else section.zh) if kind.is_compound else "",
        findings=tuple(one for _, one in told),
        loose=tuple(one for name, one in told if name not in shown_names),
        cells=fields,
        whole=whole if clear else ("" if not whole else "****"),
        key=key,
        has_personal=bool((PERSONAL | {WHOLE_ROW}) & facts.cells.keys()),
    )


def columns(section: Section) -> Sequence[ColumnShown]:
    """Every column of a section, explained."""
    english = is_english()
    language = get_language() or "zh-hans"
    return [
        ColumnShown(
            title=one.name if english else one.zh,
            other=one.zh if english else one.name,
            required=one.required,
            expected=expected(cells.expected(one.form)),
            about=wording.about(one.about, language),
            default=one.default,
            sample=one.sample,
        )
        for one in section.columns
    ]


def _section(kind: Kind, word: str) -> Section:
    known = {normal_header(name): one for one in kind.sections for name in (one.name, one.zh)}
    return known.get(normal_header(word), kind.sections[0])


def _cell(column: Column, text: str, told: list[FindingShown]) -> CellShown:
    form = column.form
    choices: tuple[tuple[str, str], ...] = ()
    if isinstance(form, Choice):
        known = [
            (labels[0] if labels else value, value if is_english() or not labels else labels[0])
            for value, labels in form.labels.items()
        ]
        spelled = {word for value, labels in form.labels.items() for word in (value, *labels)}
        choices = tuple(known) if text in spelled or not text else ((text, text), *known)
        text = next((labels[0] for value, labels in form.labels.items() if labels and text in (value, *labels)), text)
    return CellShown(
        name=column.name,
        title=column.name if is_english() else column.zh,
        text=text,
        required=column.required,
        personal=column.name in PERSONAL,
        is_day=isinstance(form, Day),
        is_number=isinstance(form, Number),
        choices=choices,
        expected=expected(cells.expected(form)),
        faults=tuple(told),
    )
