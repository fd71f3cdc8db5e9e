"""The nodes of a flattened template (``flattening``): a value that is shown, and a component bound to its template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.template import Context, Template
from django.template.base import FilterExpression, Node, NodeList, TextNode, Variable, VariableNode
from django.template.base import render_value_in_context as in_general
from django.template.defaulttags import IfNode, TemplateLiteral
from django.templatetags.i18n import LanguageNode
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django_cotton.templatetags import Attrs, UnprocessableDynamicAttr
from django_cotton.templatetags._component import AttrKind
from django_cotton.templatetags._slot import CottonSlotNode
from django_cotton.templatetags._vars import CottonVarsNode
from django_cotton.utils import get_cotton_data

from wandeng.interfaces.doorway.escaping import escaped

OTHER_LANGUAGE = (LanguageNode,)
_OWN = re.compile(r"\battrs\b|cotton_data|\{%\s*(cycle|ifchanged|resetcycle)")
"""What a component's template may not use to be bound: what is known of a component only while it is drawn as usual."""


def like(node: Any, new: Node) -> Node:
    """The new node, said to stand where the old one stood."""
    for name in ("token", "origin"):
        if hasattr(node, name):
            setattr(new, name, getattr(node, name))
    return new


def is_literal(expression: Any) -> bool:
    """Whether an expression of a template is a text, without variables and filters."""
    if not isinstance(expression, FilterExpression) or expression.filters:
        return False
    var = expression.var
    return isinstance(var, str) or (isinstance(var, Variable) and var.literal is not None)


class Shown(VariableNode):
    """``{{ value }}``: texts, which most values are, are escaped at once."""

    def render(self, context: Context) -> SafeString:
        value = self.filter_expression.resolve(context)
        if isinstance(value, Promise):
            value = str(value)
        kind = type(value)
        if kind is SafeString:
            return value  # type: ignore[no-any-return]
        if kind is str and context.autoescape:
            return SafeString(escaped(value))
        return SafeString(in_general(value, context))


class Component(Node):
    """A component whose template and constant attributes are known.

    ``known`` are its constants and defaults, ``texts`` its attributes that are small templates, ``values`` those that are
    expressions (with what holds where an expression says nothing), ``content`` what stands between its tags; ``told`` are the names
    that attributes set.
    """

    child_nodelists = ("content",)

    def __init__(
        self, body: NodeList, known: Mapping[str, Any], texts: list[tuple[str, NodeList]], values: list[tuple[str, Any, Any]],
        content: NodeList, told: frozenset[str],
    ) -> None:  # fmt: skip
        self.body, self.known, self.texts, self.values, self.content = body, known, texts, values, content
        self.told, self.has_slots = told, bool(content.get_nodes_by_type(CottonSlotNode))

    @property
    def is_constant(self) -> bool:
        """Whether it draws the same every time: told only constants, and its template asks for nothing else."""
        names = {*self.known, "slot"}
        told = self.texts or self.values or any(not isinstance(one, TextNode) for one in self.content)
        return not told and _asks_only(self.body, names)

    def render(self, context: Context) -> SafeString:
        state = dict(self.known)
        for name, nodes in self.texts:
            state[name] = nodes.render(context)
        for name, way, otherwise in self.values:
            try:
                state[name] = way.resolve(context)
            except UnprocessableDynamicAttr:
                if otherwise is not _NOTHING:
                    state[name] = otherwise
        if self.has_slots:
            state["slot"] = self._with_slots(context, state)
        else:
            state["slot"] = self.content.render(context) if self.content else ""
        with context.push(state):
            return self.body.render(context)

    def _with_slots(self, context: Context, state: dict[str, Any]) -> SafeString:
        """Draw the content; its slots go where the component shows them, unless an attribute says it otherwise."""
        stack = get_cotton_data(context)["stack"]
        stack.append({"key": "", "attrs": Attrs({}), "slots": {}})
        try:
            shown = self.content.render(context)
        finally:
            slots = stack.pop()["slots"]
        for name, text in slots.items():
            if name not in self.told:
                state[name] = text
        return shown


_NOTHING = object()


def component(node: Any, template: Template, variables: list[CottonVarsNode]) -> Component | None:
    """The component of a tag, bound to its template; none where it does what only the usual way can."""
    if _OWN.search(str(template.source)):
        return None
    defaults = _defaults(variables)
    if defaults is None:
        return None
    known, texts, values, told = dict(defaults), [], [], set()
    for attr in node._prepared_attrs:
        name = attr.key.replace("-", "_")
        told.add(name)
        inline = attr.compiled.nodelist if attr.kind == AttrKind.ESCAPED and attr.compiled else None
        if attr.kind == AttrKind.DYNAMIC:
            values.append((name, attr.compiled, _NOTHING))
        elif attr.kind == AttrKind.UNQUOTED:
            values.append((name, attr.compiled, attr.value))
        elif inline is None:
            known[name] = attr.value
        elif all(isinstance(one, TextNode) for one in inline):
            known[name] = SafeString("".join(one.s for one in inline))
        else:
            texts.append((name, inline))
    body = NodeList(one for one in template.nodelist if not isinstance(one, CottonVarsNode))
    made = Component(body, known, texts, values, node.nodelist, frozenset(told))
    like(node, made)
    return made


def _defaults(variables: list[CottonVarsNode]) -> dict[str, Any] | None:
    """The defaults of a component; none where one of them is an expression."""
    found: dict[str, Any] = {}
    for node in variables:
        for var in node._prepared_vars:
            if var.kind != AttrKind.STATIC:
                return None
            found[var.accessible_key] = var.value
    return found


def _asks_only(nodes: NodeList, names: set[str]) -> bool:
    """Whether nodes draw nothing but text and values of these names."""
    for node in nodes:
        if isinstance(node, TextNode):
            continue
        if isinstance(node, VariableNode):
            if not _is_of(node.filter_expression, names):
                return False
        elif type(node) is not IfNode or not all(
            (condition is None or _decides_by(condition, names)) and _asks_only(inner, names)
            for condition, inner in node.conditions_nodelists
        ):
            return False
    return True


def _decides_by(condition: Any, names: set[str]) -> bool:
    if isinstance(condition, TemplateLiteral):
        expression: Any = condition.value
        return _is_of(expression, names)
    sides = [side for side in (condition.first, condition.second) if side is not None]
    return all(_decides_by(side, names) for side in sides)


def _is_of(expression: FilterExpression, names: set[str]) -> bool:
    asked = [expression.var] + [arg for _filter, args in expression.filters for is_var, arg in args if is_var]
    return all(
        not isinstance(var, Variable)
        or var.literal is not None
        or (var.lookups is not None and var.lookups[0] in names)
        for var in asked
    )
