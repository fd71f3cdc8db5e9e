"""Addresses made many at once are those that Django makes one by one."""

from __future__ import annotations

import pytest
from django.urls import NoReverseMatch, reverse

from wandeng.interfaces.doorway.addresses import address_of


@pytest.mark.parametrize("value", ["4301000000017", "A-1_b.c~", "村 一", "a%b", "a b&c", "..", "", "<b>", 17])
@pytest.mark.parametrize("route", ["console:customers-detail", "console:bills-run", "console:notices-template"])
def test_an_address_is_the_one_that_reverse_gives(route: str, value: object) -> None:
    def made(make: object) -> str | None:
        try:
            return make()  # type: ignore[operator]
        except NoReverseMatch:
            return None

    assert made(lambda: address_of(route, 1)([value])) == made(lambda: reverse(route, args=[value]))


def test_a_slash_never_makes_an_address_of_another_page() -> None:
    with pytest.raises(NoReverseMatch):
        address_of("console:customers-detail", 1)(["1/part/bills"])


def test_several_arguments_keep_their_order() -> None:
    arguments = ["17", "bills"]
    assert address_of("console:customers-part", 2)(arguments) == reverse("console:customers-part", args=arguments)
