"""Filters of lists: what the library offers, made again for a request only as far as the address asks something of them.

Most lists are opened without a filter. Then no field is made and nothing is checked; and where something is asked, the form is built
from fields that were made once, since the library copies every choice of every filter anew.
"""

from __future__ import annotations

import copy
from collections.abc import Hashable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django_filters import FilterSet

OWN_PARAMETERS = frozenset({"page", "size", "sort", "columns", "format", "view", "csrfmiddlewaretoken"})
"""What an address says of a list beside its filters."""

Choices = Sequence[tuple[str, Any]]


class ListFilterSet(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Filters of one list, bound to an address; ``request`` is who asks.

    A class whose choices depend on the reader or on a definition says so in :meth:`offered` and not when it is made.
    """

    def __init__(
        self, data: QueryDict | None = None, queryset: Any = None, *, request: Any = None, prefix: str | None = None
    ) -> None:  # the library's own would copy all filters, asked for or not
        self.is_bound = data is not None
        self.data = QueryDict() if data is None else data
        self.queryset: QuerySet[Any, Any] = queryset
        self.request = request
        self.form_prefix = prefix

    @cached_property
    def filters(self) -> dict[str, Any]:
        """The filters by name, this request's own: they know whom they belong to."""
        made = {}
        for name, one in self.base_filters.items():
            mine = made[name] = copy.copy(one)
            mine.model, mine.parent = self.queryset.model, self
            if one.method is not None:
                # What calls the method remembers the filter that it was made for.
                mine.method = one.method
        return made

    def offered(self) -> Mapping[str, Choices]:
        """Choices of fields that are not the same for everybody, by field; the one that narrows nothing is added."""
        return {}

    @cached_property
    def choices(self) -> Mapping[str, Choices]:
        """:meth:`offered`, asked once."""
        return self.offered()

    @cached_property
    def offered_key(self) -> Hashable:
        """:attr:`choices` as what a drawn form is kept by."""
        return tuple((name, tuple(offered)) for name, offered in self.choices.items())

    @cached_property
    def form(self) -> forms.Form:
        """The form with what the address says."""
        made = _form_class(type(self))(self.data if self.is_bound else None, prefix=self.form_prefix)  # type: ignore[arg-type]  # a class
        for name, choices in self.choices.items():
            field = made.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        return made

    @property
    def asks_nothing(self) -> bool:
        """Whether the address names no filter at all."""
        return all(name in OWN_PARAMETERS for name in self.data)

    @cached_property
    def asked(self) -> Mapping[str, Any]:
        """What the address asks, understood, by filter; what cannot be understood is missing."""
        if self.asks_nothing:
            return {}
        self.form.full_clean()
        return self.form.cleaned_data

    @cached_property
    def qs(self) -> QuerySet[Any, Any]:
        """The rows that the filters leave."""
        return self.filter_queryset(self.queryset.all())

    def filter_queryset(self, queryset: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        for name, value in self.asked.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset


@cache
def _form_class(kind: type[ListFilterSet]) -> type[forms.Form]:
    """The form of a class of filters: its fields are the same for every request, and copied by the framework for each."""
    return type(f"{kind.__name__}Form", (forms.Form,), {name: one.field for name, one in _own(kind).items()})


def _own(kind: type[ListFilterSet]) -> dict[str, Any]:
    """Copies to make the fields from: a filter keeps its field, and filters are inherited by other classes."""
    return {name: copy.deepcopy(one) for name, one in kind.base_filters.items()}
