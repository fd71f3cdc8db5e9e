"""From an account, a telephone or a place to the feeder's file and the place in it: once, then only files are asked.

Whoever is not known is answered like somebody of whose area nothing is known: nobody learns from here who is a customer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from wandeng.domains.customers import queries as customers
from wandeng.domains.network.queries import spots
from wandeng.domains.network.queries.spots import Spot
from wandeng.flows.supply_status import publishing, tokens
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound

_DIGITS = re.compile(r"[0-9]{6,20}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_ACCOUNT = re.compile(r"[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*")
MOST_AREAS, MOST_PLACES = 5, 20


@dataclass(frozen=True, slots=True)
class Found:
    """Where to ask: the feeder's file and the area in it; ``name`` and ``unit_name`` of a place, empty for whoever asked by
    number."""

    feeder: str
    area: str
    name: str = ""
    unit_name: str = ""


def cleaned(asked: str) -> str:
    """What was typed without blanks and the dashes of telephones. Raises :class:`InvalidInput` for nothing, or too much."""
    text = asked.strip()
    if re.fullmatch(r"[0-9+() -]+", text):
        text = re.sub(r"[ ()-]", "", text).removeprefix("+86")
    if not text or len(text) > 64:
        raise InvalidInput("say an account number, a telephone number or a place")
    return text


def is_number(asked: str) -> bool:
    """Whether this is an account or a telephone, not a place."""
    return _ACCOUNT.fullmatch(asked) is not None


def by_number(asked: str) -> tuple[Found, ...]:
    """Where to ask about an account or a telephone: always somewhere. A number that nobody has gets a place in a file of which
    nothing is ever known; an account with several supplies, or a telephone of several accounts, has several.

    Raises :class:`NotFound` while nothing is published.
    """
    everywhere = Scope.everywhere()
    found = spots.spots_of(everywhere, asked)
    if (not found and _MOBILE.fullmatch(asked)) or (_DIGITS.fullmatch(asked) and not found and len(asked) >= 10):
        accounts = customers.accounts_by_phone(everywhere, asked, limit=MOST_AREAS)
        found = spots.spots_of_accounts(everywhere, accounts)
    if not found:
        return (_nobody(asked),)
    return _found(found[:MOST_AREAS], tokens.areas_by_account(one.area for one in found[:MOST_AREAS]), is_named=False)


def by_place(asked: str) -> tuple[Found, ...]:
    """Public areas whose place or name holds these words."""
    found = spots.spots_called(Scope.everywhere(), asked, limit=MOST_PLACES)
    return _found(found, tokens.areas_by_place(one.area for one in found), is_named=True)


def by_place_published(asked: str) -> tuple[Found, ...]:
    """Public areas whose place or name holds these words, as published: for when the database is down."""
    found = (one for unit in units() for one in of_unit(unit["file"]) if asked in one.name)
    return tuple(islice(found, MOST_PLACES))


def units() -> list[dict[str, str]]:
    """The units with a list of places, as published: ``name`` and ``file``."""
    with suppress(OSError, ValueError):
        return list(json.loads((publishing.folder() / publishing.INDEX).read_text())["units"])
    return []


def of_unit(file: str) -> tuple[Found, ...]:
    """The areas of a unit's published list; none for a list that is not there."""
    if not (file.startswith("places-") and tokens.is_token(file.removeprefix("places-").removesuffix(".json"))):
        return ()
    with suppress(OSError, ValueError):
        told = json.loads((publishing.folder() / file).read_text())
        pairs = [(place["name"], one) for place in told["places"] for one in place["areas"]]
        return tuple(
            Found(one["feeder"], one["area"], _called(place, one["name"]), told["unit"]) for place, one in pairs
        )
    return ()


def _found(found: Sequence[Spot], areas: Sequence[str], *, is_named: bool) -> tuple[Found, ...]:
    feeders = tokens.feeders(one.feeder for one in found)
    made = zip(found, feeders, areas, strict=True)
    if not is_named:
        return tuple(Found(feeder, area) for _, feeder, area in made)
    return tuple(Found(feeder, area, _name(spot), spot.unit_name) for spot, feeder, area in made)


def _name(spot: Spot) -> str:
    return _called(spot.place, spot.name)


def _called(place: str, name: str) -> str:
    return f"{place} {name}" if place and place not in name else name


def _nobody(asked: str) -> Found:
    """A place in the file of some feeder, by the number that was asked: the same one every time."""
    feeders = sorted(path.stem for path in publishing.folder().glob("*.json") if tokens.is_token(path.stem))
    if not feeders:
        raise NotFound("nothing is published yet")
    token = tokens.of_nobody(asked)
    return Found(feeders[int(token, 16) % len(feeders)], token)
