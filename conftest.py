"""What every test shares: a home folder of its own, so that no test touches an installation, and steady examples."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from hypothesis import settings

ASK_FOR_IT = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})
"""Fixtures that make a test one of the database."""
_WORKER = os.environ.get("PYTEST_XDIST_WORKER")

if _WORKER:
    # Workers have a database each whose numbers start at 1: in one folder they would read each other's files.
    os.environ["WANDENG_HOME"] = os.path.join(os.environ["WANDENG_HOME"], _WORKER)
else:
    os.environ["WANDENG_HOME"] = tempfile.mkdtemp(prefix="wandeng-tests-")
# Set here and not in pyproject.toml: the settings read WANDENG_HOME when they are imported.
os.environ["DJANGO_SETTINGS_MODULE"] = "wandeng.config.settings"
# Pages are asked for in plain http, and name their scripts without the hashes that only collecting them gives.
os.environ["WANDENG_PLAIN_HTTP"] = "1"
os.environ["WANDENG_STATIC_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
os.makedirs(os.path.join(os.environ["WANDENG_HOME"], "static"), exist_ok=True)
django.setup()

from django.conf import settings as django_settings  # noqa: E402
from django.test import SimpleTestCase, TransactionTestCase  # noqa: E402
from django.utils import translation  # noqa: E402
from tests.kits import emptying  # noqa: E402

from wandeng.domains.billing.queries import by_unit, figures  # noqa: E402
from wandeng.infra import pii  # noqa: E402
from wandeng.interfaces.doorway import idleness  # noqa: E402

# A worker inherits the name of the settings and has read them by now, with the folder of the one that started it.
django_settings.HOME = Path(os.environ["WANDENG_HOME"])
# A password is hashed slowly on purpose; tests that log in by the dozen need no protection from guessing.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Databases of tests need not survive a power failure; `scripts/with-postgres` says the same to PostgreSQL.
django_settings.SQLITE_PRAGMAS = django_settings.SQLITE_PRAGMAS.replace("synchronous=FULL", "synchronous=OFF")
if "init_command" in django_settings.DATABASES["default"]["OPTIONS"]:
    django_settings.DATABASES["default"]["OPTIONS"]["init_command"] = django_settings.SQLITE_PRAGMAS

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for a database: pytest-django lets no other reach it. The PostgreSQL round is made of them."""
    for item in items:
        is_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
        if is_case or item.get_closest_marker("django_db") or not ASK_FOR_IT.isdisjoint(item.fixturenames):
            item.add_marker(pytest.mark.database)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _WORKER:
        shutil.rmtree(os.environ["WANDENG_HOME"], ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def _emptied_quickly() -> Iterator[None]:
    """Between tests that commit, only what they wrote is taken away, past the guards that refuse every delete."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: emptying.empty())
        yield


@pytest.fixture(autouse=True)
def _nobody_idles(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions note once a minute that somebody is there: queries that come and go with the clock, so pages are counted
    without them. What ends a session is tested by itself."""
    if request.module.__name__.rpartition(".")[2] != "test_idleness":
        monkeypatch.setattr(idleness, "is_over", lambda _request, _now: False)


@pytest.fixture(autouse=True)
def _figures_of_no_other_test() -> None:
    """Figures of posted months are kept by the ids of their shards; the next test's county has the same ids."""
    for kept in (by_unit._billed, figures._spread, figures._code_totals):
        kept.cache_clear()


@pytest.fixture(autouse=True)
def _language_of_no_other_test() -> None:
    """A request in English leaves its language on the thread, where the next test would read its words in it."""
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _key_for_personal_data() -> None:
    pii.create_key()
