"""Community boards (公示栏): what may stand where everybody passes, and how few may be counted."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows, TopicModel

Above = Annotated[int, Field(gt=0)]


class BoardArrears(Group):
    """How bills that are overdue are told: NONE, COUNTS (how many customers), BANDS (how many by what they owe, ``bands_yuan`` are the
    upper edges of all bands but the last), HOUSES (house numbers alone, never a name, an account number or an amount). Nothing is told
    of a place with fewer than ``least_customers``, and nothing but "fewer than" of fewer than ``least_owing``: a smaller band is laid
    with its neighbor."""

    form: Literal["NONE", "COUNTS", "BANDS", "HOUSES"]
    least_customers: Above
    least_owing: Above
    bands_yuan: Rows[Above] = ()
    most_houses: Above = 60

    @model_validator(mode="after")
    def _bands_rise(self) -> BoardArrears:
        if list(self.bands_yuan) != sorted(set(self.bands_yuan)):
            raise ValueError("bands_yuan must rise")
        return self


class BoardPeople(Group):
    """Whether photos and telephones of the responsible people are shown."""

    photos: bool
    phones: bool


class BoardShows(Group):
    """What else: prices of homes, outlets near, ways to pay (in words), at most so many ``outages`` and ``outlets``; how often a screen
    asks again."""

    prices: bool
    outlets: Annotated[int, Field(ge=0, le=10)]
    outages: Above
    ways_to_pay: Rows[str] = ()
    refresh_seconds: Annotated[int, Field(ge=15)]


class BoardPhotos(Group):
    """What a photo of a person may be when it comes, and how large it is kept."""

    most_bytes: Above
    most_pixels: Above
    longest_side: Above


class CommunityBoardRule(TopicModel):
    """What a community board shows."""

    topic_name: ClassVar[str] = "community_boards"

    arrears: BoardArrears
    people: BoardPeople
    shows: BoardShows
    photos: BoardPhotos
