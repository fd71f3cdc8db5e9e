"""The pages of storms: the switch, the board and its mark, a device confirmed, who may what; and the same by command."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from wandeng.domains.cases.models import RepairIncident
from wandeng.domains.cases.types import Charter
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.emergency.models import EmergencyGenerator, RestorationEstimate, StormMode
from wandeng.domains.emergency.types import Told
from wandeng.domains.network.tests import make
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.flows import storms as flow
from wandeng.interfaces.cli import storm
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/console/storm/"


def person(code: str, role: Role, unit: str = "BS") -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=make.AT)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


def dark(*codes: str) -> None:
    """The terminals of these areas gasped half an hour ago."""
    now = datetime.now(UTC)
    told = [flow.SupplyGiven(f"e{one}", Told.TERMINAL, one, True, now - timedelta(minutes=30)) for one in codes]
    assert flow.take_in(source="HES", events_=told, actor=SYSTEM, at=now, charter=Charter.current()).unknown == ()


def command(*arguments: str) -> Any:
    result = CliRunner().invoke(storm.app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_storm_on_pages(settings: object, django_assert_max_num_queries: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    dispatcher, clerk = person("dispatch", Role.DISPATCHER), person("caller", Role.CALL_CLERK)
    biller, east = person("biller", Role.BILLING_CLERK), person("east", Role.DISPATCHER, "BS-E")
    dark("T2", "T1")
    on = {"do": "begin", "unit": "BS", "reason": "大风", "transformer_cases": "1", "feeder_transformers": "5"}
    assert clerk.post(f"{BASE}switch/", on).status_code == 403
    assert dispatcher.post(f"{BASE}switch/", on | {"reason": ""}).status_code == 422
    assert dispatcher.post(f"{BASE}switch/", on).status_code == 302
    assert StormMode.objects.get().state == "ON"
    assert "恶劣天气" in clerk.get("/console/cases/intake/").content.decode()

    judged = dispatcher.get(f"{BASE}probable/").content.decode()
    seen = re.search(r"probable/\?seen=([0-9a-f]{16})", judged)
    assert seen is not None
    assert dispatcher.get(f"{BASE}probable/?seen={seen[1]}").status_code == 204
    assert 'id="probable"' in dispatcher.get(f"{BASE}probable/?seen=0").content.decode()
    assert "西线出线断路器" in judged or "西线" in judged
    device = next(one for one in command("probable")["devices"])
    chosen = {"kind": device["kind"], "code": device["device_code"]}
    assert clerk.post(f"{BASE}probable/confirm/", chosen).status_code == 403
    assert dispatcher.post(f"{BASE}probable/confirm/", {"kind": "SWITCH", "code": "K21"}).status_code == 404
    assert dispatcher.post(f"{BASE}probable/confirm/", {"kind": "X"}).status_code == 422
    assert dispatcher.post(f"{BASE}probable/confirm/", chosen).status_code == 302
    number = RepairIncident.objects.get().number
    assert east.get(f"{BASE}incidents/{number}/").status_code == 404

    pages = ("", "part/", "probable/", "switch/", "storms/", f"incidents/{number}/", "generators/", "generators/list/",
             "generators/new/", "backup/", "switches/K12/resupply/", "ratings/", "ratings/?rated=no")  # fmt: skip
    CustomerAccount.objects.filter(account_number="1001").update(importance="FIRST")  # somebody needs a generator
    assert "已确认故障" in dispatcher.get(BASE).content.decode()  # Said once: the writing is none of the page's own.
    for page in pages:
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            assert dispatcher.get(f"{BASE}{page}").status_code == 200, page
        assert biller.get(f"{BASE}{page}").status_code == 403, page

    at = (datetime.now(BILLING_ZONE) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    assert dispatcher.post(f"{BASE}incidents/{number}/estimate/", {"expected": at, "source": "CREW"}).status_code == 302
    assert dispatcher.post(f"{BASE}incidents/{number}/estimate/", {"expected": ""}).status_code == 422
    assert RestorationEstimate.objects.get().source == "CREW"
    now = datetime.now(BILLING_ZONE).strftime("%Y-%m-%dT%H:%M")
    assert dispatcher.post(f"{BASE}incidents/{number}/restore/", {"on_at": now, "areas": ["T1"]}).status_code == 302
    assert [one["source"] for one in command("history", number)] == ["CREW"]
    assert command("restore", number)["left"] == 0

    given = {"code": "FD1", "name": "一号", "unit": "BS", "kva": "100"}
    assert dispatcher.post(f"{BASE}generators/new/", given).status_code == 302
    sent = {"account": "1001", "need": "100"}
    assert dispatcher.post(f"{BASE}generators/FD1/send/", sent).status_code == 302
    assert dispatcher.post(f"{BASE}generators/FD1/supply/").status_code == 302
    assert dispatcher.post(f"{BASE}generators/FD1/turn/").status_code == 404
    command("generator", "release", "FD1")
    assert EmergencyGenerator.objects.get().state == "FREE"
    assert dispatcher.post(f"{BASE}switch/", {"do": "end", "unit": "BS", "reason": "风停"}).status_code == 302
    assert "恶劣天气" not in clerk.get("/console/cases/intake/").content.decode()


def test_the_board_is_sent_again_only_when_something_changed(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    dispatcher = person("dispatch", Role.DISPATCHER)
    first = dispatcher.get(f"{BASE}part/")
    mark = first.headers["ETag"]
    assert dispatcher.get(f"{BASE}part/", HTTP_IF_NONE_MATCH=mark).status_code == 304
    assert dispatcher.get(f"{BASE}part/?seen={mark.strip(chr(34))}").status_code == 204
    command("on", "--unit", "BS", "--reason", "大风")
    assert dispatcher.get(f"{BASE}part/", HTTP_IF_NONE_MATCH=mark).status_code == 200
    assert command("announcement", "--unit", "BS-W")["text"]
    command("off", "--unit", "BS", "--reason", "风停")
