"""Fields of forms as pages show them, drawn by functions: a list carries a form of filters, and a template walks a tree for
every option of every field. What they write is what ``<c-field>`` and Django's templates would have written; tests compare.
"""

from __future__ import annotations

from functools import lru_cache

from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
)
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from wandeng.interfaces.doorway import widgets
from wandeng.interfaces.doorway.escaping import escaped

WIDE = frozenset({"Textarea", "CheckboxSelectMultiple"})
REQUIRED = SafeString('<span class="wd-required" aria-hidden="true">*</span>')


def control(field: BoundField) -> SafeString:
    """The widget of a form's field with the look of the console."""
    widget = field.field.widget
    match widget:
        case RadioSelect() | CheckboxSelectMultiple():
            look = "wd-choices"
        case CheckboxInput():
            look = "form-check-input"
        case Select():
            look = "form-select"
        case _:
            look = "form-control"
    given = str(widget.attrs.get("class", ""))
    attrs: dict[str, str | bool] = {"class": f"{look} {given}".strip()}
    # A browser offers a list of its own for anything it was once told; nothing of a customer stays on a shared desk.
    if look == "form-control" and not isinstance(widget, FileInput):
        attrs["autocomplete"] = str(widget.attrs.get("autocomplete", "off"))
    return _select(field, widget, attrs) or field.as_widget(attrs=attrs)


def _select(field: BoundField, widget: Select, attrs: dict[str, str | bool]) -> SafeString | None:
    """A plain list to choose from; ``None`` where there is more to it: groups, several choices, a widget of its own."""
    if type(widget) is not Select or field.field.localize:
        return None
    options = []
    for value, label in widget.choices:
        if isinstance(label, (list, tuple)):
            return None
        options.append(("" if value is None else str(value), escaped(label)))
    built = {**widget.attrs, **field.build_widget_attrs(attrs, widget)}
    if field.auto_id and "id" not in widget.attrs:
        built.setdefault("id", field.auto_id)
    chosen = widget.format_value(field.value())
    opening = f'<select name="{escaped(field.html_name)}"{widgets.attributes(built)}>'
    return mark_safe(opening + _options(tuple(options), tuple(chosen)))  # both were escaped where they were made


@lru_cache(maxsize=1024)
def _options(options: tuple[tuple[str, str], ...], chosen: tuple[str, ...]) -> str:
    """Options by value and escaped label: the same choices look the same for everybody."""
    parts, open_ones = [], set(chosen)
    for value, label in options:
        mark = " selected" if value in open_ones else ""
        if mark:
            open_ones.clear()
        parts.append(f'\n  <option value="{escaped(value)}"{mark}>{label}</option>\n')
    return "".join((*parts, "\n</select>"))


def is_wide(field: BoundField) -> bool:
    """Long texts and groups of choices take the whole width of a form."""
    return field.field.widget.__class__.__name__ in WIDE


def drawn(field: BoundField) -> SafeString:
    """The whole field as ``<c-field>`` draws it: label, control, help, what is wrong with it."""
    label, shown = mark_safe(escaped(field.label)), control(field)
    star = REQUIRED if field.field.required else ""
    if isinstance(field.field.widget, CheckboxInput):
        middle = format_html(
            '<div class="form-check">{}<label class="form-check-label" for="{}">{}</label></div>',
            shown, field.id_for_label, label,
        )  # fmt: skip
    elif field.use_fieldset:
        said = field.aria_describedby
        by = format_html(' aria-describedby="{}"', said) if said else ""
        middle = format_html("<fieldset{}><legend>{}{}</legend>{}</fieldset>", by, label, star, shown)
    else:
        middle = format_html('<label for="{}">{}{}</label>{}', field.id_for_label, label, star, shown)
    described = field.help_text
    text = format_html('<div class="wd-help" id="{}_helptext">{}</div>', field.auto_id, described) if described else ""
    return format_html(
        '<div class="wd-field{}">{}{}{}</div>', " wd-field-wide" if is_wide(field) else "", middle, text, _errors(field)
    )


def _errors(field: BoundField) -> SafeString | str:
    if not field.errors:
        return ""
    lines = format_html_join("", "<div>{}</div>", ((one,) for one in field.errors))
    return format_html('<div class="wd-field-error" id="{}_error" role="alert">{}</div>', field.auto_id, lines)
