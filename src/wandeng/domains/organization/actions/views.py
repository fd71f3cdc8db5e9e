"""A person keeps views of lists. Nobody else sees them, so nothing is logged."""

from __future__ import annotations

from wandeng.domains.organization.models import SavedView
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

MOST_VIEWS = 30
LONGEST_QUERY = 2_000


def save_view(*, list_name: str, name: str, query: str, actor: Actor) -> None:
    """Keep an address of a list under a name; the same name again replaces it.

    Raises :class:`InvalidInput` for a name or address that is empty or too long, :class:`Conflict` for too many.
    """
    if actor.person_id is None:
        raise NotAllowed("a view belongs to a person")
    if not 0 < len(name.strip()) <= 64 or len(query) > LONGEST_QUERY:
        raise InvalidInput("a view has a name of 1 to 64 characters and an address that is not too long")
    mine = SavedView.objects.filter(person_id=actor.person_id, list_name=list_name)
    if mine.exclude(name=name.strip()).count() >= MOST_VIEWS:
        raise Conflict(f"there are {MOST_VIEWS} views of this list already: remove one first")
    SavedView.objects.update_or_create(
        person_id=actor.person_id, list_name=list_name, name=name.strip(), defaults={"query": query}
    )


def forget_view(*, view_id: int, actor: Actor) -> None:
    """Remove one's own view. Raises :class:`NotFound`."""
    if actor.person_id is None or not SavedView.objects.filter(pk=view_id, person_id=actor.person_id).delete()[0]:
        raise NotFound(f"there is no view {view_id}")
