"""What was told of an outage, on pages and by command: tellings, gaps, calls, and who may what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages import queries
from wandeng.domains.outages.models import ImportantCall, OutageTold
from wandeng.domains.outages.tests import make
from wandeng.flows import outage_notices
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOW + timedelta(hours=1)


def person(code: str, unit: str, role: Role) -> Client:
    now = datetime.now(UTC)
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=now)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=now
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


def test_tellings_gaps_and_calls(settings: object, django_assert_max_num_queries: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    number = make.published()
    dispatcher, east = person("dispatch", "BS", Role.DISPATCHER), person("east", "BS-E", Role.DISPATCHER)
    auditor = person("auditor", "BS", Role.AUDITOR)
    where = f"/console/outages/plans/{number}/notices/"
    assert "还没有告知" in dispatcher.get(where).content.decode()
    outage_notices.tell(number=number, at=LATER)
    for path in (where, "/console/outages/gaps/", "/console/outages/calls/"):
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            assert dispatcher.get(path).status_code == 200, path
    assert east.get(where).status_code == 404
    (gap, *_rest) = queries.telling_view(Scope.everywhere(), number, now=LATER).gaps
    assert gap.account_number in dispatcher.get(where).content.decode()
    hand = {"told": [gap.told_id], "way": "DOOR", "note": "已张贴"}
    assert auditor.post(f"{where}by-hand/", hand).status_code == 403
    assert east.post(f"{where}by-hand/", hand).status_code == 404
    assert dispatcher.post(f"{where}by-hand/", {"way": "DOOR"}).status_code == 422
    assert dispatcher.post(f"{where}by-hand/", hand).status_code == 302
    assert OutageTold.objects.get(pk=gap.told_id).hand_way == "DOOR"
    row = ImportantCall.objects.get()
    call = f"/console/outages/calls/{row.pk}/"
    assert east.post(call, {"confirmed_by": "值班室"}).status_code == 404
    assert dispatcher.post(call, {"confirmed_by": ""}).status_code == 302
    assert dispatcher.post(call, {"confirmed_by": "值班室"}).status_code == 302
    assert dispatcher.post(call, {"confirmed_by": "值班室"}).status_code == 422
    shown = dispatcher.get(where).content.decode()
    assert "值班室" in shown
    assert "停电公告" in shown
    assert dispatcher.get(f"/console/outages/plans/{number}/").status_code == 200
