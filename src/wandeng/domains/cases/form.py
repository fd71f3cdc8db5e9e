"""The form of a case: what was answered, in the form its fields want, the personal part of it sealed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from wandeng.domains.cases.models import Case
from wandeng.domains.cases.types import FORM_COLUMN, PHONE_COLUMN, PLACE_COLUMN, FormIncomplete
from wandeng.infra import audit, pii
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import FormField
from wandeng.kernel.errors import InvalidInput

YES, NO = "YES", "NO"
MATTER_LENGTH = 200
_PHONE = re.compile(r"^\+?[0-9][0-9 -]{4,18}[0-9]$")


def checked(body: ProcessDefinition, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that are not empty, each in the one form its kind has.

    Raises :class:`InvalidInput` for a field the process does not have, or a value that is none of its kind.
    """
    known = {one.code: one for one in body.fields}
    stray = sorted(set(answers) - set(known))
    if stray:
        raise InvalidInput(f"the form of {body.process} has no field {', '.join(stray)}", fields=stray)
    return {code: _value(known[code], text.strip()) for code, text in answers.items() if text.strip()}


def _value(field: FormField, text: str) -> str:
    try:
        match field.kind:
            case "WHOLE":
                return str(int(text))
            case "DECIMAL":
                return str(_plain(Decimal(text)))
            case "DATE":
                return date.fromisoformat(text).isoformat()
            case "INSTANT":
                found = datetime.fromisoformat(text)
                if found.tzinfo is None:
                    raise ValueError("an instant needs its zone")
                return found.isoformat()
            case "YES_NO":
                return {YES: YES, NO: NO}[text]
            case "CHOICE":
                return {one.code: one.code for one in field.choices}[text]
            case "PHONE":
                if not _PHONE.match(text):
                    raise ValueError("no telephone number")
                return re.sub(r"[ -]", "", text)
            case _:
                return text
    except (ValueError, KeyError, InvalidOperation):
        # The value itself stays out of the sentence: it may be personal.
        raise InvalidInput(
            f"field {field.code} ({field.name_zh}) does not take this value: {field.kind} is expected",
            field=field.code, kind=field.kind,
        ) from None  # fmt: skip


def _plain(number: Decimal) -> Decimal:
    if not number.is_finite():
        raise ValueError("a number is expected")
    return number.normalize() if number != number.to_integral() else number.to_integral()


def missing_fields(body: ProcessDefinition, answers: Mapping[str, str], *, by: Iterable[str]) -> tuple[str, ...]:
    """Required fields due by one of the steps named that have no answer."""
    steps = set(by)
    return tuple(one.code for one in body.fields if one.required and one.by in steps and not answers.get(one.code))


def require_fields(body: ProcessDefinition, answers: Mapping[str, str], *, by: Iterable[str]) -> None:
    """Raises :class:`FormIncomplete` naming every required field that is still empty."""
    missing = missing_fields(body, answers, by=by)
    if missing:
        names = {one.code: one.name_zh for one in body.fields}
        raise FormIncomplete(
            f"these fields are still empty: {'、'.join(names[code] for code in missing)}", fields=list(missing)
        )


def missing_documents(
    body: ProcessDefinition, answers: Mapping[str, str], here: Iterable[str], *, by: Iterable[str]
) -> tuple[str, ...]:
    """Documents due by one of the steps named that were not handed in; those a question makes needless are left out."""
    steps, there, asked = set(by), set(here), questions(answers)
    return tuple(
        one.code
        for one in body.documents
        if one.by in steps and one.code not in there and (not one.only_if or asked.get(one.only_if, False))
    )


def require_documents(
    body: ProcessDefinition, answers: Mapping[str, str], here: Iterable[str], *, by: Iterable[str]
) -> None:
    """Raises :class:`FormIncomplete` naming every document that is still missing."""
    missing = missing_documents(body, answers, here, by=by)
    if missing:
        names = {one.code: one.name_zh for one in body.documents}
        named = "、".join(names[code] for code in missing)
        raise FormIncomplete(f"these documents are still missing: {named}", documents=list(missing))


def questions(answers: Mapping[str, str]) -> dict[str, bool]:
    """What the yes-or-no fields say so far: those the course of a case asks about."""
    return {code: value == YES for code, value in answers.items() if value in (YES, NO)}


def answers_of(row: Case) -> dict[str, str]:
    """Every answer of a case, the personal ones opened: for actions that check the whole form, never for showing."""
    return open_answers(row) | personal_answers(row)


def open_answers(row: Case) -> dict[str, str]:
    """The answers that are no personal data."""
    found: dict[str, str] = json.loads(row.form)
    return found


def personal_answers(row: Case) -> dict[str, str]:
    """The answers that are personal data, opened."""
    found: dict[str, str] = json.loads(pii.open_sealed(row.form_sealed, column=FORM_COLUMN) or "{}")
    return found


def columns(body: ProcessDefinition, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers as columns of ``Case``: form, form_sealed, phone_index, place_index, matter."""
    personal = {one.code for one in body.fields if one.personal}
    kinds = {one.code: one for one in body.fields}
    plain = {code: value for code, value in answers.items() if code not in personal}
    private = {code: value for code, value in answers.items() if code in personal}
    phone = next((value for code, value in answers.items() if kinds[code].kind == "PHONE"), "")
    place = next((value for code, value in answers.items() if kinds[code].known_as == "ADDRESS"), "")
    sealed = json.dumps(private, sort_keys=True, ensure_ascii=False) if private else ""
    return {
        "form": json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        "form_sealed": pii.seal_many([sealed], column=FORM_COLUMN)[0],
        "phone_index": phone_index(phone),
        "place_index": place_index(place),
        "matter": _matter(body, plain),
    }


def phone_index(phone: str) -> str:
    """What a number is found again by; empty for none."""
    digits = re.sub(r"\D", "", phone)
    return pii.index_many([digits[-11:]], column=PHONE_COLUMN)[0]


def place_index(place: str) -> str:
    """What the same words for a place are found again by; blanks do not count."""
    return pii.index_many([re.sub(r"\s", "", place)], column=PLACE_COLUMN)[0]


def _matter(body: ProcessDefinition, plain: Mapping[str, str]) -> str:
    """The beginning of the first long text: what a queue shows. Telephone and identity numbers in it are masked."""
    long = next((one.code for one in body.fields if one.kind == "LONG_TEXT" and plain.get(one.code)), "")
    return audit.without_numbers(plain.get(long, ""))[:MATTER_LENGTH]
