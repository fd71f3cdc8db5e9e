"""Templates as a process keeps them: one copy a language, in which what is the same for everybody is text already.

A page is mostly words, icons and addresses that never change; a template walks a node for each, every time. When a template is
loaded, its constant parts are drawn once (``{% trans %}`` of a text, ``{% url %}`` without arguments, components that are told only
constants), components are bound to their templates, and values are escaped without the general case. What is drawn stays the same to
the byte: nothing that depends on a request, a person or a row is touched.
"""

from __future__ import annotations

import threading
from typing import Any

from django.template import Context, Template, TemplateDoesNotExist
from django.template.base import Node, NodeList, TextNode, VariableNode
from django.template.defaulttags import AutoEscapeControlNode, CommentNode, IfNode, URLNode
from django.template.loaders import base, cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.translation import get_language
from django_cotton.templatetags._component import AttrKind, CottonComponentNode
from django_cotton.templatetags._vars import CottonVarsNode

from wandeng.interfaces.doorway import flat_nodes as flat
from wandeng.interfaces.doorway.templatetags.fixed import Fixed

_LEFT_ALONE = (TextNode, AutoEscapeControlNode, *flat.OTHER_LANGUAGE)
_loading = threading.local()


class _Flattened(base.Loader):
    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The template, made flat before anybody else sees it."""
        template = super().get_template(template_name, skip)
        names = _loading.__dict__.setdefault("names", [])
        names.append(template_name)
        try:
            _flatten(template.nodelist, template)
        finally:
            names.pop()
        return template


class Loader(cached.Loader, _Flattened):
    """Django's loader that keeps templates, with a copy for each language and root of addresses."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{get_language()} {get_script_prefix()} {super().cache_key(template_name, skip)}"


def _flatten(nodelist: NodeList, template: Template) -> None:
    """Replace nodes by what they come to, and join texts that stand side by side."""
    made: list[Any] = []
    for node in nodelist:
        new = _flat(node, template)
        if not isinstance(new, TextNode):
            made.append(new)
        elif made and isinstance(made[-1], TextNode):
            made[-1] = TextNode(made[-1].s + new.s)
        elif new.s:
            made.append(new)
    nodelist[:] = made


def _flat(node: Any, template: Template) -> Node:
    if isinstance(node, _LEFT_ALONE):
        return node
    for inner in _inside(node):
        _flatten(inner, template)
    if _is_constant(node):
        return _drawn(node, template)
    if type(node) is VariableNode:
        return flat.like(node, flat.Shown(node.filter_expression))
    if type(node) is CottonComponentNode:
        return _component(node, template)
    return node  # type: ignore[no-any-return]


def _inside(node: Any) -> list[NodeList]:
    """The lists of nodes that a node draws."""
    if isinstance(node, Fixed):
        return []
    if isinstance(node, IfNode):
        return [inner for _condition, inner in node.conditions_nodelists]
    found = [getattr(node, name, None) for name in node.child_nodelists]
    if isinstance(node, CottonComponentNode):
        found += [attr.compiled.nodelist for attr in node._prepared_attrs if _is_inline(attr)]
    return [one for one in found if isinstance(one, NodeList)]


def _is_inline(attr: Any) -> bool:
    """Whether an attribute is a small template: ``title="{{ … }}"``."""
    return attr.kind == AttrKind.ESCAPED and attr.compiled is not None


def _is_constant(node: Any) -> bool:
    if isinstance(node, (Fixed, CommentNode)):
        return True
    if type(node) is TranslateNode:
        return not node.asvar and not node.message_context and flat.is_literal(node.filter_expression)
    if type(node) is URLNode:
        return not (node.args or node.kwargs or node.asvar) and flat.is_literal(node.view_name)
    return type(node) is StaticNode and node.varname is None and flat.is_literal(node.path)


def _drawn(node: Node, template: Template) -> Node:
    """What a constant comes to, as text; the node itself where it cannot be said yet (an address of another installation)."""
    bare = Context()
    try:
        with bare.bind_template(template):
            return flat.like(node, TextNode(str(node.render(bare))))
    except (NoReverseMatch, ValueError):
        return node


def _component(node: Any, template: Template) -> Node:
    """A component bound to its template; as text where nothing in it varies; as it is where it does more than usual."""
    body = _body(node, template)
    if body is None:
        return node  # type: ignore[no-any-return]
    held, variables = body
    made = flat.component(node, held, variables)
    if made is None:
        return node  # type: ignore[no-any-return]
    return _drawn(made, template) if made.is_constant else made


def _body(node: Any, template: Template) -> tuple[Template, list[CottonVarsNode]] | None:
    if (
        node.only
        or node.component_name == "component"
        or any(attr.key in ("is", "attrs") for attr in node._prepared_attrs)
    ):
        return None
    path = CottonComponentNode._generate_component_template_path(node.component_name, None)
    if path in _loading.names:
        return None
    try:
        held, _origin = template.engine.find_template(path)
    except TemplateDoesNotExist:
        return None
    return held, [one for one in held.nodelist if isinstance(one, CottonVarsNode)]
