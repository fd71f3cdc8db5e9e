"""Parked rows wait whole, are mended by hand or by file, and land when taken up again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from wandeng.domains.customers.models import Contact, CustomerAccount
from wandeng.domains.network.models import Switch
from wandeng.flows.imports import intake
from wandeng.flows.imports.kinds import KINDS
from wandeng.flows.imports.tests import make
from wandeng.infra.imports import reports, templates
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.models import ImportBatch, Operation, ParkedRow
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)


def _retry(batch: int, corrected: Path | None = None) -> Outcome:
    return intake.retry(batch, actor=SYSTEM, clock=lambda: make.AT, corrected=corrected)


def test_a_parked_row_lands_on_a_plain_retry_once_its_reference_has_come(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations")
    first = make.take_in(tmp_path, "customers", make.CUSTOMERS)
    assert (first.counts.parked, CustomerAccount.objects.count()) == (3, 0)
    assert first.batch is not None
    assert _retry(first.batch).counts.parked == 3
    make.town(tmp_path, "network")
    again = _retry(first.batch)
    assert vars(again.counts) == {"created": 3, "changed": 0, "unchanged": 0, "parked": 0}
    assert CustomerAccount.objects.count() == 3
    batch = ImportBatch.objects.get(pk=first.batch)
    assert (batch.rows_total, batch.rows_created, batch.rows_parked) == (3, 3, 0)
    assert set(ParkedRow.objects.values_list("state", "mended_by")) == {("MENDED", "system")}
    assert make.take_in(tmp_path, "customers", make.CUSTOMERS).already


def test_sections_of_a_compound_file_are_retried_as_what_they_were(tmp_path: Path) -> None:
    first = make.take_in(tmp_path, "network", make.NETWORK)
    assert first.counts.parked == 9
    make.town(tmp_path, "organizations")
    assert first.batch is not None
    assert _retry(first.batch).counts.created == 9
    assert Switch.objects.get().code == "K1"


def test_wrong_phones_keep_no_account_out(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    text = make.CUSTOMERS.replace("13912345678", "1391234567").replace("0746-3212345", "13333333333")
    outcome = make.take_in(tmp_path, "customers", text)
    assert (outcome.counts.created, outcome.counts.parked, outcome.parts) == (3, 0, {"contacts": 2})
    assert (CustomerAccount.objects.count(), Contact.objects.count()) == (3, 1)
    home = outcome.part_batches["contacts"]
    assert [(row.line, row.kind, row.findings[0][1]) for row in reports.parked(home)] == [
        (2, "contacts", "NOT_A_PHONE"),
        (4, "contacts", "NOT_A_PHONE"),
    ]
    intake.mend(home, 2, {"联系电话": "139 1234 5678"}, actor=SYSTEM, clock=lambda: make.AT)
    again = _retry(home)
    assert (again.counts.created, again.counts.parked, Contact.objects.count()) == (1, 1, 2)


def test_an_exported_file_put_right_lands_and_what_is_still_wrong_says_so(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    text = make.CUSTOMERS.replace("10kV", "11kV").replace("2016/6/1", "2016/6/31").replace("王五,4304", "=王五,4304")
    text += "1000000005,短行\n"
    first = make.take_in(tmp_path, "customers", text)
    assert first.batch is not None
    path = tmp_path / "parked.csv"
    assert intake.export_parked(first.batch, path, actor=SYSTEM, clock=lambda: make.AT) == 3
    assert Operation.objects.filter(action="import.export_parked").count() == 1
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["行号"], row["户名"]) for row in rows] == [("3", "'=王五"), ("4", "水泥厂"), ("5", "")]
    assert "1000000005" in rows[2]["问题"]
    rows[0]["立户日期"], rows[1]["电压等级"] = "2016-06-30", "12kV"
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows[:2])
    again = _retry(first.batch, path)
    assert vars(again.counts) == {"created": 1, "changed": 0, "unchanged": 0, "parked": 2}
    assert CustomerAccount.objects.get(account_number="1000000002").name == "=王五"
    assert [row.findings[0][:3] for row in reports.parked(first.batch)] == [
        ("voltage", "UNKNOWN_VALUE", "12kV"),
        ("", "WRONG_CELL_COUNT", "2"),
    ]


def test_a_repeated_row_does_not_overwrite_the_first_on_a_plain_retry(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    row = make.CUSTOMERS.splitlines()[1]
    first = make.take_in(tmp_path, "customers", make.CUSTOMERS + row.replace("白水镇1号", "别处") + "\n")
    assert first.batch is not None
    assert [finding.code for finding in first.findings] == ["TWICE_IN_FILE", "CONTRADICTS"]
    assert _retry(first.batch).counts.parked == 1
    assert CustomerAccount.objects.get(account_number="1000000001").address == "白水镇1号"
    intake.mend(first.batch, 5, {"address": "别处2"}, actor=SYSTEM, clock=lambda: make.AT)
    assert vars(_retry(first.batch).counts) == {"created": 0, "changed": 1, "unchanged": 0, "parked": 0}


def test_personal_cells_are_sealed_while_parked_and_masked_when_shown(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    text = make.CUSTOMERS.replace("13912345678", "23912345678").replace("D2,T1", "D2,T9")
    text = (
        text.replace("户名,", "户名,证件号码,")
        .replace("李四,4304", "李四,,4304")
        .replace("水泥厂,4304", "水泥厂,,4304")
    )
    outcome = make.take_in(
        tmp_path, "customers", text.replace("王五,4304", "王五,430426199001011234,4304") + "1,23812345678\n"
    )
    stored = " ".join(cells + told for cells, told in ParkedRow.objects.values_list("cells", "findings"))
    assert ParkedRow.objects.count() == 3
    assert not any(secret in stored for secret in ("23912345678", "138-2345", "430426199001011234", "23812345678"))
    assert [f.found for f in outcome.findings if f.column == "phone"] == ["239****5678"]
    assert outcome.batch is not None
    shown = reports.parked(outcome.batch)[0].cells
    assert (shown["phone"], shown["id_number"], shown["户名" if "户名" in shown else "name"]) == (
        "+86****6789",
        "430****1234",
        "王五",
    )
    path = tmp_path / "out.csv"
    intake.export_parked(outcome.batch, path, actor=SYSTEM, clock=lambda: make.AT)
    assert "430426199001011234" in path.read_text(encoding="utf-8-sig")


def test_mending_what_is_not_there_is_refused(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations")
    first = make.take_in(tmp_path, "customers", make.CUSTOMERS)
    assert first.batch is not None
    with pytest.raises(NotFound):
        intake.mend(first.batch, 99, {"户名": "x"}, actor=SYSTEM, clock=lambda: make.AT)
    with pytest.raises(InvalidInput):
        intake.mend(first.batch, 2, {"颜色": "x"}, actor=SYSTEM, clock=lambda: make.AT)
    with pytest.raises(NotFound):
        _retry(10**6)
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("户号\n1\n")
    with pytest.raises(FileRefused):
        _retry(first.batch, wrong)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_template_is_an_importable_file_with_no_rows(tmp_path: Path, language: str, suffix: str) -> None:
    for each in KINDS:
        path = tmp_path / f"{each.name}.{suffix}"
        templates.write(each, path, xlsx=suffix == "xlsx", language=language)  # type: ignore[arg-type]
        outcome = make.take_in_file(each.name, path, dry_run=True)
        assert (outcome.counts.total, outcome.warnings) == (0, ()), each.name
