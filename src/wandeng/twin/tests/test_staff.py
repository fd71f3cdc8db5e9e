"""The demonstration's people: one for every role, and nobody who holds what is kept apart."""

from __future__ import annotations

from datetime import date

from wandeng.domains.organization.queries import role_pairs
from wandeng.domains.organization.types import Role
from wandeng.twin import organization
from wandeng.twin.county import Plan


def test_the_login_page_is_offered_an_account_of_every_role() -> None:
    people, posts = organization.people(organization.units(Plan(customers=300)))
    roles = dict(zip(posts["person"], posts["role"], strict=True))
    assert {roles[code] for code in organization.OFFERED} == {str(role) for role in Role}
    assert people["code"].is_unique().all()


def test_no_person_of_the_county_holds_roles_that_are_kept_apart() -> None:
    _, posts = organization.people(organization.units(Plan(customers=300)))
    held: dict[str, set[str]] = {}
    for person, role in zip(posts["person"], posts["role"], strict=True):
        held.setdefault(person, set()).add(role)
    assert not [
        person for person, roles in held.items() for pair in role_pairs(date(2026, 1, 1)) if pair.roles <= roles
    ]
