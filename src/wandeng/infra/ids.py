"""Explicit ids for bulk tables: reserve a block, number the rows, write. Gaps are harmless, doubles impossible."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import F

from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import IdBlock


def reserve(model: type[models.Model], count: int) -> int:
    """Reserve ``count`` consecutive ids of a model's table and return the first."""
    name = model._meta.db_table
    with transaction.atomic():
        IdBlock.objects.get_or_create(name=name, defaults={"next_id": 1})
        IdBlock.objects.filter(name=name).update(next_id=F("next_id") + count)
        return IdBlock.objects.get(name=name).next_id - count


def reserve_columns(store: ColumnStore, model: type[models.Model], count: int) -> int:
    """The same on a column connection, inside the caller's transaction."""
    name = model._meta.db_table
    store.execute("INSERT INTO infra_idblock (name, next_id) VALUES (?, 1) ON CONFLICT (name) DO NOTHING", (name,))
    store.execute("UPDATE infra_idblock SET next_id = next_id + ? WHERE name = ?", (count, name))
    return int(store.scalar("SELECT next_id FROM infra_idblock WHERE name = ?", (name,))) - count
