"""The contracts hold, and each of them sees the import it is there to refuse."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

LINT = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]

PLANTED = [
    ("kernel/money.py", "from wandeng.infra import transitions", "Layers of the house"),
    ("calc/rating/frames.py", "from wandeng.domains.tariffs import models", "Layers of the house"),
    ("infra/transitions.py", "from wandeng.domains.ledger import models", "Layers of the house"),
    ("domains/ledger/models.py", "from wandeng.flows import __name__ as story", "Layers of the house"),
    ("surprise/__init__.py", "", "Layers of the house"),
    ("domains/customers/models.py", "from wandeng.domains.network import models as network", "Order of the domains"),
    ("domains/ledger/models.py", "from wandeng.domains.metering import models as meters", "Order of the domains"),
    ("domains/weather/__init__.py", "", "Order of the domains"),
    ("domains/billing/models.py", "from wandeng.domains.ledger import models as books", "Open shelves of a domain"),
    ("flows/planted.py", "from wandeng.domains.billing.models import Bill", "Open shelves of a domain"),
    ("calc/rating/frames.py", "from django.db import models", "calc and kernel know no Django"),
    (
        "interfaces/api/app.py",
        "from wandeng.interfaces import cli",
        "Doors do not know each other, and share a doorway",
    ),
    (
        "interfaces/doorway/asking.py",
        "from wandeng.interfaces import console",
        "Doors do not know each other, and share a doorway",
    ),
]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "200"}
    return subprocess.run(LINT, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_every_import_keeps_the_contracts() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_folder_with_code_is_a_package_so_that_the_contracts_see_it() -> None:
    folders = {path.parent for path in (ROOT / "src" / "wandeng").rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize(("path", "line", "contract"), PLANTED)
def test_a_planted_import_is_refused(path: str, line: str, contract: str, tmp_path: Path) -> None:
    for part in ("src", "tests/architecture"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    (tmp_path / "tests" / "__init__.py").touch()
    planted = tmp_path / "src" / "wandeng" / path
    planted.parent.mkdir(exist_ok=True)
    with planted.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout
