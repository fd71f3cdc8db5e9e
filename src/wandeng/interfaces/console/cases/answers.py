"""A form made from the fields of a definition, and the proofs a step wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.cases.types import FieldShown, Place, Proof
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.interfaces.doorway.process_names import worded
from wandeng.interfaces.doorway.words import case_pages as words
from wandeng.kernel.periods import BILLING_ZONE

LONG, SHORT = 2000, 200
PREFIX = "answer"
MICRO = 1_000_000


def blank_fields(body: ProcessDefinition, *, by: Iterable[str]) -> tuple[FieldShown, ...]:
    """The fields of a definition that are due by the steps named, with nothing in them."""
    steps = set(by)
    return tuple(
        FieldShown(
            one.code, one.name_zh, one.name_en, one.kind, one.by, one.required, one.personal, "",
            tuple((choice.code, choice.name_zh, choice.name_en) for choice in one.choices),
        )
        for one in body.fields
        if one.by in steps
    )  # fmt: skip


class AnswersForm(forms.Form):
    """The fields of a case. ``known`` is what stands on record already, personal values masked: what is left empty of these
    is taken from there, so nobody types what the product knows."""

    def __init__(
        self, *arguments: Any, fields: Sequence[FieldShown], known: Mapping[str, str] | None = None, **named: Any
    ) -> None:
        super().__init__(*arguments, **{**named, "prefix": PREFIX})
        self.asked = tuple(fields)
        for one in fields:
            self.fields[one.code] = _field(one, (known or {}).get(one.code, ""))

    def answers(self, *, clearing: bool = False) -> dict[str, str]:
        """What was typed, as text; ``clearing``: an emptied field that is not personal comes along empty."""
        found = {}
        for one in self.asked:
            text = _text(self.cleaned_data.get(one.code))
            if text or (clearing and one.value and not one.personal):
                found[one.code] = text
        return found


def _field(one: FieldShown, known: str) -> forms.Field:
    shown = known or one.value
    is_masked = bool(shown) and (one.kind == "PHONE" or bool(one.value and one.personal))
    common: dict[str, Any] = {
        "label": worded(one.name_zh, one.name_en),
        "required": one.required and not is_masked,
        "initial": None if is_masked else _initial(one.kind, shown),
        "help_text": _("留空则用档案中的：%(known)s") % {"known": shown} if is_masked else "",
    }
    match one.kind:
        case "LONG_TEXT":
            return forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}), **common)
        case "WHOLE":
            return forms.IntegerField(**common)
        case "DECIMAL":
            return forms.DecimalField(**common)
        case "DATE":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
        case "INSTANT":
            moment = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            return forms.DateTimeField(widget=moment, **common)
        case "YES_NO":
            return forms.ChoiceField(choices=list(words.YES_NO.items()), widget=forms.RadioSelect, **common)
        case "CHOICE":
            choices = [("", "—"), *((code, worded(zh, en)) for code, zh, en in one.choices)]
            return forms.ChoiceField(choices=choices, **common)
        case "PHONE":
            return forms.CharField(
                max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel", "type": "tel"}), **common
            )
        case _:
            return forms.CharField(max_length=SHORT, **common)


def _initial(kind: str, text: str) -> Any:
    if kind == "INSTANT" and text:
        return datetime.fromisoformat(text).astimezone(BILLING_ZONE).replace(tzinfo=None)
    return text or None


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value).strip()


class ProofsForm(forms.Form):
    """What proves a step or a pause: a photo, a position, the number of a recording, a paper or a signature."""

    def __init__(self, *arguments: Any, kinds: Sequence[str], here: Iterable[str] = (), **named: Any) -> None:
        super().__init__(*arguments, **{**named, "prefix": "proof"})
        self.kinds = [kind for kind in kinds if kind != "TIME"]
        there = set(here)
        for kind in self.kinds:
            self._ask(kind, is_required=kind not in there)

    def _ask(self, kind: str, *, is_required: bool) -> None:
        word = words.PROOFS[kind]
        if kind == "PLACE":
            for name, label in (("longitude", _("经度")), ("latitude", _("纬度"))):
                self.fields[name] = forms.DecimalField(
                    label=label, required=is_required, max_digits=9, decimal_places=6
                )
            return
        if kind in ("RECORDING", "PAPER", "SIGNATURE"):
            told = {"RECORDING": _("录音编号"), "PAPER": _("材料名称或编号"), "SIGNATURE": _("签名人")}[kind]
            self.fields[f"{kind}_label"] = forms.CharField(label=told, max_length=128, required=is_required)
        if kind != "RECORDING":
            accept = "image/*" if kind == "PHOTO" else "image/*,application/pdf"
            self.fields[kind] = forms.FileField(
                label=_("%(what)s文件") % {"what": word} if kind != "PHOTO" else word,
                required=is_required and kind == "PHOTO", widget=forms.ClearableFileInput(attrs={"accept": accept}),
            )  # fmt: skip

    def proofs(self) -> list[Proof]:
        """The proofs that were given."""
        given, found = self.cleaned_data, []
        for kind in self.kinds:
            if kind == "PLACE":
                if given.get("longitude") is not None and given.get("latitude") is not None:
                    found.append(Proof("PLACE", place=Place(_micro(given["longitude"]), _micro(given["latitude"]))))
                continue
            file, label = given.get(kind), given.get(f"{kind}_label", "")
            if file or label:
                found.append(proof_of(kind, label, file))
        return found


def proof_of(kind: str, label: str, file: Any, *, document: str = "") -> Proof:
    """A proof or document out of what was uploaded."""
    if not file:
        return Proof(kind, label=label, document=document)
    return Proof(kind, label=label or str(file.name), file_name=str(file.name), content=file.read(), document=document)


def _micro(degrees: Decimal) -> int:
    return int(degrees * MICRO)
