"""A file is looked through before anything is written, landed by a worker, and never taken twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wandeng.domains.customers.models import CustomerAccount
from wandeng.flows.imports import desk
from wandeng.flows.imports.kinds import KINDS
from wandeng.flows.imports.tests import make
from wandeng.infra.imports import uploads
from wandeng.infra.models import ImportBatch
from wandeng.infra.upload_models import ImportUpload
from wandeng.interfaces.console.imports.tests import world
from wandeng.interfaces.console.imports.tests.world import bring, client, text_of, url, work
from wandeng.interfaces.doorway.policy.imports import IMPORTERS
from wandeng.interfaces.doorway.words import imports as words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _town(tmp_path: Path, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False
    world.town(tmp_path)


def test_a_dry_run_says_what_is_wrong_and_writes_nothing() -> None:
    upload = bring(world.BAD)
    waiting = text_of(url("upload", upload))
    assert "等待试导" in waiting
    assert url("upload-progress", upload) in waiting
    work()
    page = text_of(url("upload", upload))
    assert "试导结果，尚未写入。" in page
    assert "没有这个编码" in page
    assert "以下之一：个人、单位" in page
    assert "T9" in page
    assert not CustomerAccount.objects.exists()
    assert not ImportBatch.objects.filter(kind="customers").exists()
    only = text_of(url("upload", upload) + "?code=UNKNOWN_REFERENCE&column=transformer")
    assert "外星人" not in only
    assert "T9" in only


def test_good_rows_land_and_bad_ones_wait() -> None:
    batch = world.batch_of()
    assert CustomerAccount.objects.count() == 1
    page = text_of(url("batch", batch))
    assert "待处理的行" in page
    assert "T9" in page
    upload = ImportUpload.objects.get(batch_id=batch)
    assert upload.state == "LANDED"
    assert not uploads.content_path(upload).exists(), "the file holds personal data and has done its work"
    assert f"查看批次 {batch}" in text_of(url("upload", upload.pk))


def test_the_same_file_twice_changes_nothing() -> None:
    world.batch_of(make.CUSTOMERS)
    upload = bring(make.CUSTOMERS)
    work()
    page = text_of(url("upload", upload))
    assert "同一文件已经导入过，没有任何改动。" in page
    assert CustomerAccount.objects.count() == 3
    assert client().post(url("land", upload), {"again": "1"}).status_code == 302
    work()
    assert ImportUpload.objects.get(pk=upload).state == "LANDED"
    assert CustomerAccount.objects.count() == 3


def test_a_file_that_cannot_be_read_says_why_in_the_readers_language() -> None:
    upload = bring(b"\x00\x01binary", name="坏.csv")
    work()
    assert "坏.csv 第 1 行：含有空字节，不是文本文件" in text_of(url("upload", upload))
    assert not uploads.content_path(ImportUpload.objects.get(pk=upload)).exists()


def test_a_file_that_is_thrown_away_leaves_nothing() -> None:
    upload = bring(make.CUSTOMERS)
    work()
    assert client().post(url("discard", upload)).status_code == 302
    assert ImportUpload.objects.get(pk=upload).state == "DISCARDED"
    assert not uploads.folder(upload).exists()
    assert client().post(url("land", upload)).status_code == 409


def test_a_file_is_landed_once() -> None:
    upload = bring(make.CUSTOMERS)
    assert client().post(url("land", upload)).status_code == 409, "nobody has looked at it yet"
    work()
    assert client().post(url("land", upload)).status_code == 302
    assert client().post(url("land", upload)).status_code == 409


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 1_000_000)
    big = client().post(url("new"), {"kind": "customers", "file": world.SimpleUploadedFile("a.csv", b"x" * 1_000_001)})
    assert big.status_code == 422
    assert "文件超过 1 MB" in big.content.decode()
    assert not ImportUpload.objects.exists()


def test_files_that_nobody_lands_are_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    upload = bring(make.CUSTOMERS)
    monkeypatch.setattr(uploads, "KEPT", -uploads.KEPT)
    bring(make.CUSTOMERS)
    assert ImportUpload.objects.get(pk=upload).state == "DISCARDED"
    assert not uploads.folder(upload).exists()


def test_what_was_found_can_be_taken_along_as_a_file() -> None:
    upload = bring(world.BAD)
    work()
    answer = client().get(url("upload-findings", upload))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "行号,列,问题,内容,应为"
    assert "2,客户类型,不在可选值内,外星人,以下之一：个人、单位" in lines


def test_phone_numbers_in_findings_are_masked() -> None:
    upload = bring(make.CUSTOMERS.replace("13912345678", "1391234567"))
    work()
    page = text_of(url("upload", upload))
    assert "139****4567" in page
    assert "1391234567" not in page


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_every_kind_has_its_columns_and_templates(kind: str) -> None:
    page = text_of(url("kind", kind))
    assert "填写要求" in page
    for form in ("csv", "xlsx"):
        for lang in ("zh", "en"):
            answer = client().get(url("template", kind) + f"?format={form}&lang={lang}")
            assert answer.status_code == 200
            assert len(answer.content) > 200


def test_people_bring_the_kinds_of_their_work_only() -> None:
    page = text_of(url("new"), who="reader")
    assert "抄表示数" in page
    assert "客户档案" not in page
    refused = client("reader").post(url("new"), {"kind": "customers", "file": world.SimpleUploadedFile("a.csv", b"x")})
    assert refused.status_code == 422
    assert client("call").get(url("list")).status_code == 403


def test_uploads_of_others_lie_outside_the_scope() -> None:
    upload = bring(make.CUSTOMERS)
    work()
    for who in ("adm-office", "reader"):
        assert client(who).get(url("upload", upload)).status_code == 404
        assert client(who).post(url("land", upload)).status_code == 404
        assert client(who).get(url("upload-findings", upload)).status_code == 404
    own = bring(make.READINGS, kind="readings", who="reader", name="示数.csv")
    assert client("adm-office").get(url("upload", own)).status_code == 200
    assert "示数.csv" in text_of(url("list"), who="reader")


def test_the_history_lists_batches_and_open_uploads() -> None:
    assert "还没有导入过文件" in text_of(url("list"), who="reader")
    batch = world.batch_of()
    upload = bring(make.CUSTOMERS, name="第二份.csv")
    page = text_of(url("list"))
    assert "第二份.csv" in page
    assert url("upload", upload) in page
    assert url("batch", batch) in page
    assert "客户.csv" in text_of(url("list") + "?waits=true&kind=customers")
    assert "客户.csv" in client().get(url("list") + "?format=csv").getvalue().decode()


def test_words_name_every_kind_and_every_fault() -> None:
    assert {name: str(word) for name, word in words.KINDS.items()} == {kind.name: kind.zh for kind in KINDS}
    assert {role for kind in KINDS for role in kind.roles} | {"ADMINISTRATOR"} == IMPORTERS
    assert {kind.name for kind in desk.importable(world.SYSTEM)} == {kind.name for kind in KINDS}
