"""Who asks: the person behind a request, where they stand, what time it is. Built once a request, at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.http import HttpRequest

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import AtDoor, PersonCard, PostHeld, UnitNode
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import policy
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed
from wandeng.kernel.periods import BILLING_ZONE

UNIT_KEY = "unit"
"""Where a session keeps the unit that the person chose to act in."""


@dataclass(frozen=True)
class Asking:
    """A person who asks for something, at an instant.

    ``actor`` carries the roles held over the unit acted in; ``posts`` are all posts of the day; ``may_write`` is false
    for a token that only reads; ``address`` is where the request came from. ``units`` are those of the posts; ``brand_mark`` changes
    with the utility's brand.
    """

    actor: Actor
    person: PersonCard
    posts: tuple[PostHeld, ...]
    now: datetime
    address: str = ""
    may_write: bool = True
    units: tuple[UnitNode, ...] = ()
    brand_mark: str = ""

    @property
    def today(self) -> date:
        """The local date of the billing zone."""
        return self.now.astimezone(BILLING_ZONE).date()

    @cached_property
    def scope(self) -> Scope:
        return Scope.of(self.actor)

    @cached_property
    def unit(self) -> UnitNode:
        """The unit acted in."""
        for unit in self.units:
            if unit.path == self.actor.unit_path:
                return unit
        return organization.unit(self.scope, self.actor.unit_path.rstrip("/").rpartition("/")[2])

    def may(self, route: str, *, write: bool = False) -> bool:
        """Whether the policy table lets this person call a route."""
        rule = policy.rule_of(route)
        return rule.lets(self.actor, write=write) and (self.may_write or not write)


def asking_for(
    code: str,
    *,
    now: datetime,
    unit_code: str = "",
    address: str = "",
    may_write: bool = True,
    met: AtDoor | None = None,
) -> Asking:
    """The asking of a person. Without ``unit_code`` they act at the topmost unit of their posts; where posts lie apart,
    at the first of them. ``met`` is what is known of them already.

    Raises :class:`NotFound` for a person who is unknown or has left, :class:`NotAllowed` for one without a post.
    """
    on = now.astimezone(BILLING_ZONE).date()
    met = met or organization.at_door(code)
    posts = organization.posts_on(met, on)
    if not posts:
        raise NotAllowed(f"{code} holds no post on {on}")
    try:
        actor = organization.actor_for(code, on, unit_code=unit_code, held=posts, card=met.person)
    except NotAllowed:
        actor = organization.actor_for(code, on, unit_code=posts[0].unit_code, held=posts, card=met.person)
    return Asking(actor, met.person, posts, now, address, may_write, met.units, met.brand_mark)


if TYPE_CHECKING:

    class Request(HttpRequest):
        """A request of somebody who is known: what views of the console and the API get."""

        asking: Asking

else:
    Request = HttpRequest
