"""The register of standards from a file: by code, changes taken over, what is wrong parked with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from wandeng.domains.customers.tests import make
from wandeng.domains.knowledge.models import Standard
from wandeng.domains.organization.models import Unit
from wandeng.flows.imports import intake
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.models import ParkedRow
from wandeng.kernel.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
HEAD = "标准编号,标准名称,类别,归口单位,归口岗位,状态,实施日期,复审日期,代替标准\n"
GOOD = "Q/BS-1,业扩管理标准,管理标准,BS-W,业扩专责,现行,2025-07-01,2028-07-01,Q/BS-0\n"


@pytest.fixture(autouse=True)
def county() -> None:
    make.accounts()


def bring(folder: Path, text: str, actor: Actor = SYSTEM) -> tuple[int, int, int, int]:
    path = folder / "标准.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    counts: Outcome = intake.take_in("standards", path, actor=actor, clock=lambda: NOW)
    return counts.counts.created, counts.counts.changed, counts.counts.unchanged, counts.counts.parked


def test_a_register_comes_in_and_a_later_file_changes_it(tmp_path: Path) -> None:
    assert bring(tmp_path, GOOD + "Q/BS-2,计量技术导则,技术,BS,,,,2027-01-01,\n") == (2, 0, 0, 0)
    row = Standard.objects.get(code="Q/BS-1")
    assert (row.kind, row.unit.code, row.status, row.review_on) == (
        "MANAGEMENT", "BS-W", "IN_FORCE", date(2028, 7, 1),
    )  # fmt: skip
    assert Standard.objects.get(code="Q/BS-2").status == "IN_FORCE"
    later = GOOD.replace("现行", "废止").replace("2028-07-01", "")
    assert bring(tmp_path, later + "Q/BS-2,计量技术导则,技术,BS,,,,2027-01-01,\n") == (0, 1, 1, 0)
    row.refresh_from_db()
    assert (row.status, row.review_on) == ("ABOLISHED", None)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (GOOD.replace("2028-07-01", ""), "REQUIRED"),
        (GOOD.replace("Q/BS-0", "Q/BS-1"), "ITSELF"),
        (GOOD.replace("BS-W", "XX"), "UNKNOWN_REFERENCE"),
        (GOOD.replace("管理标准,BS", "小说,BS"), "UNKNOWN_VALUE"),
        (GOOD.replace("2028-07-01", "明年"), "NOT_A_DATE"),
    ],
)
def test_what_is_wrong_is_parked_with_its_reason(tmp_path: Path, line: str, code: str) -> None:
    assert bring(tmp_path, line) == (0, 0, 0, 1)
    assert code in ParkedRow.objects.get().findings
    assert not Standard.objects.exists()


def test_a_unit_does_not_take_the_standards_of_another(tmp_path: Path) -> None:
    bring(tmp_path, GOOD)
    path = Unit.objects.get(code="BS-E").path
    east = Actor("east", unit_path=path, roles=frozenset({"COUNTY_MANAGER"}))
    assert bring(tmp_path, GOOD.replace("BS-W", "BS-E"), east) == (0, 0, 0, 1)
    assert Standard.objects.get().unit.code == "BS-W"
