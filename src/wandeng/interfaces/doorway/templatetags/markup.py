"""``|markup``: light markup of articles as safe HTML."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from wandeng.interfaces.doorway import markup as light

register = template.Library()


@register.filter
def markup(text: str) -> SafeString:
    """The text as :func:`wandeng.interfaces.doorway.markup.drawn` draws it."""
    return light.drawn(text)
