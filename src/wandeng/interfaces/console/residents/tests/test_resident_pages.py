"""Residents as staff see them: the list, the page of one, the part of the account's page; who may end what."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from wandeng.domains.customers.tests import make
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.residents import actions
from wandeng.domains.residents.models import AccountBinding, ResidentSession, ResidentToken
from wandeng.domains.residents.tests import make as residents
from wandeng.infra import pii
from wandeng.infra.models import Operation
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
PHONE, OTHER = "13800000001", "13900000009"
NOW = datetime.now(UTC)


def person(code: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=NOW)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=NOW
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


@pytest.fixture
def held(settings, tmp_path) -> int:
    settings.HOME = tmp_path
    settings.SECURE_SSL_REDIRECT = False
    make.accounts()
    make.contact("1001", PHONE)
    make.contact("1001", OTHER, is_primary=False)
    own = residents.holding(PHONE, "1001", at=NOW)
    actions.make_token(resident_id=own.resident_id, label="家里", days=30, at=NOW)
    return own.resident_id


def test_staff_find_a_resident_and_end_what_is_lost(held: int, django_assert_max_num_queries) -> None:
    clerk, east = person("clerk", "BS-W", Role.HALL_CLERK), person("east", "BS-E", Role.HALL_CLERK)
    auditor = person("auditor", "BS", Role.AUDITOR)
    found = clerk.get("/console/residents/", {"phone": PHONE}).content.decode()
    assert f'href="/console/residents/{held}/"' in found
    assert "1001" not in clerk.get("/console/residents/", {"phone": OTHER}).content.decode()
    assert f"/console/residents/{held}/" not in east.get("/console/residents/").content.decode()
    page = f"/console/residents/{held}/"
    with django_assert_max_num_queries(15):
        told = clerk.get(page).content.decode()
    for expected in (pii.mask_phone(PHONE), "登录手机是该户联系电话", "家里", "wm_"):
        assert expected in told, expected
    assert PHONE not in told
    assert "end-sessions" not in auditor.get(page).content.decode()
    assert east.get(page).status_code == 404
    assert person("reader", "BS-W", Role.METER_READER).get(page).status_code == 403

    token, binding = ResidentToken.objects.get(), AccountBinding.objects.get()
    verbs = {"end-sessions": {}, "end-token": {"one": token.pk}, "unbind": {"one": binding.pk}}
    for verb, given in verbs.items():
        assert auditor.post(f"{page}do/{verb}/", {"reason": "试", **given}).status_code == 403
        assert east.post(f"{page}do/{verb}/", {"reason": "试", **given}).status_code == 404
        assert clerk.post(f"{page}do/{verb}/", {"reason": " ", **given}).status_code == 422
        assert clerk.post(f"{page}do/{verb}/", {"reason": "手机丢失", **given}).status_code == 302
    assert clerk.post(f"{page}do/other/", {"reason": "试"}).status_code == 404
    assert ResidentSession.objects.get().ended_at is not None
    token.refresh_from_db()
    binding.refresh_from_db()
    assert (token.ended_by, binding.ended_by) == ("clerk", "clerk")
    done = Operation.objects.filter(actor="clerk", reason="手机丢失").values_list("action", flat=True)
    assert set(done) == {"resident.end_sessions", "resident.end_token", "resident.unbind"}


def test_staff_bind_for_whoever_showed_papers(held: int, django_assert_max_num_queries) -> None:
    clerk = person("clerk", "BS-W", Role.HALL_CLERK)
    second = residents.logged_in(OTHER, at=NOW).resident_id
    with django_assert_max_num_queries(15):
        part = clerk.get("/console/customers/account/1001/part/contacts/").content.decode()
    assert f'href="/console/residents/{held}/"' in part
    act = f"/console/residents/{second}/do/bind/"
    assert f'action="{act}"' in part
    wrong = {"account_number": "1002", "reason": "出示证件"}
    assert clerk.post(act, wrong).status_code == 404, "no contact of it, and unknown here"
    assert clerk.post(f"/console/residents/{held}/do/bind/", wrong).status_code == 422, "no contact of it"
    assert clerk.post(act, {"account_number": "1001", "reason": "出示房产证"}).status_code == 302
    bound = AccountBinding.objects.get(resident_id=second)
    assert (bound.proof, bound.bound_by) == ("PAPERS", "clerk")
    part = clerk.get("/console/customers/account/1001/part/contacts/").content.decode()
    assert act not in part
    assert "向工作人员出示证件" in part
    reader = person("reader", "BS-W", Role.METER_READER)
    assert "自助用户" not in reader.get("/console/customers/account/1001/part/contacts/").content.decode()
