"""The tables of organization, one module a subject: ``units`` (units, people, posts), ``logins``, ``settings``."""

from wandeng.domains.organization.models.logins import ApiToken, LoginRecord, SavedView
from wandeng.domains.organization.models.settings import (
    Announcement,
    AnnouncementRead,
    Brand,
    DictionaryEntry,
    ParameterValue,
)
from wandeng.domains.organization.models.units import People, Person, Post, Unit

__all__ = [
    "Announcement",
    "AnnouncementRead",
    "ApiToken",
    "Brand",
    "DictionaryEntry",
    "LoginRecord",
    "ParameterValue",
    "People",
    "Person",
    "Post",
    "SavedView",
    "Unit",
]
