"""How the controls of forms are drawn: the common ones by functions, the rest by Django's templates.

Every list carries a form of filters with dozens of options, and a template walks a tree for each. What the functions
write is what the templates would have written; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from wandeng.interfaces.doorway.escaping import escaped

FOLDER = "django/forms/widgets/"
Widget = Mapping[str, Any]


class Renderer(DjangoTemplates):
    """Django's own, quicker where there is much to draw."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        draw = DRAWN.get(template_name)
        if draw is None:
            return mark_safe(super().render(template_name, context, request))
        return mark_safe(draw(context["widget"]).strip())  # every part was escaped where it was drawn


def attributes(attrs: Mapping[str, Any]) -> str:
    """Attributes of a tag, escaped: true ones by their name alone, false ones not at all."""
    parts = []
    for name, value in attrs.items():
        if value is True:
            parts.append(f" {escaped(name)}")
        elif value is not False:
            parts.append(f' {escaped(name)}="{escaped(value)}"')
    return "".join(parts)


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return (
        f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"{value}{attributes(widget["attrs"])}>'
    )


def _textarea(widget: Widget) -> str:
    text = escaped(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _place in widget["optgroups"]:
        if group:
            parts.append(f'\n  <optgroup label="{escaped(group)}">')
        parts.extend(
            f'\n  <option value="{escaped(one["value"])}"{attributes(one["attrs"])}>{escaped(one["label"])}</option>\n'
            for one in options
        )
        if group:
            parts.append("\n  </optgroup>")
    parts.append("\n</select>")
    return "".join(parts)


def _range(widget: Widget) -> str:
    """From – to, as django-filter writes it."""
    first, *rest = (DRAWN[part["template_name"]](part) for part in widget["subwidgets"])
    return f"{first}\n\n-" + "\n\n".join(rest)


_INPUTS = ("input", "text", "number", "email", "password", "hidden", "date")
DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"{FOLDER}{name}.html": _input for name in _INPUTS},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
    "django_filters/widgets/multiwidget.html": _range,
}
"""Template → what draws in its place."""
