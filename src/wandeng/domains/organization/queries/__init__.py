"""What people ask of organization, one module a subject: ``acting`` (who acts where), ``staff`` (accounts, posts, the login
log), ``settings`` (parameters, dictionaries, notices, brand)."""

from wandeng.domains.organization.queries.acting import (
    actor_for,
    demo_accounts,
    holder_of,
    login_user,
    person_card,
    posts_of,
    tokens_of,
    unit,
    unit_id,
    unit_tree,
    views_of,
)
from wandeng.domains.organization.queries.settings import (
    announcement,
    announcement_rows,
    announcements_for,
    brand,
    dictionary,
    dictionary_kinds,
    logo,
    parameter_shown,
    parameters_shown,
    readers,
)
from wandeng.domains.organization.queries.staff import (
    clashes,
    login_rows,
    people_rows,
    person_shown,
    post_rows,
    role_counts,
    units_shown,
)
from wandeng.domains.organization.rules import role_pairs
from wandeng.domains.organization.settled import parameter_int

__all__ = [
    "actor_for",
    "announcement",
    "announcement_rows",
    "announcements_for",
    "brand",
    "clashes",
    "demo_accounts",
    "dictionary",
    "dictionary_kinds",
    "holder_of",
    "login_rows",
    "login_user",
    "logo",
    "parameter_int",
    "parameter_shown",
    "parameters_shown",
    "people_rows",
    "person_card",
    "person_shown",
    "post_rows",
    "posts_of",
    "readers",
    "role_counts",
    "role_pairs",
    "tokens_of",
    "unit",
    "unit_id",
    "unit_tree",
    "units_shown",
    "views_of",
]
