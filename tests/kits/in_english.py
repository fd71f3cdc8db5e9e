"""What a test needs to read pages in English: the catalogue as it stands, and data in Latin letters."""

from __future__ import annotations

from pathlib import Path

from babel.messages import mofile, pofile
from django.apps import apps
from django.db.models import CharField, TextField

from tests.kits import chinese_left
from wandeng.interfaces import doorway

CATALOGUE = Path(doorway.__file__).parent / "locale/en/LC_MESSAGES/django.po"
SAID = ("name", "holder_name", "customer_name", "address", "reason", "title", "body")
"""Columns in which people write; the test gives them Latin letters, so that what is left in Chinese is the page's."""


def catalogue(folder: Path) -> Path:
    """The catalogue of the tree, compiled into a folder, whether or not ``make assets`` has been run since it changed; for
    ``settings.LOCALE_PATHS``."""
    place = folder / "locale/en/LC_MESSAGES"
    place.mkdir(parents=True)
    with CATALOGUE.open("rb") as text, (place / "django.mo").open("wb") as compiled:
        mofile.write_mo(compiled, pofile.read_po(text, locale="en"))
    return folder / "locale"


def latin() -> None:
    """Every text that people wrote, in Latin letters."""
    for model in apps.get_models():
        if model.__module__.startswith("wandeng."):
            texts = [one for one in model._meta.fields if isinstance(one, CharField | TextField) and one.name in SAID]
            for row in model._default_manager.all() if texts else ():
                changed = {
                    one.name: f"Row {row.pk}"
                    for one in texts
                    if chinese_left.CHINESE.search(getattr(row, one.name) or "")
                }
                if changed:
                    model._default_manager.filter(pk=row.pk).update(**changed)
