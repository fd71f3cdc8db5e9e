"""Values that the doors get from community boards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BoardShown:
    """A community board: of one transformer area (``area_code``), or of a community and all its public areas. ``keeper`` is empty
    where the post of the unit decides; ``seen_at``: when its screen asked last, to five minutes."""

    id: int
    handle: str
    area_code: str
    place: str
    unit_code: str
    unit_name: str
    unit_path: str
    territory: str
    keeper: str
    shows_arrears: bool
    state: str
    made_by: str
    made_at: datetime
    printed_at: datetime | None
    seen_at: datetime | None
    areas: tuple[BoardArea, ...]


@dataclass(frozen=True, slots=True)
class BoardArea:
    """A transformer area of a board."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Responsible:
    """A person of staff as everybody may see them: ``post`` is KEEPER or SUPERVISOR; ``title`` and ``phone`` as their card says, empty
    without one; ``photo`` the name of the picture, empty for none."""

    post: str
    person: str
    name: str
    title: str
    phone: str
    photo: str

    @property
    def initial(self) -> str:
        """What stands in the place of a photo."""
        return self.name[:1]


@dataclass(frozen=True, slots=True)
class ServiceCardShown:
    """The card of a person of staff: what everybody may know of them."""

    person: str
    name: str
    title: str
    phone: str
    photo: str
    set_by: str
    set_at: datetime
