"""The page of any list: filter, sort, choose columns, save view, act on many, export. An area writes none of this."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django_tables2 as tables
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import ngettext
from django.views import View

from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console import cells, furniture
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists import asked, beyond, export
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, ListDefinition
from wandeng.interfaces.doorway.templatetags.wandeng import listed
from wandeng.kernel.errors import InvalidInput, NotFound

MOST_AT_ONCE = 1_000
"""Rows that one bulk action takes: each is an action of its own, and a person waits for the answer."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that holds, and the address without it."""

    label: str
    value: str
    remove_url: str


class ListPage(View):
    """``ListPage.as_view(definition=…)``: GET shows or exports, POST acts on the chosen rows."""

    # ``as_view`` only takes what the class already has; a list page without a definition fails at its first use.
    definition: ListDefinition = None  # type: ignore[assignment]
    template = "console/list.html"

    def get(self, request: Request) -> HttpResponse | StreamingHttpResponse | FileResponse:
        question = asked.ask(self.definition, request.asking, request.GET)
        columns = self.definition.chosen(request.GET.getlist("columns"))
        match request.GET.get("format"):
            case "csv":
                return _csv(question, columns, _most(request))
            case "xlsx":
                return _xlsx(question, columns, _most(request))
        page = asked.page(question, request.GET)
        return render(request, self.template, self.context(request, question, columns, page))

    def post(self, request: Request) -> HttpResponse:
        action = self._action(request.POST.get("bulk", ""))
        given = {name: request.POST.get(name, "") for name in ("reason", "choice")}
        told = action.told(request.asking, **given)
        keys = self._keys(request)
        if not keys:
            raise InvalidInput("choose at least one row")
        done = action.run(request.asking, keys, told)
        text = ngettext("%(action)s：已处理 %(count)d 条。", "%(action)s：已处理 %(count)d 条。", done)
        messages.success(request, text % {"action": action.title, "count": done})
        return HttpResponseRedirect(request.get_full_path())

    def context(
        self, request: Request, question: asked.Asked, columns: tuple[Column, ...], page: asked.Page
    ) -> dict[str, Any]:
        """What ``console/list.html`` shows."""
        person = request.asking.actor.code
        bulk = self.definition.bulk if request.asking.may(self.definition.route, write=True) else ()
        address = f"{request.path}?"
        chips = self._chips(request, question)
        return {
            "definition": self.definition,
            "heads": self.heads(request, columns, choosing=bool(bulk)),
            "body": cells.body(columns, page.rows, self.definition.key, choosing=bool(bulk), asking=request.asking),
            "rows": page.rows,
            "page": page,
            "pages": {
                "previous": address + _changed(request.GET, page=str(page.number - 1)) if page.number > 1 else "",
                "next": address + _changed(request.GET, page=str(page.number + 1)) if page.has_next else "",
            },
            "sizes": [(size, address + _changed(request.GET, size=str(size), page="")) for size in asked.PAGE_SIZES],
            "search": self.part(request, question, "console/list_search.html", chips=len(chips)),
            "panel": self.part(request, question, "console/list_filters.html"),
            "chips": chips,
            "columns": self.chooser(columns),
            "views": [(view, f"{address}{view.query}") for view in organization.views_of(person, self.definition.name)],
            "query": _changed(request.GET, page=""),
            "bulk": bulk,
            "bulk_choices": [(one, one.choices(request.asking)) for one in bulk if one.choices is not None],
            "exports": {kind: address + _changed(request.GET, format=kind) for kind in ("csv", "xlsx")},
            "most": beyond.COUNT_CAP,
            "empty": self.definition.empty,
            "empty_url": self._next_step(request),
        }

    def heads(self, request: Request, columns: tuple[Column, ...], *, choosing: bool) -> SafeString:
        """The headings and their sorting links, which django-tables2 draws; the rows are drawn by ``cells``."""

        def drawn() -> SafeString:
            extra = [(column.key, _head(column)) for column in columns]
            table = tables.Table([], extra_columns=extra, order_by_field="sort", empty_text="")
            # The rows come sorted from the database; the table only needs to know how, for the arrows at its heads.
            table._order_by = tables.utils.OrderByTuple([part for part in [request.GET.get("sort", "")] if part])
            return render_to_string("console/table_heads.html", {"table": table, "choosing": choosing}, request)

        return furniture.kept(("heads", self.definition.name, choosing, request.GET.urlencode()), columns, drawn)

    def chooser(self, columns: tuple[Column, ...]) -> SafeString:
        """A box for each column of the list, ticked where it is shown."""
        shown = tuple(any(column is one for one in columns) for column in self.definition.columns)

        def drawn() -> SafeString:
            return render_to_string(
                "console/list_columns.html", {"columns": list(zip(self.definition.columns, shown, strict=True))}
            )

        return furniture.kept(("chooser", self.definition.name, shown), self.definition.columns, drawn)

    def part(self, request: Request, question: asked.Asked, template: str, *, chips: int = 0) -> SafeString:
        """What asks for filters: the same for whoever is offered the same choices, as long as the address asks nothing."""

        def drawn() -> SafeString:
            told = {"form": question.filters.form, "query": _changed(request.GET, page=""), "path": request.path}
            return render_to_string(template, {**told, "chosen": chips})

        if request.GET:
            return drawn()
        key = (template, self.definition.name, request.path, question.filters.offered_key)
        return furniture.kept(key, self.definition.columns, drawn)

    def _next_step(self, request: Request) -> str:
        """Where an empty list sends a reader who may go there."""
        route = self.definition.empty.route
        return reverse(route) if route and request.asking.may(route) else ""

    def _action(self, name: str) -> BulkAction:
        for action in self.definition.bulk:
            if action.name == name:
                return action
        raise NotFound(f"list {self.definition.name} has no action {name}")

    def _keys(self, request: Request) -> list[str]:
        """The chosen rows' keys: those ticked that the scope holds, or all that match the filters."""
        question = asked.ask(self.definition, request.asking, request.GET)
        key, rows = self.definition.key, question.rows
        if request.POST.get("all") != "1":
            rows = rows.filter(**{f"{key}__in": request.POST.getlist("keys")[:MOST_AT_ONCE]})
        found = [str(row[key]) for row in rows[: MOST_AT_ONCE + 1]]
        if len(found) > MOST_AT_ONCE:
            raise InvalidInput(f"at most {MOST_AT_ONCE} rows at once: narrow the list first")
        return found

    def _chips(self, request: Request, question: asked.Asked) -> list[Chip]:
        if question.filters.asks_nothing:
            return []
        chips = []
        for name, field in question.filters.form.fields.items():
            values = [value for value in request.GET.getlist(name) if value]
            if values:
                words = dict(getattr(field, "choices", ()))
                text = listed(words.get(value, value) for value in values)
                chips.append(
                    Chip(str(field.label), text, f"{request.path}?{_changed(request.GET, **{name: ''}, page='')}")
                )
        return chips


def _head(column: Column) -> tables.Column:
    attrs = {"th": {"class": "num"}} if column.kind.is_number else {}
    return tables.Column(verbose_name=column.title, orderable=column.is_sortable, attrs=attrs)


def _changed(query: QueryDict, **changes: str) -> str:
    """The address's query with these parameters set; an empty value removes one. Never carries an export along."""
    changed = query.copy()
    changed.pop("format", None)
    for name, value in changes.items():
        if value:
            changed[name] = value
        else:
            changed.pop(name, None)
    return changed.urlencode()


def _most(request: Request) -> int:
    """How many rows the utility lets out at once."""
    return organization.parameter_int("export.rows", request.asking.today)


def _csv(question: asked.Asked, columns: tuple[Column, ...], most: int) -> StreamingHttpResponse:
    name = question.definition.name
    response = StreamingHttpResponse(
        export.as_csv(question, columns, most=most), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _xlsx(question: asked.Asked, columns: tuple[Column, ...], most: int) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it when it has been sent)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        export.as_xlsx(question, columns, path, most=most)
        file.write(path.read_bytes())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{question.definition.name}.xlsx")
