"""Writes every Chinese text that a demonstration's people, places and files have in Latin letters.

Run as a program in the environment of an installation. What is Chinese on an English page after that is the page's own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

CHINESE = re.compile(r"(?:[\u2e80-\u9fff\uff01-\uff60]|\\u[3-9][0-9a-f]{3})+")
OWN = frozenset({"infra.RuleText", "notices.NoticeTemplateVersion"})
"""What is Chinese in every language and never changes: the law as it was published, approved words to customers."""
AT_ONCE = 500


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
    import django

    django.setup()
    from django.db import connection

    with _unguarded(connection):
        for model, field in columns():
            _write(model, field.name)
        _write_sealed()


@contextmanager
def _unguarded(connection: object) -> Iterator[None]:
    """Histories and closed papers never change: their triggers are put aside meanwhile."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _made in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, made in triggers:
            cursor.execute(made)


def latin(text: str, number: int) -> str:
    """The text with every run of Chinese as a letter and the number of its row, which keeps unique what was unique.

    >>> latin("城关供电所 1号", 7)
    'N7 1N7'
    """
    return CHINESE.sub(f"N{number}", text)


def columns() -> Iterator[tuple[object, object]]:
    """Every column of text."""
    from django.apps import apps
    from django.db import models

    for model in apps.get_models():
        if model.__module__.startswith("wandeng.") and model._meta.label not in OWN:
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField) and not field.primary_key
                if is_text:
                    yield model, field


def _write(model: object, name: str) -> None:
    changed = []
    for row in model.objects.only("pk", name).iterator():
        text = getattr(row, name) or ""
        if CHINESE.search(text):
            setattr(row, name, latin(text, row.pk)[: model._meta.get_field(name).max_length])
            changed.append(row)
    model.objects.bulk_update(changed, [name], batch_size=AT_ONCE)


def _write_sealed() -> None:
    """The personal answers of cases, which lie sealed: pages show the beginning of each."""
    import json

    from wandeng.domains.cases import form
    from wandeng.domains.cases.models import Case
    from wandeng.domains.cases.types import FORM_COLUMN
    from wandeng.infra import pii

    for row in Case.objects.exclude(form_sealed="").iterator():
        told = {code: latin(text, row.pk) for code, text in form.personal_answers(row).items()}
        row.form_sealed = pii.seal_many([json.dumps(told, sort_keys=True)], column=FORM_COLUMN)[0]
        row.save(update_fields=["form_sealed"])


if __name__ == "__main__":
    main()
