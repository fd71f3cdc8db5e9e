"""Parked rows are mended where they stand, taken up again, exported and brought back; personal cells stay masked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wandeng.domains.customers.models import Contact, CustomerAccount
from wandeng.flows.imports import desk
from wandeng.infra.models import ImportBatch, Operation, ParkedRow
from wandeng.interfaces.console.imports.tests import world
from wandeng.interfaces.console.imports.tests.world import client, text_of, url, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def batch(tmp_path: Path, settings: Any) -> int:
    settings.SECURE_SSL_REDIRECT = False
    world.town(tmp_path)
    return world.batch_of()


def htmx(batch: int, line: int, **cells: str) -> str:
    answer = client().post(
        url("row", batch, line),
        {f"cell-{name}": text for name, text in cells.items()},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200, answer.content.decode()[:1000]
    return answer.content.decode()


def test_a_row_that_is_mended_lands_at_once(batch: int) -> None:
    form = text_of(url("row", batch, 3) + "?edit")
    assert 'value="T9"' in form
    assert "没有这个编码，应为：已有的变压器" in form
    assert "已落库" in htmx(batch, 3, transformer="T1")
    assert CustomerAccount.objects.filter(account_number="1000000002").exists()
    row = ParkedRow.objects.get(batch_id=batch, line=3)
    assert (row.state, row.mended_by) == ("MENDED", "adm")


def test_a_row_that_is_still_wrong_says_so_beside_the_cell(batch: int) -> None:
    part = htmx(batch, 3, transformer="T8")
    assert "这一行仍有问题" in part
    assert 'value="T8"' in part
    assert not CustomerAccount.objects.filter(account_number="1000000002").exists()


def test_a_choice_is_offered_as_a_choice(batch: int) -> None:
    form = text_of(url("row", batch, 2) + "?edit")
    assert '<option value="外星人" selected>' in form
    assert '<option value="个人">' in form
    assert "已落库" in htmx(batch, 2, customer_kind="个人")


def test_personal_cells_stay_masked_and_come_back_unchanged(batch: int) -> None:
    form = text_of(url("row", batch, 3) + "?edit")
    assert "+86****6789" in form
    assert "2345-6789" not in form
    assert "已落库" in htmx(batch, 3, transformer="T1", phone="+86****6789")
    assert Contact.objects.count() == 2


def test_personal_cells_are_shown_for_a_reason_that_is_logged(batch: int) -> None:
    without = client().post(url("row-reveal", batch, 3), {"reason": " "})
    assert without.status_code == 422
    shown = client().post(url("row-reveal", batch, 3), {"reason": "与用户核对"}).content.decode()
    assert "138-2345-6789" in shown
    logged = Operation.objects.get(action="pii.view")
    assert (logged.reason, json.loads(logged.facts)["columns"]) == ("与用户核对", ["phone"])


def test_the_rows_that_are_ticked_are_taken_up(batch: int) -> None:
    answer = client().post(url("retry", batch), {"line": ["2", "3"]}, follow=True)
    assert "0 行落库，2 行仍待处理。" in answer.content.decode()
    assert client().post(url("retry", batch)).status_code == 422


def test_all_rows_are_taken_up_by_a_worker(batch: int) -> None:
    ParkedRow.objects.filter(batch_id=batch, line=3).update(
        cells=ParkedRow.objects.get(batch_id=batch, line=3).cells.replace('"T9"', '"T1"')
    )
    assert client().post(url("retry", batch), {"all": "1"}).status_code == 302
    assert "正在重试待处理的行" in text_of(url("batch", batch))
    assert client().post(url("retry", batch), {"all": "1"}).status_code == 409
    work()
    assert client().get(url("batch-progress", batch)).status_code == 204
    assert ParkedRow.objects.filter(batch_id=batch, state="PARKED").count() == 1


def test_rows_go_out_as_a_file_and_come_back_corrected(batch: int) -> None:
    out = client().post(url("export", batch)).content.decode("utf-8-sig")
    assert "138-2345-6789" in out, "what was written, to be corrected by those who may"
    assert Operation.objects.filter(action="import.export_parked").exists()
    fixed = out.replace("T9", "T1").replace("外星人", "个人")
    answer = client().post(url("corrected", batch), {"file": SimpleUploadedFile("改好.csv", fixed.encode())})
    assert answer.status_code == 302
    work()
    assert CustomerAccount.objects.count() == 3
    assert "没有待处理的行" in text_of(url("batch", batch))


def test_a_corrected_file_without_line_numbers_is_refused_on_the_page(batch: int) -> None:
    answer = client().post(url("corrected", batch), {"file": SimpleUploadedFile("a.csv", "户名\n李四\n".encode())})
    assert answer.status_code == 422
    assert "缺少“行号”列" in answer.content.decode()


def test_batches_of_others_lie_outside_the_scope(batch: int) -> None:
    assert ImportBatch.objects.get(pk=batch).unit_path == "43/"
    for who in ("adm-office", "reader"):
        known = client(who)
        for address in (url("batch", batch), url("row", batch, 2), url("batch-progress", batch)):
            assert known.get(address).status_code == 404
        for name in ("retry", "export"):
            assert known.post(url(name, batch), {"all": "1"}).status_code == 404
        assert known.post(url("row", batch, 2), {"cell-name": "x"}).status_code == 404
        assert known.post(url("row-reveal", batch, 2), {"reason": "x"}).status_code == 404


def test_the_page_of_a_batch_asks_little_whatever_its_rows(batch: int) -> None:
    rows = [
        ParkedRow(batch_id=batch, line=line, cells='{"name": "x"}', findings='[{"column": "", "code": "REQUIRED", "found": "", "expected": ""}]')
        for line in range(100, 300)
    ]  # fmt: skip
    ParkedRow.objects.bulk_create(rows)
    page = text_of(url("batch", batch) + "?page=2")
    assert "第 51–100 条，共 202 条" in page
    assert "整行" in text_of(url("batch", batch) + "?code=REQUIRED&column=")


def test_taking_up_rows_by_name_leaves_the_others_alone(batch: int) -> None:
    landed = desk.take_up(batch_id=batch, lines=frozenset({2}), actor=world.SYSTEM, clock=world.now)
    assert landed == 0
    assert ParkedRow.objects.get(batch_id=batch, line=3).state == "PARKED"
