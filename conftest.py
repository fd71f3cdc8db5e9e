"""What every test shares: a home folder of its own, so that no test touches an installation, and steady examples."""

from __future__ import annotations

import os
import shutil
import tempfile

import django
import pytest
from hypothesis import settings

_IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

if not _IS_WORKER:
    os.environ["WANDENG_HOME"] = tempfile.mkdtemp(prefix="wandeng-tests-")
# Set here and not in pyproject.toml: the settings read WANDENG_HOME when they are imported.
os.environ["DJANGO_SETTINGS_MODULE"] = "wandeng.config.settings"
django.setup()

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("steady")


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _IS_WORKER:
        shutil.rmtree(os.environ["WANDENG_HOME"], ignore_errors=True)
