"""One county for all tests of a module: they ask, and hold that nothing changes by it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase, override_settings

from tests.scope import county


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: Any) -> Iterator[county.County]:
    """The two offices, committed, until the module is done."""
    with django_db_blocker.unblock(), override_settings(WANDENG_OUTGOING="hooks.example.com"):
        try:
            yield county.build()
        finally:
            TransactionTestCase()._fixture_teardown()


@pytest.fixture
def _django_db_helper(place: county.County) -> county.County:
    """Instead of pytest-django's, which empties the database after each test: :func:`place` does at the end."""
    return place
