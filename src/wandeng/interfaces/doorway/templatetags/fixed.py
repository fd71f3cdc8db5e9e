"""Parts of a page that are the same for everybody: drawn once a language, and then kept by the process."""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class Fixed(template.Node):
    """What stands between the tags. It sees none of the page's variables, so that nothing about a person or a customer
    can be kept and shown to the next one."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.kept: dict[tuple[str, str], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language() or "", get_script_prefix())
        if key not in self.kept:
            assert context.template is not None
            bare = template.Context()
            with bare.bind_template(context.template):
                self.kept[key] = self.nodelist.render(bare)
        return self.kept[key]


@register.tag
def fixed(parser: Parser, _token: Token) -> Fixed:
    """``{% fixed %}…{% endfixed %}``: words, icons and addresses without arguments; a variable shows as nothing."""
    nodelist = parser.parse(("endfixed",))
    parser.delete_first_token()
    return Fixed(nodelist)
