"""The link by which a customer follows a case (进度查询) without logging in: its number and a code that only the key of this
installation makes. A link that was withdrawn is followed by another with another code."""

from __future__ import annotations

import hmac
from collections.abc import Collection

from django.db.models import Count

from wandeng.domains.cases.models import Case, CaseEntry
from wandeng.infra import pii

LINK = "TRACK_LINK"
"""What an entry is about by which a link was withdrawn."""


def token_of(row: Case) -> str:
    """The token that holds now."""
    return tokens_of([row.number])[row.number]


def tokens_of(numbers: Collection[str]) -> dict[str, str]:
    """Case → the token that holds now, of several by their numbers."""
    entries = CaseEntry.objects.filter(case__number__in=numbers, kind="NOTED", what=LINK).order_by()
    withdrawn = dict(entries.values_list("case__number").annotate(n=Count("id")))
    return {number: token(number, withdrawn.get(number, 0)) for number in numbers}


def token(number: str, withdrawn: int) -> str:
    """The token of a case of which so many links were withdrawn."""
    (code,) = pii.index_many([f"{number}:{withdrawn}"], column="cases_case.track")
    return f"{number}-{code}"


def holds(row: Case, token: str) -> bool:
    """Whether a token is the one that holds now, told in the same time whatever it is."""
    return hmac.compare_digest(token.encode(), token_of(row).encode())


def number_in(token: str) -> str:
    """The number of the case that a token names; whether it is genuine is another question."""
    return token.partition("-")[0]
