"""Writes with a key are done once, also those that commit on a connection of their own; nothing shows personal data."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.api import world
from tests.api.test_foreign_objects import QUERIES, filled, operations
from wandeng.domains.billing.models import BillRun
from wandeng.domains.metering.models import Meter, MeterInstallation, Reading
from wandeng.infra import ids, once
from wandeng.infra.models import KeptAnswer, ParkedRow
from wandeng.infra.upload_models import ImportUpload
from wandeng.interfaces.api import idempotency, lists

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(settings: Any) -> world.Held:
    settings.WANDENG_OUTGOING = "hooks.example.com"
    return world.build()


def twice(who: str, path: str, body: Any) -> tuple[Any, Any]:
    """The answers to the same write sent twice with one key; the second does nothing."""
    caller = world.Caller(who)
    first, second = (caller.post(path, body, key="same") for _ in range(2))
    assert first.status_code == 200, first.content.decode()
    assert (second.status_code, second.content) == (200, first.content)
    assert second["Idempotent-Replay"] == "true"
    return first, second


def test_a_reading_is_entered_once(held: world.Held) -> None:
    installation = MeterInstallation.objects.get(meter__asset_number="ME1").pk
    path = f"/reading-sheets/{installation}/2026-10-01/enter"
    twice("reader-e", path, {"registers": {"total_ckwh": 120_000}, "reason": "抄表"})
    assert Reading.objects.filter(installation_id=installation, read_on="2026-10-01").count() == 1


def test_a_held_reading_is_estimated_once(held: world.Held) -> None:
    path = f"/held-readings/{held.west['reading_id']}/estimate"
    answer, _ = twice("reader-w", path, {"method": "average", "reason": "表计突增"})
    assert answer.json()["result"][0]["read_on"] == "2026-10-01"
    assert Reading.objects.filter(source="ESTIMATE").count() == 1


def test_a_meter_is_exchanged_with_the_first_reading_of_the_new_one(held: world.Held) -> None:
    Meter.objects.create(id=ids.reserve(Meter, 1), asset_number="M9", kind="单相", digits=6)
    path, body = "/meters/ME1/exchange", {"new_meter": "M9", "new_multiplier": 1, "on": "2026-11-01", "reason": "到期"}
    caller = world.Caller("adm-e")
    assert caller.post(path, body | {"removed": {"total_ckwh": 120_000}, "start": 0}).status_code == 422
    answer = caller.post(path, body | {"removed": {"total_ckwh": 120_000}, "start": {"total_ckwh": 700}})
    assert answer.status_code == 200, answer.content.decode()
    hung = MeterInstallation.objects.get(pk=answer.json()["result"])
    assert (hung.meter.asset_number, Reading.objects.get(installation=hung).total_ckwh) == ("M9", 700)


def test_a_bill_is_billed_anew_once(held: world.Held) -> None:
    twice("biller-w", "/accounts/W1/bills/2026-08/rebill", {"reason": "抄表更正"})
    assert BillRun.objects.filter(kind="CORRECTION").count() == 1


def test_a_parked_row_is_mended_and_its_answer_kept(held: world.Held) -> None:
    path = f"/imports/{held.west['batch_id']}/rows/2/mend"
    answer, _ = twice("reader-w", path, {"cells": {"正向有功总": "1300"}})
    assert answer.json() == {"result": True}
    assert not ParkedRow.objects.filter(state="PARKED").exists()


def test_rows_of_a_list_are_chosen_by_their_keys(held: world.Held) -> None:
    answer, _ = twice(
        "reader-w", "/held-readings/bulk/release", {"keys": [str(held.west["reading_id"])], "reason": "现场核实"}
    )
    assert answer.json() == {"result": 1}
    foreign = world.Caller("reader-e").post(
        "/held-readings/bulk/release", {"keys": [str(held.west["reading_id"])], "reason": "现场核实"}
    )
    assert foreign.status_code == 422


def test_a_file_is_brought_once(held: world.Held) -> None:
    client = Client(headers={"Authorization": f"Bearer {world.token('reader-w')}", "Idempotency-Key": "file"})
    before = ImportUpload.objects.count()
    answers = [
        client.post(
            "/api/v1/import-uploads/bring",
            {"kind": "readings", "file": SimpleUploadedFile("a.csv", world.FILE.encode())},
        )
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert ImportUpload.objects.count() == before + 1


def test_what_a_crash_leaves_is_never_done_again(held: world.Held) -> None:
    path, body = "/accounts/W1/bills/2026-08/rebill", {"reason": "抄表更正"}
    caller = world.Caller("biller-w")
    caller.post(path, body, key="lost")
    KeptAnswer.objects.filter(key="lost").update(status=0, body="")
    assert caller.post(path, body, key="lost").status_code == 409
    assert BillRun.objects.filter(kind="CORRECTION").count() == 1


def test_what_is_shown_once_is_not_readable_in_what_is_kept(held: world.Held) -> None:
    answer, _ = twice("hall-w", f"/contacts/{held.west['contact_id']}/reveal", {"reason": "回访"})
    assert answer.json() == {"result": world.PHONE}
    kept = KeptAnswer.objects.get(key="same")
    assert world.PHONE not in kept.body
    told = once.answer_of("hall-w", "same")
    assert told is not None
    assert world.PHONE in told.body


def test_every_operation_on_columns_claims_its_key_first() -> None:
    names = {"bill-cancel", "bill-rebill", "bill-adjust", "reading-enter", "reading-estimate", "import-mend",
             "import-retry", "import-corrected", "case-finish", "case-done"}  # fmt: skip
    assert {f"api:{name}" for name in names} <= idempotency.COMMITTING


def test_no_answer_holds_a_whole_number(held: world.Held) -> None:
    """Every operation that reads, every list, as every role: the number of the one contact is masked everywhere."""
    west = dict(held.west)
    addresses = [(filled(name, address, west), QUERIES.get(name, {})) for name, address in operations("GET")]
    addresses += [(f"/{name}", {}) for name in lists.registered()]
    addresses += [("/search", {"q": world.PHONE}), ("/search", {"q": world.PHONE[-4:]})]
    told = {}
    for who in ("adm-w", "hall-w", "reader-w", "biller-w", "adm"):
        caller = world.Caller(who)
        for address, query in addresses:
            content = caller.get(address, **query).content.decode(errors="replace")
            if world.PHONE in content and address != "/search":
                told[who, address] = content[:200]
    assert told == {}
    seen = json.loads(world.Caller("hall-w").get("/accounts/W1/contacts").content)
    assert seen[0]["phone_masked"].count("*") >= 4
